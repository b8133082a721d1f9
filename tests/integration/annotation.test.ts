import { randomUUID } from 'node:crypto';
import { MAX_MARKS, MAX_SPOTS, type AnnotationId, type Mark } from '@openvtm/protocol';
import { expect, test } from 'vitest';
import { startLab } from './lab/index.ts';
import type { LabKiosk } from './lab/kiosk.ts';
import { jpeg } from './lab/pictures.ts';
import type { LabStaff } from './lab/staff.ts';
import { askDocument, finishCall, startCall } from './lab/stories.ts';

const CIRCLE: Mark = {
  shape: 'line',
  spots: [
    [100, 100],
    [900, 100],
    [900, 900],
    [100, 900],
  ],
};
const LABEL: Mark = { shape: 'label', at: [5000, 5000], text: '请在此签名 Sign here' };
const newId = () => randomUUID() as AnnotationId;

/** A call with a captured page that is shown to the customer. */
async function pageShown() {
  const lab = await startLab();
  const kiosk = await lab.kiosk();
  const agent = await lab.readyAgent('li.na');
  const { caseId, callId } = await startCall({ kiosk, agent });
  const documentId = await askDocument({ kiosk, agent }, caseId);
  expect((await kiosk.upload(documentId, await jpeg())).status).toBe(201);
  await agent.until(({ documents }) => documents[0]?.state.at === 'captured');
  const page = { documentId, number: 1 };
  await agent.must('annotation:show', { caseId, page });
  await kiosk.until(({ annotations }) => annotations.shown?.documentId === documentId);
  const add = (who: LabKiosk | LabStaff, mark: Mark = CIRCLE, annotationId = newId()) =>
    who.ask('annotation:add', { ...page, annotationId, mark });
  return { lab, kiosk, agent, caseId, callId, page, add };
}
const marksOf = ({ shown }: LabKiosk | LabStaff) => shown.annotations.layers[0]?.marks ?? [];
const codeOf = (answer: { ok: boolean; error?: { code: string } }) => (answer.ok ? 'ok' : answer.error?.code);

test('each sees what the other marks, and both again after a reload and a restart; the database has it sealed', async () => {
  const { lab, kiosk, agent, page, add } = await pageShown();
  const annotationId = newId();
  expect(codeOf(await add(agent, LABEL, annotationId))).toBe('ok');
  expect(codeOf(await add(agent, LABEL, annotationId))).toBe('ok');
  await kiosk.until(() => marksOf(kiosk).length === 1);
  expect(marksOf(kiosk)).toEqual([{ annotationId, by: 'agent', mark: LABEL }]);
  expect(codeOf(await add(kiosk))).toBe('ok');
  await agent.until(() => marksOf(agent).length === 2);
  expect(marksOf(agent)[1]).toMatchObject({ by: 'customer', mark: CIRCLE });

  await lab.lose(kiosk);
  await kiosk.open();
  expect(kiosk.shown.annotations.shown).toEqual(page);
  expect(marksOf(kiosk)).toHaveLength(2);
  await lab.restart();
  await agent.open();
  await kiosk.open();
  expect(marksOf(agent)).toHaveLength(2);

  const { rows } = await lab.database.pool.query('select mark from annotations.mark');
  expect(rows).toHaveLength(2);
  expect(rows.map(({ mark }) => String(mark)).join('')).not.toMatch(/shape|签名|Sign/);
  const journal = JSON.stringify(await lab.journal({ kind: 'annotation' }));
  expect(journal).toContain('annotation.added');
  expect(journal + lab.log.join('')).not.toMatch(/签名|Sign here|spots/);
});

