import { randomUUID } from 'node:crypto';
import type { StaffId } from '@openvtm/protocol';
import { expect, test } from 'vitest';
import { microphoneParameters } from '../media/lab/parameters.ts';
import { startLab, type Lab } from './lab/index.ts';
import { secondTab } from './lab/kiosk.ts';
import { startCall } from './lab/stories.ts';

const person = (lab: Lab, username: string, set: string, value: unknown) =>
  lab.database.pool.query(`update staff.account set ${set} = $2 where username = $1`, [username, value]);
async function oneCall() {
  const lab = await startLab();
  const kiosk = await lab.kiosk();
  const agent = await lab.readyAgent('li.na');
  return { lab, kiosk, agent, ...(await startCall({ kiosk, agent })) };
}

test('a supervisor who is no agent listens and joins, and takes nothing over', async () => {
  const { lab, kiosk, agent, callId } = await oneCall();
  await person(lab, 'chen.jing', 'roles', ['supervisor']);
  const supervisor = await lab.staff('chen.jing');
  await supervisor.must('call:attend', { callId, mode: 'listening', reason: 'training' });
  const answer = await supervisor.ask('call:take-over', { callId, reason: 'complaint' });
  expect(answer).toMatchObject({ ok: false, error: { code: 'not-allowed' } });
  expect(agent.shown.call?.callId).toBe(callId);
  expect(kiosk.shown.call?.participants.map(({ name }) => name)).toContain('李娜');
  expect((await lab.journal({ kind: 'access.refused' })).map(({ data }) => data['request'])).toEqual([
    'call:take-over',
  ]);
});

test('branch staff neither see nor join the calls of another branch, nor do they take any over', async () => {
  const { lab, kiosk, callId } = await oneCall();
  await person(lab, 'zhang.min', 'branch_id', randomUUID());
  const stranger = await lab.staff('zhang.min');
  expect((await stranger.must('call:running', {})).calls).toEqual([]);
  for (const mode of ['joined', 'listening', 'whispering'] as const) {
    const answer = await stranger.ask('call:attend', { callId, mode, reason: 'customer asked' });
    expect([mode, answer]).toMatchObject([mode, { ok: false, error: { code: 'not-found' } }]);
  }
  const taken = await stranger.say('call:take-over', { callId, reason: 'complaint' }, { id: randomUUID() });
  expect(taken).toMatchObject({ ok: false, error: { code: 'bad-request' } });
  expect(kiosk.shown.call?.participants).toHaveLength(2);
});

test('two supervisors take over at once: one has the call, the other hears so and is as before', async () => {
  const { lab, kiosk, agent, callId } = await oneCall();
  await person(lab, 'wang.wei', 'roles', ['supervisor', 'agent']);
  const two = [await lab.staff('chen.jing'), await lab.readyAgent('wang.wei')] as const;
  const answers = await Promise.all(two.map((one) => one.ask('call:take-over', { callId, reason: 'complaint' })));
  expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
  expect(answers.find(({ ok }) => !ok)).toMatchObject({ error: { code: 'wrong-state' } });
  const [winner, loser] = answers[0]?.ok ? two : [two[1], two[0]];
  await winner.until(({ agent: state, call }) => state?.at === 'in-call' && call?.callId === callId);
  await agent.until(({ agent: state, call }) => state?.at === 'ready' && call === null);
  await kiosk.until(({ call }) => call?.participants.length === 2);
  expect([loser.shown.call, loser.shown.attending]).toEqual([null, []]);
  expect(await lab.journal({ kind: 'call.lead-passed' })).toHaveLength(1);
  const { rows } = await lab.database.pool.query(`select staff_id from queue.agent where state = 'in-call'`);
  expect(rows).toEqual([{ staff_id: winner.staffId }]);
  await winner.must('call:end', { callId });
});

test('a call is passed on and taken over at once: one of them, and nobody is left in a call that is another’s', async () => {
  const { lab, agent, callId } = await oneCall();
  const heir = await lab.readyAgent('wang.wei');
  const supervisor = await lab.staff('chen.jing');
  const heirId = heir.staffId as StaffId;
  const { invitationId } = await agent.must('call:invite', { callId, to: heirId, note: '' });
  await heir.must('call:answer-invitation', { invitationId, comes: true });
  const [passed, taken] = await Promise.all([
    agent.ask('call:pass-lead', { callId, to: heirId }),
    supervisor.ask('call:take-over', { callId, reason: 'complaint' }),
  ]);
  expect([passed.ok, taken.ok].filter(Boolean)).toHaveLength(1);
  const { rows } = await lab.database.pool.query(
    `select a.staff_id, c.staff_id as leads from queue.agent a, calls.call c where a.state in ('in-call', 'hold')`,
  );
  expect(rows).toEqual([
    passed.ok
      ? { staff_id: heir.staffId, leads: heir.staffId }
      : { staff_id: supervisor.staffId, leads: supervisor.staffId },
  ]);
});

test('the lead is not passed to somebody whose line is down, and it is where it was', async () => {
  const { lab, kiosk, agent, callId } = await oneCall();
  const heir = await lab.readyAgent('wang.wei');
  const heirId = heir.staffId as StaffId;
  const { invitationId } = await agent.must('call:invite', { callId, to: heirId, note: '' });
  await heir.must('call:answer-invitation', { invitationId, comes: true });
  heir.leave();
  await agent.until(({ call }) => call?.participants.some(({ role, here }) => role === 'expert' && !here));
  const pass = () => agent.ask('call:pass-lead', { callId, to: heirId });
  expect(await pass()).toMatchObject({ ok: false, error: { code: 'wrong-state' } });
  expect([agent.shown.agent?.at, kiosk.shown.call?.participants.find(({ role }) => role === 'agent')?.name]).toEqual([
    'in-call',
    '李娜',
  ]);
  await heir.open();
  expect(await pass()).toMatchObject({ ok: true });
});

test('a kiosk opened in a second tab during a call: the newest wins, the older is told, the call goes on with one set of media', async () => {
  const { lab, kiosk, agent, callId } = await oneCall();
  const media = async () => {
    const { transports, producers } = await lab.app.parts.media.count();
    return { transports, producers };
  };
  for (const line of [kiosk, agent]) {
    await line.must('media:join', {});
    await line.must('media:produce', microphoneParameters());
  }
  expect(await media()).toEqual({ transports: 4, producers: 2 });
  const tab = secondTab(kiosk, lab.url);
  await tab.open();
  await kiosk.until(() => kiosk.closing === 'replaced');
  expect(tab.shown.call).toMatchObject({ callId, participants: [{ here: true }, { here: true }] });
  // The older page's sound is gone as soon as the newer one has its own.
  await tab.must('media:join', {});
  expect(await media()).toEqual({ transports: 4, producers: 1 });
  await tab.must('media:produce', microphoneParameters());
  expect(await media()).toEqual({ transports: 4, producers: 2 });
  expect(agent.shown.call?.participants.every(({ here }) => here)).toBe(true);
  await tab.must('call:end', { callId });
  await agent.until(({ agent: state }) => state?.at === 'wrap-up');
  expect(await lab.journal({ kind: 'call.participant-lost' })).toEqual([]);
  tab.leave();
  expect(tab.faults).toEqual([]);
});
