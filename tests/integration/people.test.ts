import { setTimeout as pause } from 'node:timers/promises';
import { INVITATION_MS, SUPERVISION_MS, type CallId, type StaffId, type StaffSnapshot } from '@openvtm/protocol';
import { expect, test } from 'vitest';
import { startLab } from './lab/index.ts';
import { joinQueue, ringing, startCall } from './lab/stories.ts';
import type { LabStaff } from './lab/staff.ts';

/** A customer and 李娜 in a call; 王伟 is ready beside them, 陈静 supervises and 张敏 is at the branch. */
async function inCall() {
  const lab = await startLab();
  const kiosk = await lab.kiosk();
  const agent = await lab.readyAgent('li.na');
  const { callId, caseId } = await startCall({ kiosk, agent });
  const colleague = await lab.readyAgent('wang.wei');
  return { lab, kiosk, agent, colleague, callId, caseId };
}
const idOf = (one: LabStaff) => one.staffId as StaffId;
const refused = async (job: Promise<unknown>, code: string) =>
  expect(
    await job.then(
      () => 'ok',
      (error: Error) => error.message,
    ),
  ).toContain(code);
const present = (shown: StaffSnapshot, callId: CallId) =>
  [shown.call, ...shown.attending]
    .find((call) => call?.callId === callId)
    ?.participants.map(({ role, mode }) => `${role} ${mode}`);

async function invited({ agent, colleague, callId }: Awaited<ReturnType<typeof inCall>>) {
  const { invitationId } = await agent.must('call:invite', { callId, to: idOf(colleague), note: 'Please look' });
  await colleague.until(({ invitations }) => invitations.some((one) => one.invitationId === invitationId));
  return invitationId;
}

test('the customer is put on hold and taken out of it, and every screen says so; so does the agent’s state', async () => {
  const { kiosk, agent, callId, lab } = await inCall();
  await agent.must('call:hold', { callId });
  await kiosk.until(({ call }) => call?.held);
  await agent.until(({ call, agent: state }) => call?.held && state?.at === 'hold');
  // Over a restart of the server it stays so.
  await lab.restart();
  await Promise.all([kiosk, agent].map((one) => one.open()));
  expect([kiosk.shown.call?.held !== null, agent.shown.agent?.at]).toEqual([true, 'hold']);
  await agent.must('call:resume', { callId });
  await agent.until(({ call, agent: state }) => call?.held === null && state?.at === 'in-call');
  await kiosk.until(({ call }) => call?.held === null);
  await agent.must('call:hold', { callId });
  await kiosk.must('call:end', { callId });
  await agent.until(({ agent: state }) => state?.at === 'wrap-up');
  expect(
    (await lab.journal({ about: callId })).map(({ kind }) => kind).filter((kind) => /held|resumed/.test(kind)),
  ).toEqual(['call.held', 'call.resumed', 'call.held']);
});

test('a colleague is asked, comes, is busy helping, takes the lead over, and the first one goes', async () => {
  const story = await inCall();
  const { kiosk, agent, colleague, callId, caseId } = story;
  expect((await agent.must('call:colleagues', { callId })).colleagues).toMatchObject([{ name: '王伟' }]);
  const invitationId = await invited(story);
  expect(colleague.shown.invitations[0]).toMatchObject({ from: '李娜', kind: 'expert', note: 'Please look' });
  await agent.must('call:hold', { callId });
  await colleague.must('call:answer-invitation', { invitationId, comes: true });
  await colleague.until(({ agent: state, case: desk }) => state?.at === 'helping' && desk?.caseId === caseId);
  await agent.until((shown) => present(shown, callId)?.includes('expert joined'));
  expect(colleague.shown.invitations).toEqual([]);
  // Who helps works on nothing.
  await refused(colleague.must('case:tick', { caseId, step: 'greet', done: true }), 'not-found');
  await refused(colleague.must('call:end', { callId }), 'not-found');
  await agent.must('call:pass-lead', { callId, to: idOf(colleague) });
  await kiosk.until(
    ({ call }) => call?.held === null && call.participants.find(({ role }) => role === 'agent')?.name === '王伟',
  );
  await colleague.until(({ agent: state, call }) => state?.at === 'in-call' && call?.callId === callId);
  await agent.until(({ agent: state, attending }) => state?.at === 'helping' && attending[0]?.callId === callId);
  await agent.must('call:leave', { callId });
  await agent.until(
    ({ agent: state, attending, case: desk }) => state?.at === 'ready' && attending.length === 0 && desk === null,
  );
  await kiosk.until(({ call }) => call?.participants.length === 2);
  await colleague.must('call:end', { callId });
  await colleague.until(({ agent: state }) => state?.at === 'wrap-up');
});