test('a line is seen while it is drawn, by the other side alone, and kept nowhere until it is done', async () => {
  const { lab, kiosk, agent, page, add } = await pageShown();
  const annotationId = newId();
  await kiosk.must('annotation:draw', { ...page, annotationId, mark: CIRCLE });
  expect(await agent.until(({ drawing }) => drawing)).toEqual({ ...page, annotationId, by: 'customer', mark: CIRCLE });
  expect(kiosk.shown.drawing).toBeNull();
  expect((await lab.database.pool.query('select * from annotations.mark')).rows).toEqual([]);
  await add(kiosk, CIRCLE, annotationId);
  await agent.until(({ drawing }) => drawing === null && marksOf(agent).length === 1);
  await agent.must('annotation:draw', { ...page, annotationId: newId(), mark: CIRCLE });
  await kiosk.until(({ drawing }) => drawing?.by === 'agent');
  await agent.must('annotation:draw', { ...page, annotationId: newId(), mark: null });
  await kiosk.until(({ drawing }) => drawing === null);
});

test('each takes back its own; the agent clears all, the customer the own', async () => {
  const { kiosk, agent, page, add } = await pageShown();
  for (const who of [agent, kiosk, agent, kiosk]) await add(who);
  const sides = () => marksOf(agent).map(({ by }) => by);
  await agent.until(() => sides().length === 4);
  await agent.must('annotation:undo', page);
  await agent.until(() => sides().length === 3);
  expect(sides()).toEqual(['agent', 'customer', 'customer']);
  await kiosk.must('annotation:clear', page);
  await agent.until(() => sides().length === 1);
  expect(sides()).toEqual(['agent']);
  await kiosk.must('annotation:undo', page);
  await add(kiosk);
  await agent.must('annotation:clear', page);
  await kiosk.until(() => marksOf(kiosk).length === 0);
});

test('marks are bounded: in spots by the protocol, in number with an error of its own, also in a race', async () => {
  const { lab, kiosk, agent, page, add } = await pageShown();
  const spots = Array.from({ length: MAX_SPOTS + 1 }, (_, i): [number, number] => [i, i]);
  const tooLong = await agent.say(
    'annotation:add',
    {
      ...page,
      annotationId: newId(),
      mark: { shape: 'line', spots },
    },
    { id: randomUUID() },
  );
  expect(codeOf(tooLong)).toBe('bad-request');
  expect(codeOf(await add(kiosk, LABEL))).toBe('not-allowed');
  for (let i = 0; i < MAX_MARKS.page - 1; i += 1) expect(codeOf(await add(agent))).toBe('ok');
  const codes = (await Promise.all([add(agent), add(kiosk), add(kiosk)])).map(codeOf);
  expect(['ok', 'too-many-marks'].map((code) => codes.filter((one) => one === code).length)).toEqual([1, 2]);
  const { rows } = await lab.database.pool.query('select count(*)::int as n from annotations.mark');
  expect(rows).toEqual([{ n: MAX_MARKS.page }]);
});

test('who is not in the call, and a page that is not shown, are refused; the page goes with the call', async () => {
  const { lab, kiosk, agent, caseId, callId, page, add } = await pageShown();
  await add(agent);
  const otherKiosk = await lab.kiosk(2);
  const other = await lab.readyAgent('wang.wei');
  expect(codeOf(await add(other))).toBe('not-found');
  expect(codeOf(await add(otherKiosk))).toBe('not-found');
  expect(codeOf(await other.ask('annotation:show', { caseId, page }))).toBe('not-found');
  await startCall({ kiosk: otherKiosk, agent: other });
  expect(codeOf(await add(other))).toBe('not-found');
  expect(codeOf(await otherKiosk.ask('annotation:draw', { ...page, annotationId: newId(), mark: CIRCLE }))).toBe(
    'wrong-state',
  );
  expect(other.shown.annotations.layers).toEqual([]);
  expect(codeOf(await agent.ask('annotation:show', { caseId, page: { ...page, number: 2 } }))).toBe('not-found');

  await agent.must('annotation:show', { caseId, page: null });
  await kiosk.until(({ annotations }) => annotations.shown === null && annotations.layers.length === 0);
  expect(codeOf(await add(kiosk))).toBe('wrong-state');
  expect(codeOf(await add(agent))).toBe('ok');
  await agent.must('annotation:show', { caseId, page });
  await kiosk.until(({ annotations }) => annotations.shown !== null);
  await finishCall(agent, callId);
  await kiosk.until(({ annotations, call }) => call === null && annotations.shown === null);
  await agent.until(({ annotations }) => annotations.layers.length === 0);
});
