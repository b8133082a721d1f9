import { randomUUID } from 'node:crypto';
import type { In, StaffId } from '@openvtm/protocol';
import { expect, test } from 'vitest';
import { holdCall } from '../../server/src/flows/hold-call.ts';
import { AGENT_ABSENCE_MS } from '../../server/src/modules/queue/absence.ts';
import { startLab } from './lab/index.ts';
import type { LabStaff } from './lab/staff.ts';
import { secondNode } from './lab/second-node.ts';
import { joinQueue, ringing, startCall } from './lab/stories.ts';

type Transfer = In<'call:transfer'>;

/** A customer and 王伟 (service and cards) in a call; 李娜 (accounts, too) and, off duty, 陈静 (wealth, corporate) beside them. */
async function inCall() {
  const lab = await startLab();
  const kiosk = await lab.kiosk();
  const agent = await lab.readyAgent('wang.wei');
  const { callId, caseId } = await startCall({ kiosk, agent });
  const transfer = (to: Transfer['to'], more: Partial<Transfer> = {}) =>
    agent.ask('call:transfer', { callId, to, note: 'Asks about a fund', ...more });
  return { lab, kiosk, agent, callId, caseId, transfer };
}
const backOnDuty = async (agent: LabStaff, callId: In<'call:end'>['callId']) => {
  await agent.must('queue:wrap-up', { callId, outcome: 'complete', note: '', then: 'ready' });
  await agent.until(({ agent: state }) => state?.at === 'ready');
};
const WEALTH = { is: 'skill', skill: 'wealth' } as const;

test('to a skill: only who has it is asked, with the note; place and class are kept, and who passed it on is left in peace', async () => {
  const { lab, kiosk, agent, callId, caseId, transfer } = await inCall();
  const [first] = (await lab.database.pool.query('select joined_at, priority from queue.ticket')).rows;
  const nobodyFits = await lab.readyAgent('li.na');
  const expert = await lab.readyAgent('chen.jing');
  const { skills, queues, anybody } = await agent.must('call:transfer-targets', { callId });
  expect(skills.find(({ id }) => id === 'wealth')).toMatchObject({ onDuty: 1, ready: 1 });
  expect(skills.find(({ id }) => id === 'credit')).toMatchObject({ onDuty: 0 });
  expect(anybody).toEqual({ onDuty: 2, ready: 2 });
  expect(queues.map(({ id }) => id)).toEqual(['corporate', 'personal']);

  lab.clock.jump(60_000);
  expect(await transfer(WEALTH)).toMatchObject({ ok: true });
  await agent.until(({ agent: state, call }) => state?.at === 'wrap-up' && call === null);
  await backOnDuty(agent, callId);
  const shown = await kiosk.until(({ ticket }) => ticket);
  expect([shown.passedOn, shown.passedTo?.en]).toEqual([true, 'Licence to sell wealth products']);
  const offer = await ringing(expert);
  expect(offer.passedOn).toEqual({ by: '王伟', note: 'Asks about a fund' });
  expect(nobodyFits.shown.agent?.at).toBe('ready');
  const tickets = await lab.database.pool.query(
    'select joined_at, priority, hand_back, skills from queue.ticket where case_id = $1 order by made_at desc limit 1',
    [caseId],
  );
  expect(tickets.rows).toEqual([{ ...first, hand_back: true, skills: { service: 1, wealth: 1 } }]);
  // She declines it: it is offered neither to who passed it on nor to who lacks the skill.
  await expert.must('queue:decline', { offerId: offer.offerId, reason: 'conflict-of-interest' });
  lab.clock.jump(45_000);
  const again = await ringing(expert, offer.offerId);
  expect([agent.shown.agent?.at, nobodyFits.shown.agent?.at]).toEqual(['ready', 'ready']);
  await expert.must('call:accept', { offerId: again.offerId });
  await kiosk.until(({ case: one }) => one?.at === 'serving');
});

test('nobody with that skill on duty is said before anything is sent, and sent all the same if wished', async () => {
  const { lab, kiosk, agent, callId, transfer } = await inCall();
  expect(await transfer(WEALTH)).toMatchObject({ ok: false, error: { code: 'nobody-there' } });
  expect(await transfer({ is: 'anybody' })).toMatchObject({ ok: false, error: { code: 'nobody-there' } });
  expect(await transfer({ is: 'skill', skill: 'juggling' })).toMatchObject({ error: { code: 'not-found' } });
  expect(await transfer({ is: 'queue', queueId: 'juggling' })).toMatchObject({ error: { code: 'not-found' } });
  expect(agent.shown.call?.callId).toBe(callId);
  expect(await transfer(WEALTH, { evenIfNobody: true })).toMatchObject({ ok: true });
  await agent.until(({ agent: state }) => state?.at === 'wrap-up');
  await backOnDuty(agent, callId);
  await kiosk.until(({ ticket }) => ticket?.shut?.is === 'nobody' && ticket.choices.length > 0);
  const expert = await lab.readyAgent('chen.jing');
  expect((await ringing(expert)).passedOn?.by).toBe('王伟');
  expect(agent.shown.agent?.at).toBe('ready');
});