test('an invitation that nobody answers, that is declined, or taken back comes to nothing, and says which', async () => {
  const story = await inCall();
  const { lab, agent, colleague, callId } = story;
  const declined = await invited(story);
  await colleague.must('call:answer-invitation', { invitationId: declined, comes: false });
  await agent.until(({ call }) => call?.invitations.some(({ state }) => state === 'declined'));
  const late = await invited(story);
  lab.clock.jump(INVITATION_MS);
  await agent.until(({ call }) =>
    call?.invitations.some(({ invitationId, state }) => invitationId === late && state === 'expired'),
  );
  await colleague.until(({ invitations }) => invitations.length === 0);
  await refused(colleague.must('call:answer-invitation', { invitationId: late, comes: true }), 'expired');
  const withdrawn = await invited(story);
  await agent.must('call:withdraw-invitation', { invitationId: withdrawn });
  await colleague.until(({ invitations }) => invitations.length === 0);
  await refused(agent.must('call:invite', { callId, to: idOf(agent), note: '' }), 'wrong-state');
  await colleague.must('queue:break', { reason: 'meal' });
  await refused(agent.must('call:invite', { callId, to: idOf(colleague), note: '' }), 'wrong-state');
  expect(colleague.shown.invitations).toEqual([]);
});

test('whoever comes in while their line goes down is shown as away, at whatever moment it went', async () => {
  const { lab, agent, callId } = await inCall();
  const supervisor = await lab.staff('chen.jing');
  const attend = { callId, mode: 'joined', reason: 'training' } as const;
  let came = 0;
  for (let ms = 0; ms < 12; ms += 1) {
    const asked = supervisor.ask('call:attend', attend).catch(() => null);
    await pause(ms);
    supervisor.leave();
    await asked;
    // What was under way on the server is done by then.
    await pause(200);
    const shown = await agent.until(({ call }) => call);
    const stays = shown.participants.find(({ role }) => role === 'supervisor');
    expect([ms, stays?.here ?? false]).toEqual([ms, false]);
    came += stays ? 1 : 0;
    await supervisor.open();
    if (stays) await supervisor.must('call:leave', { callId });
    await agent.until(({ call }) => !call?.participants.some(({ role }) => role === 'supervisor'));
  }
  expect(came).toBeGreaterThan(0);
});

test('a call for help reaches every supervisor, who joins; the end of the call sends them home', async () => {
  const { lab, kiosk, agent, callId } = await inCall();
  const supervisor = await lab.staff('chen.jing');
  const { invitationId } = await agent.must('call:invite', { callId, to: null, note: '' });
  await supervisor.until(({ invitations }) => invitations[0]?.kind === 'help');
  expect((await supervisor.must('call:running', {})).calls).toMatchObject([
    { callId, agent: '李娜', helpSince: expect.any(Number) as number },
  ]);
  await supervisor.must('call:answer-invitation', { invitationId, comes: true });
  await kiosk.until(({ call }) =>
    call?.participants.some(({ role, name }) => role === 'supervisor' && name === '陈静'),
  );
  await agent.must('call:end', { callId });
  await supervisor.until(({ attending, case: desk }) => attending.length === 0 && desk === null);
});

test('a supervisor listens unseen by the kiosk, whispers, takes over; whose call it was is ready', async () => {
  const { lab, kiosk, agent, callId } = await inCall();
  const supervisor = await lab.staff('chen.jing');
  const attend = (mode: 'listening' | 'whispering') =>
    supervisor.must('call:attend', { callId, mode, reason: 'training' });
  await agent.must('call:invite', { callId, to: null, note: '' });
  await attend('listening');
  await agent.until((shown) => present(shown, callId)?.includes('supervisor listening'));
  expect(agent.shown.call?.invitations).toHaveLength(1);
  await attend('whispering');
  // Who whispers has come: the agent asks no more.
  await agent.until(
    (shown) => present(shown, callId)?.includes('supervisor whispering') && shown.call?.invitations.length === 0,
  );
  expect(kiosk.shown.call?.participants.map(({ role }) => role)).toEqual(['customer', 'agent']);
  lab.clock.jump(SUPERVISION_MS);
  await supervisor.until(({ attending }) => attending.length === 0);
  await supervisor.must('call:take-over', { callId, reason: 'complaint' });
  await supervisor.until(({ agent: state, call }) => state?.at === 'in-call' && call?.callId === callId);
  await agent.until(({ agent: state, call, case: desk }) => state?.at === 'ready' && call === null && desk === null);
  await kiosk.until(({ call }) => call?.participants.find(({ role }) => role === 'agent')?.name === '陈静');
  await refused(supervisor.must('call:take-over', { callId, reason: 'again' }), 'wrong-state');
});

test('branch staff join at their own branch, seen and heard, and in no other way', async () => {
  const { lab, kiosk, callId } = await inCall();
  const branch = await lab.staff('zhang.min');
  expect((await branch.must('call:running', {})).calls).toMatchObject([{ callId }]);
  await refused(branch.must('call:attend', { callId, mode: 'listening', reason: 'to look' }), 'not-allowed');
  await branch.must('call:attend', { callId, mode: 'joined', reason: 'customer asked' });
  await kiosk.until(({ call }) => call?.participants.some(({ role }) => role === 'branch-staff'));
  await branch.until(({ case: desk }) => desk !== null);
  await branch.must('call:leave', { callId });
  await kiosk.until(({ call }) => call?.participants.length === 2);
});

