import { expect, test } from 'vitest';
import { clockTo } from './lab/appointments.ts';
import { startLab } from './lab/index.ts';
import { jpeg, pixelsIn, sizeOf } from './lab/pictures.ts';
import { askDocument, finishCall, startCall } from './lab/stories.ts';

/** The lower right quarter. */
const AREA = { x: 5000, y: 5000, width: 5000, height: 5000 };
const INSIDE = { left: 176, top: 116, width: 128, height: 72 };
const minute = 60_000;
const WHOLE = { left: 0, top: 0, width: 320, height: 200 };

/** Midnight to come, of the clock that is stamped (UTC): from 23:59 to 00:00 nearly every digit changes. */
const DAY = 24 * 60 * minute;
const NIGHT = Math.ceil((Date.now() + 5 * minute) / DAY) * DAY;

async function helped({ from }: { from?: number } = {}) {
  const lab = await startLab();
  if (from !== undefined) clockTo(lab, from);
  const kiosk = await lab.kiosk();
  const agent = await lab.readyAgent('li.na');
  const { caseId, callId } = await startCall({ kiosk, agent });
  const documentId = await askDocument({ kiosk, agent }, caseId);
  const picture = await jpeg();
  expect((await kiosk.upload(documentId, picture)).status).toBe(201);
  await agent.until(({ documents }) => documents[0]?.state.at === 'captured');
  const supervisor = await lab.staff('chen.jing');
  await supervisor.must('call:attend', { callId, mode: 'joined', reason: 'quality' });
  await supervisor.until(({ documents }) => documents.length === 1);
  const see = async (who: { token(): Promise<string> }, query = '') =>
    lab.http.send('GET', `/api/documents/${documentId}/pages/1${query}`, { token: await who.token() });
  return { lab, kiosk, agent, supervisor, caseId, callId, documentId, see };
}
/** How far two pictures are apart in a part of them, at most, in steps of a colour. */
const apart = (a: Buffer, b: Buffer) => a.reduce((most, one, i) => Math.max(most, Math.abs(one - (b[i] ?? 0))), 0);
/** Colours in a part of a picture, between darkest and lightest. */
const spread = (pixels: Buffer) => Math.max(...pixels) - Math.min(...pixels);

test('staff get their name and the time in the pixels, each their own; the kiosk gets the picture', async () => {
  const { lab, kiosk, agent, supervisor, see } = await helped({ from: NIGHT - 2 * minute });
  // Early in the last minute of a day: looks that follow each other have the same one, and the next changes most digits.
  clockTo(lab, NIGHT - minute + 5_000);
  const [hers, his, own] = [await see(agent), await see(supervisor), await see(kiosk)];
  for (const answer of [hers, his, own]) {
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(await sizeOf(answer)).toEqual([320, 200]);
  }
  const [a, b, c] = [await pixelsIn(hers, WHOLE), await pixelsIn(his, WHOLE), await pixelsIn(own, WHOLE)];
  expect(apart(a, c)).toBeGreaterThan(40);
  expect(apart(a, b)).toBeGreaterThan(40);
  expect(apart(a, await pixelsIn(await see(agent), WHOLE))).toBe(0);
  // Another minute, another stamp.
  lab.clock.jump(minute);
  expect(apart(a, await pixelsIn(await see(agent), WHOLE))).toBeGreaterThan(40);
});