test('to a queue: the ticket stands there with its time, and the journal has where it went', async () => {
  const { lab, kiosk, callId, caseId, agent, transfer } = await inCall();
  await lab.readyAgent('li.na').then((one) => one.must('queue:break', { reason: 'meal' }));
  const expert = await lab.readyAgent('chen.jing');
  expect(await transfer({ is: 'queue', queueId: 'corporate' })).toMatchObject({ ok: true });
  const shown = await kiosk.until(({ ticket }) => ticket);
  expect([shown.queue.en, shown.passedTo?.en]).toEqual(['Corporate banking', 'Corporate banking']);
  await expert.must('call:accept', { offerId: (await ringing(expert)).offerId });
  await kiosk.until(({ case: one }) => one?.at === 'serving');
  const joined = (await lab.journal({ kind: 'queue.joined' })).filter(({ about }) => about.caseId === caseId);
  expect(joined.map(({ data }) => data?.['passedTo'] ?? null)).toEqual([null, 'queue:corporate']);
  expect(agent.shown.agent).toMatchObject({ at: 'wrap-up', callId });
});

test('pressed twice, sent again and beside a hold, it is one transfer and one ticket', async () => {
  const { lab, kiosk, agent, callId, caseId } = await inCall();
  await lab.readyAgent('chen.jing');
  const data: Transfer = { callId, to: WEALTH, note: '' };
  const id = randomUUID();
  const answers = await Promise.all([
    agent.ask('call:hold', { callId }),
    agent.ask('call:transfer', data, { id }),
    agent.ask('call:transfer', data, { id }),
    agent.ask('call:transfer', { ...data, to: { is: 'queue', queueId: 'corporate' } }),
    agent.ask('call:resume', { callId }),
  ]);
  expect(answers.slice(1, 3)).toEqual([
    { ok: true, data: {} },
    { ok: true, data: {} },
  ]);
  expect(answers[3]).toMatchObject({ ok: false });
  await kiosk.until(({ call, ticket }) => call === null && ticket?.passedTo);
  const { rows } = await lab.database.pool.query('select state from queue.ticket where case_id = $1 order by made_at', [
    caseId,
  ]);
  expect(rows).toHaveLength(2);
  expect(await lab.journal({ kind: 'call.ended' })).toHaveLength(1);
});

test('who reloads, leaves and comes back keeps the place and the chosen skill', async () => {
  const { lab, kiosk, transfer } = await inCall();
  expect(await transfer(WEALTH, { evenIfNobody: true })).toMatchObject({ ok: true });
  await kiosk.until(({ ticket }) => ticket?.passedTo);
  await lab.lose(kiosk);
  await lab.restart();
  await kiosk.open();
  expect(kiosk.shown.ticket).toMatchObject({ passedOn: true, passedTo: { en: 'Licence to sell wealth products' } });
  const second = await lab.kiosk(2);
  await joinQueue(second);
  const expert = await lab.readyAgent('chen.jing');
  // Ahead of who came later, by the time waited and for having been served already.
  expect((await ringing(expert)).passedOn?.by).toBe('王伟');
});

test('a call that is over has nobody to pass on', async () => {
  const { lab, kiosk, agent, transfer } = await inCall();
  await lab.readyAgent('chen.jing');
  await kiosk.must('call:end', { callId: agent.shown.call!.callId });
  await agent.until(({ agent: state }) => state?.at === 'wrap-up');
  expect(await transfer(WEALTH)).toMatchObject({ error: { code: 'wrong-state' } });
  expect((await lab.database.pool.query('select 1 from queue.ticket')).rows).toHaveLength(1);
});

/** 李娜 is busy with another customer, and 陈静 is ready; 王伟 passes his customer on to 李娜. */
async function passedToBusy() {
  const story = await inCall();
  const { lab, transfer } = story;
  const colleague = await lab.readyAgent('li.na');
  const second = await startCall({ kiosk: await lab.kiosk(2), agent: colleague });
  const third = await lab.readyAgent('chen.jing');
  expect(await transfer({ is: 'agent', staffId: colleague.staffId as StaffId })).toMatchObject({ ok: true });
  await story.kiosk.until(({ ticket }) => ticket?.passedOn);
  return { ...story, colleague, second, third };
}
/** Well before the 15 s for which a customer is held for one colleague are over. */
const AT_ONCE = { withinMs: 5_000 };
const isOffered = ({ agent }: { agent: { at: string } | null }) => agent?.at === 'offered';