test('who helps and loses the line comes back to the call, or is out of it after 90 s', async () => {
  const story = await inCall();
  const { lab, agent, colleague } = story;
  const invitationId = await invited(story);
  await colleague.must('call:answer-invitation', { invitationId, comes: true });
  await colleague.until(({ attending }) => attending.length === 1);
  colleague.leave();
  await agent.until(({ call }) => call?.participants.some(({ role, here }) => role === 'expert' && !here));
  await colleague.open();
  expect(colleague.shown.attending).toHaveLength(1);
  await agent.until(({ call }) => call?.participants.some(({ role, here }) => role === 'expert' && here));
  colleague.leave();
  await agent.until(({ call }) => call?.participants.some(({ role, here }) => role === 'expert' && !here));
  lab.clock.jump(90_000);
  await agent.until(({ call }) => call?.participants.length === 2);
});

test('hold and passing the lead at once end in one order or the other, never in both halves', async () => {
  const story = await inCall();
  const { kiosk, agent, colleague, callId } = story;
  const invitationId = await invited(story);
  await colleague.must('call:answer-invitation', { invitationId, comes: true });
  await agent.until(({ call }) => call?.participants.length === 3);
  const [held, passed] = await Promise.allSettled([
    agent.must('call:hold', { callId }),
    agent.must('call:pass-lead', { callId, to: idOf(colleague) }),
  ]);
  expect(passed.status).toBe('fulfilled');
  expect(['fulfilled', 'rejected']).toContain(held.status);
  await colleague.until(({ agent: state }) => state?.at === 'in-call');
  await kiosk.until(({ call }) => call?.held === null);
});

test('a customer who is passed on waits on with the time waited, is offered to the colleague first, and the note comes along', async () => {
  const story = await inCall();
  const { kiosk, agent, colleague, callId, caseId } = story;
  const transfer = (staffId: StaffId) =>
    agent.must('call:transfer', { callId, to: { is: 'agent', staffId }, note: "O'Neil asks about fees" });
  await refused(transfer(idOf(agent)), 'wrong-state');
  await transfer(idOf(colleague));
  await agent.until(({ agent: state, call }) => state?.at === 'wrap-up' && call === null);
  await kiosk.until(({ call, case: one, ticket }) => call === null && one?.at === 'waiting' && ticket?.passedOn);
  const offer = await colleague.until(({ agent: state }) => state?.at === 'offered' && state.offer);
  expect(offer.passedOn).toEqual({ by: '李娜', note: "O'Neil asks about fees" });
  await colleague.must('call:accept', { offerId: offer.offerId });
  const call = await colleague.until(({ call: running }) => running);
  expect([call.caseId, call.passedOn?.by]).toEqual([caseId, '李娜']);
  const shown = await kiosk.until(({ case: one, call: running }) => one?.at === 'serving' && running);
  expect(shown.passedOn).toBeNull();
});

test('who listens to two calls and leaves one is not ready before the other is left, and whoever is rung attends none', async () => {
  const { lab, callId } = await inCall();
  const second = await lab.kiosk(2);
  const other = await lab.readyAgent('emma.brown');
  const two = await startCall({ kiosk: second, agent: other }, { language: 'en' });
  const supervisor = await lab.readyAgent('chen.jing');
  const listen = (id: CallId) => supervisor.must('call:attend', { callId: id, mode: 'listening', reason: 'training' });
  await listen(callId);
  await listen(two.callId);
  await supervisor.until(({ agent: state, attending }) => state?.at === 'helping' && attending.length === 2);
  for (const leaves of [callId, two.callId]) {
    await refused(supervisor.must('queue:ready', {}), 'wrong-state');
    await supervisor.must('call:leave', { callId: leaves });
  }
  await supervisor.until(({ agent: state, attending }) => state?.at === 'ready' && attending.length === 0);
  await other.must('call:end', { callId: two.callId });
  await supervisor.must('call:take-over', { callId, reason: 'complaint' });
  await supervisor.must('call:end', { callId });
  await supervisor.until(({ agent: state }) => state?.at === 'wrap-up');
  await refused(listen(callId), 'wrong-state');
  expect(supervisor.shown.attending).toEqual([]);
});

test('a supervisor off duty who takes a call over is an agent like any other after it, and is rung', async () => {
  const { lab, kiosk, agent, colleague, callId } = await inCall();
  const supervisor = await lab.staff('chen.jing');
  await supervisor.must('call:take-over', { callId, reason: 'complaint' });
  for (const one of [agent, colleague]) {
    await one.until(({ agent: state }) => state?.at === 'ready');
    await one.must('queue:break', { reason: 'meal' });
  }
  await supervisor.must('call:end', { callId });
  await supervisor.must('queue:wrap-up', { callId, outcome: 'complete', note: '', then: 'ready' });
  await kiosk.until(({ case: one }) => one?.at !== 'serving');
  const customer = await lab.kiosk(2);
  await joinQueue(customer);
  expect((await ringing(supervisor)).kiosk.name).toContain('2');
  await refused(supervisor.must('call:attend', { callId, mode: 'listening', reason: 'training' }), 'wrong-state');
});