test('what the agent covers is gone from the pixels of everybody else, in every shape; the picture itself stays', async () => {
  const { kiosk, agent, supervisor, documentId, see } = await helped();
  const before = await pixelsIn(await see(kiosk), WHOLE);
  expect(spread(await pixelsIn(await see(supervisor), INSIDE))).toBeGreaterThan(100);
  await agent.must('document:mask', { documentId, number: 1, areas: [AREA] });
  await supervisor.until(({ documents }) => documents[0]?.pages[0]?.masks.length === 1);

  const masked = await pixelsIn(await see(supervisor), INSIDE);
  // Nothing but the cover and the stamp upon it: both are the same whatever the page shows.
  expect(masked.reduce((sum, one) => sum + one, 0) / masked.length).toBeLessThan(75);
  const small = await see(supervisor, '?shape=thumbnail');
  expect(spread(await pixelsIn(small, INSIDE))).toBeLessThan(25);
  expect((await see(supervisor, '?shape=taken')).status).toBe(200);
  expect(spread(await pixelsIn(await see(supervisor, '?shape=taken'), { ...INSIDE, height: 4 }))).toBeLessThan(160);

  expect(await pixelsIn(await see(kiosk), WHOLE)).toEqual(before);
  expect(spread(await pixelsIn(await see(agent), INSIDE))).toBeGreaterThan(100);
  await agent.must('document:mask', { documentId, number: 1, areas: [] });
  await supervisor.until(({ documents }) => documents[0]?.pages[0]?.masks.length === 0);
  expect(spread(await pixelsIn(await see(supervisor), INSIDE))).toBeGreaterThan(100);
});

test('of a straightened page with covers, the picture as taken is for the agent alone', async () => {
  const { lab, kiosk, agent, supervisor, caseId } = await helped();
  const { documentId } = await agent.must('document:ask', { caseId, kind: 'passport', camera: 'document' });
  const corners = '0.1,0.1,0.9,0.1,0.9,0.9,0.1,0.9';
  expect((await kiosk.upload(documentId, await jpeg(), { query: `?corners=${corners}` })).status).toBe(201);
  await agent.until(({ documents }) => documents[1]?.pages[0]?.straightened);
  await agent.must('document:mask', { documentId, number: 1, areas: [AREA] });
  const taken = async (who: typeof agent) =>
    (await lab.http.send('GET', `/api/documents/${documentId}/pages/1?shape=taken`, { token: await who.token() }))
      .status;
  expect([await taken(agent), await taken(supervisor)]).toEqual([200, 403]);
});

test('only the agent who leads covers; others, other pages and bad areas are refused', async () => {
  const { agent, supervisor, documentId } = await helped();
  const mask = async (who: typeof agent, number: number, areas: (typeof AREA)[]) => {
    const answer = await who.ask('document:mask', { documentId, number, areas });
    return answer.ok ? 'ok' : answer.error.code;
  };
  expect(await mask(supervisor, 1, [AREA])).toBe('not-found');
  expect(await mask(agent, 2, [AREA])).toBe('not-found');
  expect(await mask(agent, 1, [])).toBe('ok');
});

test('every look is listed with who, when and why, for agents of the case, supervisors and inspectors', async () => {
  const { lab, kiosk, agent, supervisor, callId, documentId, see } = await helped();
  await see(agent);
  await see(agent, '?why=compare');
  await agent.must('document:mask', { documentId, number: 1, areas: [AREA] });
  await see(supervisor, '?why=again');
  await see(kiosk);
  await see(supervisor, '?shape=thumbnail');
  expect((await see(agent, '?why=curious')).status).toBe(400);
  const { looks } = await agent.must('document:looks', { documentId });
  expect(looks.map(({ by, page, shape, why, masked }) => [by.kind, by.name, page, shape, why, masked])).toEqual([
    ['kiosk', '一号机 Kiosk 1', 1, 'best', 'shown', false],
    ['staff', '陈静', 1, 'best', 'again', true],
    ['staff', '李娜', 1, 'best', 'compare', false],
    ['staff', '李娜', 1, 'best', 'review', false],
  ]);
  const inspector = await lab.staff('liu.yang');
  expect((await inspector.must('document:looks', { documentId })).looks).toHaveLength(4);
  expect((await supervisor.must('document:looks', { documentId })).looks).toHaveLength(4);
  const other = await lab.readyAgent('wang.wei');
  expect(await other.ask('document:looks', { documentId })).toMatchObject({ error: { code: 'not-found' } });

  // The right to look goes with the case from the desk; what was seen stays in the list.
  await finishCall(agent, callId);
  expect((await see(agent)).status).toBe(404);
  expect((await see(supervisor)).status).toBe(404);
  expect(await agent.ask('document:looks', { documentId })).toMatchObject({ error: { code: 'not-found' } });
});