test('to a colleague who goes on a break instead of being free: the next one is rung at once, not after 15 s', async () => {
  const { colleague, second, third } = await passedToBusy();
  await colleague.must('call:end', { callId: second.callId });
  await colleague.until(({ agent: state }) => state?.at === 'wrap-up');
  expect(third.shown.agent?.at).toBe('ready');
  await colleague.must('queue:wrap-up', { callId: second.callId, outcome: 'complete', note: '', then: 'break' });
  await third.until(isOffered, AT_ONCE);
});

test('to a colleague who declines, or is rung and gone: the next one is rung as soon as that is known', async () => {
  const { lab, kiosk, transfer } = await inCall();
  const colleague = await lab.readyAgent('li.na');
  expect(await transfer({ is: 'agent', staffId: colleague.staffId as StaffId })).toMatchObject({ ok: true });
  await ringing(colleague);
  const third = await lab.readyAgent('chen.jing');
  await lab.lose(colleague);
  expect(third.shown.agent?.at).toBe('ready');
  lab.clock.jump(AGENT_ABSENCE_MS);
  const offer = await third.until(({ agent: state }) => state?.at === 'offered' && state.offer, AT_ONCE);
  await third.must('queue:decline', { offerId: offer.offerId, reason: 'conflict-of-interest' });
  await colleague.open();
  await colleague.must('queue:ready', {});
  await ringing(colleague);
  expect(kiosk.shown.ticket?.passedOn).toBe(true);
});

test('to a colleague who goes in that very moment: refused, or the next one is rung; held for nobody who is not there', async () => {
  const lab = await startLab();
  const [kiosk, agent, colleague] = [await lab.kiosk(), await lab.readyAgent('wang.wei'), await lab.staff('li.na')];
  const third = await lab.readyAgent('chen.jing');
  const outcomes = new Set<string>();
  for (let round = 0; round < 4; round += 1) {
    await third.must('queue:break', { reason: 'meal' });
    const { callId } = await startCall({ kiosk, agent });
    await third.must('queue:ready', {});
    await colleague.must('queue:ready', {});
    const goes = () =>
      round % 2 === 0 ? colleague.ask('queue:break', { reason: 'meal' }) : colleague.ask('queue:sign-off', {});
    const to = { is: 'agent', staffId: colleague.staffId as StaffId } as const;
    const pass = () => agent.ask('call:transfer', { callId, to, note: '' });
    const [passed, gone] =
      round < 2 ? await Promise.all([pass(), goes()]) : (await Promise.all([goes(), pass()])).toReversed();
    outcomes.add(`${passed?.ok ? 'passed' : 'refused'}, ${gone?.ok ? 'gone' : 'rung'}`);
    if (!passed?.ok) await agent.must('call:end', { callId });
    else {
      const taker = gone?.ok ? third : colleague;
      await taker.until(isOffered, AT_ONCE);
      const { offerId } = await ringing(taker);
      await taker.must('call:accept', { offerId });
      await taker.must('call:end', { callId: (await taker.until(({ call }) => call)).callId });
    }
    for (const one of passed?.ok ? [agent, gone?.ok ? third : colleague] : [agent]) {
      const state = await one.until(({ agent: now }) => now?.at === 'wrap-up' && now);
      await backOnDuty(one, state.callId);
    }
    await kiosk.until(({ call, case: one }) => call === null && one?.at !== 'serving');
  }
  for (const outcome of outcomes) expect(['refused, gone', 'passed, gone', 'passed, rung']).toContain(outcome);
});

test('hold and transfer in two processes at once: the call ends once, one ticket waits, and nobody is on hold', async () => {
  const lab = await startLab();
  const [kiosk, agent] = [await lab.kiosk(), await lab.readyAgent('wang.wei')];
  const elsewhere = secondNode(lab, holdCall(lab.app.parts));
  for (let round = 0; round < 2; round += 1) {
    const { callId, caseId } = await startCall({ kiosk, agent });
    const hold = () => elsewhere(agent.staffId, 'call:hold', { callId });
    const pass = () => agent.ask('call:transfer', { callId, to: WEALTH, note: '', evenIfNobody: true });
    const answers = round % 2 === 0 ? await Promise.all([hold(), pass()]) : await Promise.all([pass(), hold()]);
    const [held, passed] = round % 2 === 0 ? answers : answers.toReversed();
    expect(passed).toMatchObject({ ok: true });
    // Held first and then passed on, or too late.
    expect(held?.ok ? 'held' : held?.error.code).toMatch(/^(held|wrong-state)$/);
    await kiosk.until(({ call, ticket }) => call === null && ticket?.passedTo);
    await agent.until(({ agent: state }) => state?.at === 'wrap-up' && state.callId === callId);
    expect(await lab.journal({ kind: 'call.ended', about: callId })).toHaveLength(1);
    const { rows } = await lab.database.pool.query(
      `select 1 from queue.ticket where case_id = $1 and state in ('waiting', 'offered')`,
      [caseId],
    );
    expect(rows).toHaveLength(1);
    await kiosk.must('queue:leave', { caseId });
    await backOnDuty(agent, callId);
  }
});
