import { expect, test } from 'vitest';
import { KEPT_MS } from '../../server/src/modules/callbacks/callback-state.ts';
import { MINUTE } from './lab/appointments.ts';
import { startLab, type Lab } from './lab/index.ts';
import type { LabKiosk } from './lab/kiosk.ts';
import { joinQueue, LOST_CARD, ringing, startCase } from './lab/stories.ts';

const PHONE = '13912345678';

/** A customer whom nobody can serve now, and who is called back. */
async function away(lab: Lab, kiosk: LabKiosk) {
  const caseId = await startCase(kiosk, { service: LOST_CARD });
  await kiosk.must('case:fill', { caseId, name: 'fullName', value: "欧阳𠮷 O'Neil" });
  const { ticketId } = await kiosk.must('queue:join', { caseId });
  const { joinedAt } = await kiosk.until(({ ticket }) => ticket?.choices.includes('call-back') && ticket);
  const { code, keptUntil } = await kiosk.must('queue:call-back', { caseId, phone: PHONE });
  await kiosk.until((shown) => shown.case === null && shown.ticket === null);
  return { caseId, ticketId, joinedAt, code, keptUntil };
}
const numbers = async (lab: Lab) =>
  (await lab.database.pool.query<{ state: string; phone: Buffer | null }>('select * from callbacks.call_back')).rows;
const list = async (lab: Lab, staff: Awaited<ReturnType<Lab['staff']>>) =>
  (await staff.must('queue:call-backs', {})).callBacks;

test('who is called back goes away, and comes back with the code to any kiosk of the branch, in the old place', async () => {
  const lab = await startLab();
  const [kiosk, second] = [await lab.kiosk(1), await lab.kiosk(2)];
  const staff = await lab.staff('zhang.min');
  const { caseId, ticketId, joinedAt, code, keptUntil } = await away(lab, kiosk);
  expect(keptUntil - lab.clock.now()).toBeGreaterThan(KEPT_MS - MINUTE);
  expect(await list(lab, staff)).toMatchObject([
    { ticketId, phone: PHONE, service: { en: 'Replace a lost card' }, joinedAt, keptUntil, ahead: 0, reached: null },
  ]);

  // The kiosk is the next customer's, who has come later.
  lab.clock.jump(10 * MINUTE);
  const next = await joinQueue(kiosk, { service: LOST_CARD });
  await staff.must('queue:called-back', { ticketId, reached: true });
  expect(await list(lab, staff)).toMatchObject([{ ticketId, reached: true, calledAt: expect.any(Number) }]);

  lab.clock.jump(20 * MINUTE);
  expect(await second.must('handover:take', { code })).toEqual({ is: 'taken', caseId });
  const back = await second.until(({ case: one }) => one?.caseId === caseId && one.at === 'alone' && one);
  expect(back.values).toMatchObject([{ name: 'fullName', value: "欧阳𠮷 O'Neil" }]);
  expect(await list(lab, staff)).toEqual([]);
  expect(await numbers(lab)).toMatchObject([{ state: 'back', phone: null }]);
  expect(await second.must('queue:join', { caseId })).toEqual({ ticketId });
  expect(await second.until(({ ticket }) => ticket)).toMatchObject({ ticketId, joinedAt, position: 1 });
  await kiosk.until(({ ticket }) => ticket?.position === 2);

  const agent = await lab.readyAgent('li.na');
  await ringing(agent);
  await second.until(({ ticket }) => ticket?.at === 'coming');
  await kiosk.must('queue:leave', { caseId: next.caseId });
  // The time that the place was kept for takes nobody out of the queue.
  lab.clock.jump(KEPT_MS);
  await second.until(({ ticket }) => ticket?.at === 'waiting');
  expect(await lab.journal({ kind: 'callback.expired' })).toEqual([]);
});

test('who does not come back in time is given up: place, case and number', async () => {
  const lab = await startLab();
  const kiosk = await lab.kiosk();
  const { caseId, code } = await away(lab, kiosk);
  lab.clock.jump(KEPT_MS - MINUTE);
  await expect.poll(() => numbers(lab)).toMatchObject([{ state: 'asked' }]);
  lab.clock.jump(2 * MINUTE);
  await expect.poll(() => numbers(lab), { timeout: 10_000 }).toMatchObject([{ state: 'expired', phone: null }]);
  await expect
    .poll(async () => (await lab.journal({ kind: 'case.closed' })).map(({ about }) => about['caseId']))
    .toEqual([caseId]);
  expect((await lab.journal({ about: caseId })).map(({ kind, data }) => [kind, data['reason']])).toEqual(
    expect.arrayContaining([
      ['callback.asked', undefined],
      ['callback.expired', undefined],
      [expect.stringMatching(/^queue\.(left|abandoned)$/), 'call-back-expired'],
      ['case.closed', 'idle'],
    ]),
  );
  expect(await (await lab.kiosk(2)).must('handover:take', { code })).toEqual({ is: 'expired' });
});

