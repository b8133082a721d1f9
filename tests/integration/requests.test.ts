import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { startLab } from './lab/index.ts';
import { joinQueue, startCase, TALK } from './lab/stories.ts';

test('the same request id gets the first answer again, and the change is made once', async () => {
  const lab = await startLab();
  const kiosk = await lab.kiosk();
  const id = randomUUID();
  const wish = { serviceId: TALK, language: 'en', print: 'normal' } as const;
  const first = await kiosk.ask('case:start', wish, { id });
  const again = await kiosk.ask('case:start', wish, { id });
  expect(first.ok).toBe(true);
  expect(again).toEqual(first);
  const [one, two] = await Promise.all([kiosk.ask('case:start', wish, { id }), kiosk.ask('case:start', wish, { id })]);
  expect([one, two]).toEqual([first, first]);
  expect(await lab.journal({ kind: 'case.started' })).toHaveLength(1);
});

test('twenty times at once, with the line lost in between, is once', async () => {
  const lab = await startLab();
  const kiosk = await lab.kiosk();
  const { caseId, ticketId } = await joinQueue(kiosk);
  const id = randomUUID();
  await Promise.allSettled(
    Array.from({ length: 10 }, (_, i) => {
      const sent = kiosk.ask('queue:leave', { caseId }, { id });
      if (i === 9) kiosk.leave();
      return sent;
    }),
  );
  await kiosk.open();
  const answers = await Promise.all(Array.from({ length: 10 }, () => kiosk.ask('queue:leave', { caseId }, { id })));
  expect(answers.every(({ ok }) => ok)).toBe(true);
  const left = await lab.journal({ kind: 'queue.left' });
  expect(left.map(({ about }) => about.ticketId)).toEqual([ticketId]);
});

test('a request id that another caller used, or another request, is refused and changes nothing', async () => {
  const lab = await startLab();
  const [kiosk, other] = [await lab.kiosk(1), await lab.kiosk(2)];
  const id = randomUUID();
  const wish = { serviceId: TALK, language: 'en', print: 'normal' } as const;
  await kiosk.ask('case:start', wish, { id });
  expect(await other.ask('case:start', wish, { id })).toMatchObject({ error: { code: 'bad-request' } });
  expect(await kiosk.ask('help:call', {}, { id })).toMatchObject({ error: { code: 'bad-request' } });
  expect(other.shown.case).toBeNull();
  expect(await lab.journal({ kind: 'help.called' })).toEqual([]);
});

test('a refused request is tried again under its id, and may succeed then', async () => {
  const lab = await startLab();
  const kiosk = await lab.kiosk();
  const caseId = await startCase(kiosk);
  const id = randomUUID();
  expect(await kiosk.ask('queue:leave', { caseId }, { id })).toMatchObject({ error: { code: 'wrong-state' } });
  await kiosk.must('queue:join', { caseId });
  expect(await kiosk.ask('queue:leave', { caseId }, { id })).toEqual({ ok: true, data: {} });
});

test('answers are kept for a day and forgotten then', async () => {
  const lab = await startLab();
  const kiosk = await lab.kiosk();
  await startCase(kiosk);
  const kept = async () => (await lab.database.pool.query('select id from kernel.request')).rowCount;
  expect(await kept()).toBe(2);
  lab.clock.jump(23 * 3_600_000);
  await kiosk.must('help:call', {});
  lab.clock.jump(2 * 3_600_000);
  await expect.poll(kept, { timeout: 10_000 }).toBe(1);
});
