import { join } from 'node:path';
import type { JourneysShown, ServiceId } from '@openvtm/protocol';
import { expect, test } from 'vitest';
import { openJournalKey } from '../../server/src/kernel/journal-key.ts';
import { sealJournal } from '../../server/src/kernel/journal-seal.ts';
import { createBus } from '../../server/src/kernel/bus.ts';
import { createLog } from '../../server/src/kernel/log.ts';
import { createWorks } from '../../server/src/kernel/work.ts';
import { DROPPED_SERVICE, folderWithDroppedService } from '../dropped-service.ts';
import { startLab, type Lab } from './lab/index.ts';
import { LOST_CARD, startCase, startCall } from './lab/stories.ts';

/** The sealer's and the reader's rounds, without waiting for their clocks. */
async function readJournal(lab: Lab): Promise<void> {
  await sealJournal(lab.database, {
    key: await openJournalKey(join(lab.dataDir, 'keys')),
    now: lab.clock.now(),
  });
  const { journeys } = lab.app.parts;
  const works = createWorks({
    database: lab.database,
    bus: createBus(createLog({ level: 'silent' })),
    clock: lab.clock.now,
  });
  while (await works.bySystem((work) => journeys.readOn(work)));
}
async function shownTo(lab: Lab, username: string, query: Record<string, string>): Promise<JourneysShown> {
  const token = await (await lab.staff(username, { line: false })).token();
  return lab.http.json('GET', `/api/journeys?${new URLSearchParams({ from: '0', ...query })}`, { token });
}

test('where people stop is drawn from the journal and from what kiosks tell, without anything of theirs', async () => {
  const lab = await startLab({ servicesDir: folderWithDroppedService() });
  const kiosk = await lab.kiosk();
  const service = DROPPED_SERVICE.id as ServiceId;
  const first = await startCase(kiosk, { service, language: 'en' });
  const fill = (name: string, value: string) => kiosk.must('case:fill', { caseId: first, name, value });
  await fill('goal', 'other');
  await fill('amount', '5000');
  await fill('words', 'a secret trip');
  expect(
    await kiosk.must('journey:tell', {
      caseId: first,
      events: [
        { is: 'problem', field: 'amount', problem: 'too-little', agoMs: 10 },
        { is: 'problem', field: 'nosuchfield', problem: 'missing', agoMs: 10 },
        { is: 'visit', screen: 'form', page: 'goal', ms: 4_000, back: false, agoMs: 10 },
      ],
    }),
  ).toEqual({ kept: 2 });
  await kiosk.must('case:pass', { caseId: first, step: 'form' });
  await kiosk.must('case:back', { caseId: first });
  await kiosk.must('case:pass', { caseId: first, step: 'form' });
  await kiosk.must('case:pass', { caseId: first, step: 'what-it-is' });
  await kiosk.must('case:abandon', { caseId: first, reason: 'cancelled' });
  await startCase(kiosk, { service, language: 'zh-CN' });
  await readJournal(lab);

  const shown = await shownTo(lab, 'admin', { service });
  expect(shown.services).toMatchObject([{ serviceId: service, begun: 2, finished: 0, stopped: 1 }]);
  expect(shown.steps.map(({ node, reached }) => [node, reached])).toEqual([
    ['@consent', 2],
    ['form', 2],
    ['what-it-is', 1],
    ['risk', 1],
  ]);
  expect(shown.steps.find(({ node }) => node === 'risk')).toMatchObject({ stopped: { cancelled: 1 }, here: 0 });
  expect(shown.steps.find(({ node }) => node === 'what-it-is')).toMatchObject({ wentBack: 1 });
  expect(shown.troubles).toMatchObject([{ field: 'amount', problem: 'too-little', journeys: 1, times: 1 }]);
  expect(shown.troubles[0]?.label).not.toBeNull();
  expect(shown.pages).toMatchObject([{ screen: 'form', page: 'goal', visits: 1, medianMs: 4_000 }]);
  expect((await shownTo(lab, 'chen.jing', { service, language: 'en' })).services).toMatchObject([{ begun: 1 }]);
  const { rows } = await lab.database.pool.query(
    `select (select jsonb_agg(j) from journeys.journey j)::text || (select jsonb_agg(e) from journeys.event e)::text as all`,
  );
  expect(JSON.stringify(rows)).not.toMatch(/secret|5000|王/);
});

test('a queue that is left and a call are places of the way too, and the end is finished', async () => {
  const lab = await startLab();
  const kiosk = await lab.kiosk();
  const agent = await lab.readyAgent('li.na');
  const { caseId, callId } = await startCall({ kiosk, agent }, { service: LOST_CARD });
  await agent.must('case:propose', { caseId, summary: 'as said' });
  await kiosk.must('case:confirm', { caseId, agreed: true });
  await agent.must('call:end', { callId });
  await kiosk.until(({ case: one }) => one?.at === 'rating');
  await kiosk.must('case:rate', { caseId, stars: null });
  await readJournal(lab);
  const shown = await shownTo(lab, 'admin', { service: LOST_CARD });
  expect(shown.services).toMatchObject([{ begun: 1, finished: 1, stopped: 0 }]);
  expect(shown.steps.map(({ node }) => node)).toEqual(['@consent', 'form', '@waiting', '@call', '@rating']);
});

test('kiosks tell of their own cases only, in bounds, and the same batch twice counts once', async () => {
  const lab = await startLab();
  const [kiosk, other] = [await lab.kiosk(1), await lab.kiosk(2)];
  const caseId = await startCase(kiosk, { service: LOST_CARD });
  const event = { is: 'problem', field: 'phone', problem: 'missing', agoMs: 0 } as const;
  expect(await other.must('journey:tell', { caseId, events: [event] })).toEqual({ kept: 0 });
  const id = crypto.randomUUID();
  await kiosk.ask('journey:tell', { caseId, events: [event] }, { id });
  await kiosk.ask('journey:tell', { caseId, events: [event] }, { id });
  const many = Array.from({ length: 41 }, () => event);
  expect(await kiosk.ask('journey:tell', { caseId, events: many })).toMatchObject({ error: { code: 'bad-request' } });
  const typed = { ...event, field: '王小明 13800138000' };
  expect(await kiosk.ask('journey:tell', { caseId, events: [typed] })).toMatchObject({
    error: { code: 'bad-request' },
  });
  expect((await shownTo(lab, 'admin', { service: LOST_CARD })).troubles).toMatchObject([{ journeys: 1, times: 1 }]);
});

test('supervisors and administrators see it, nobody else', async () => {
  const lab = await startLab();
  const kiosk = await lab.kiosk(1, { line: false });
  const status = async (token?: string, query = 'from=0') =>
    (await lab.http.send('GET', `/api/journeys?${query}`, token === undefined ? {} : { token })).status;
  const found: Record<string, number> = { nobody: await status(), kiosk: await status(await kiosk.token()) };
  for (const name of ['li.na', 'zhang.min', 'chen.jing', 'zhao.lei', 'liu.yang', 'admin'])
    found[name] = await status(await (await lab.staff(name, { line: false })).token());
  expect(found).toEqual({
    nobody: 401,
    kiosk: 403,
    'li.na': 403,
    'zhang.min': 403,
    'chen.jing': 200,
    'zhao.lei': 403,
    'liu.yang': 403,
    admin: 200,
  });
  const token = await (await lab.staff('admin', { line: false })).token();
  for (const query of ['', 'from=x', 'from=0&device=fridge', 'from=0&service=%00', 'from=-1'])
    expect([query, await status(token, query)]).toEqual([query, 400]);
});