test('nobody is called who could be served, and no number is anywhere but sealed', async () => {
  const lab = await startLab();
  const [kiosk, second] = [await lab.kiosk(1), await lab.kiosk(2)];
  const alone = await startCase(kiosk, { service: LOST_CARD });
  const wrongState = { error: { code: 'wrong-state' } };
  expect(await kiosk.ask('queue:call-back', { caseId: alone, phone: PHONE })).toMatchObject(wrongState);
  expect(await second.ask('queue:call-back', { caseId: alone, phone: PHONE })).toMatchObject({
    error: { code: 'not-found' },
  });
  expect(await kiosk.say('queue:call-back', { caseId: alone, phone: 'call me' })).toMatchObject({
    error: { code: 'bad-request' },
  });
  const { ticketId } = await away(lab, second);
  const agent = await lab.readyAgent('li.na');
  await kiosk.must('queue:join', { caseId: alone });
  await kiosk.until(({ ticket }) => ticket && ticket.choices.length === 0);
  expect(await kiosk.ask('queue:call-back', { caseId: alone, phone: PHONE })).toMatchObject(wrongState);
  expect(await agent.say('queue:call-backs', {})).toMatchObject({ error: { code: 'bad-request' } });

  // Another branch's staff see and note nothing.
  const staff = await lab.staff('zhang.min');
  await lab.database.pool.query(`update callbacks.call_back set branch_id = '00000000-0000-4000-8000-0000000000b2'`);
  expect(await list(lab, staff)).toEqual([]);
  expect(await staff.ask('queue:called-back', { ticketId, reached: true })).toMatchObject({
    error: { code: 'not-found' },
  });

  const { rows } = await lab.database.pool.query<{ row: string }>(
    `select row_to_json(t)::text as row from callbacks.call_back t
     union all select row_to_json(t)::text from kernel.journal t union all select row_to_json(t)::text from kernel.request t`,
  );
  const plain = [PHONE, Buffer.from(PHONE).toString('hex')];
  expect(rows.filter(({ row }) => plain.some((form) => row.includes(form)))).toEqual([]);
  expect(lab.log.join('\n')).not.toContain(PHONE);
});

test('the code goes to a phone and on to a kiosk, and a case that is given up there takes the number with it', async () => {
  const lab = await startLab();
  const kiosk = await lab.kiosk();
  const { caseId, ticketId, joinedAt, code } = await away(lab, kiosk);
  const phone = await lab.phone();
  expect(await phone.must('handover:take', { code })).toMatchObject({ is: 'taken' });
  // The customer is away all the same, and still to be called.
  expect(await numbers(lab)).toMatchObject([{ state: 'asked' }]);
  const brought = await phone.must('handover:offer', { caseId, purpose: 'continue' });
  expect(await kiosk.must('handover:take', { code: brought.code })).toMatchObject({ is: 'taken' });
  expect(await kiosk.must('queue:join', { caseId })).toEqual({ ticketId });
  expect(await kiosk.until(({ ticket }) => ticket)).toMatchObject({ joinedAt });

  const again = await kiosk.must('queue:call-back', { caseId, phone: PHONE });
  expect(await phone.must('handover:take', { code: again.code })).toMatchObject({ is: 'taken' });
  await phone.must('case:abandon', { caseId, reason: 'cancelled' });
  lab.clock.jump(2 * MINUTE);
  await expect.poll(() => numbers(lab), { timeout: 10_000 }).toMatchObject([{ state: 'ended', phone: null }]);
});

test('"wait on" is taken from who waits', async () => {
  const lab = await startLab();
  const kiosk = await lab.kiosk();
  const { caseId } = await joinQueue(kiosk);
  expect(await kiosk.must('queue:wait-on', { caseId })).toEqual({});
  const other = await lab.kiosk(2);
  expect(await other.ask('queue:wait-on', { caseId })).toMatchObject({ error: { code: 'not-found' } });
});
