import {
  SUPERVISION_MS,
  type CallId,
  type CallQuality,
  type ParticipantMode,
  type RunningCall,
} from '@openvtm/protocol';
import { expect, test } from 'vitest';
import { startLab, type Lab } from './lab/index.ts';
import type { LabStaff } from './lab/staff.ts';
import { LOST_CARD, startCall } from './lab/stories.ts';

const SENTENCE = {
  'zh-CN': '您与柜员通话时，本行主管可能旁听并提示柜员，以保证服务的质量和安全。',
  en: 'When you talk with a teller, a supervisor of the bank may listen and advise the teller, so that the service is good and safe.',
};

/** A customer and 李娜 in a call, with 陈静, who supervises. */
async function inCall(policy: Partial<Lab['config']['supervision']> = {}) {
  const lab = await startLab({ supervision: { tellAgent: true, tellCustomer: 'consent', ...policy } });
  const kiosk = await lab.kiosk();
  const agent = await lab.readyAgent('li.na');
  const { callId, caseId } = await startCall({ kiosk, agent });
  const boss = await lab.staff('chen.jing');
  const attend = (mode: ParticipantMode, reason: string) => boss.must('call:attend', { callId, mode, reason });
  return { lab, kiosk, agent, boss, callId, caseId, attend };
}
const refused = async (job: Promise<unknown>, code: string) =>
  expect(
    await job.then(
      () => 'ok',
      (error: Error) => error.message,
    ),
  ).toContain(code);
/** How those beside the agent are in the call, as somebody's screen has it. */
const seenBy = ({ shown }: LabStaff, callId: CallId) =>
  [shown.call, ...shown.attending]
    .find((call) => call?.callId === callId)
    ?.participants.flatMap(({ role, mode }) => (role === 'customer' || role === 'agent' ? [] : [`${role} ${mode}`]));
const runningOf = async (one: LabStaff, callId: CallId): Promise<RunningCall | undefined> =>
  (await one.must('call:running', {})).calls.find((call) => call.callId === callId);
const endedOf = async (lab: Lab, who: string, callId: CallId) => {
  const one = await lab.staff(who, { line: false });
  return lab.http.json<CallQuality>('GET', `/api/quality/calls/${callId}`, { token: await one.token() });
};

test.each([
  { tellCustomer: 'consent', says: true, inTheCall: false },
  { tellCustomer: 'call', says: true, inTheCall: true },
  { tellCustomer: 'no', says: false, inTheCall: false },
] as const)('customers are told as the bank has it: $tellCustomer', async ({ tellCustomer, says, inTheCall }) => {
  const { lab, kiosk, callId, caseId, attend, agent } = await inCall({ tellCustomer });
  const consent = kiosk.shown.case?.service.consent;
  for (const language of ['zh-CN', 'en'] as const)
    expect(consent?.text[language].endsWith(SENTENCE[language])).toBe(says);
  // What is kept is what was shown, and under which version.
  const [kept] = await lab.journal({ kind: 'case.consented', about: caseId });
  const language = kiosk.shown.case?.language ?? 'en';
  expect(kept?.data).toMatchObject({ version: consent?.version, language, words: consent?.text[language] });
  expect(String(kept?.data?.['version']).endsWith('+supervision-1')).toBe(says);

  for (const mode of ['listening', 'whispering'] as const) {
    await attend(mode, 'a complaint of yesterday');
    await agent.until(({ call }) => call?.participants.some((one) => one.mode === mode));
    await expect.poll(() => kiosk.shown.call?.supervised).toBe(inTheCall);
    expect(kiosk.shown.call?.participants.map(({ role }) => role)).toEqual(['customer', 'agent']);
    expect(kiosk.shown.call?.until).toBeNull();
  }
  // Who has joined is seen: nothing more need be said.
  await attend('joined', 'to settle it');
  await kiosk.until(({ call }) => call?.participants.length === 3 && !call.supervised);
  expect(kiosk.shown.call?.callId).toBe(callId);
});

test('the text without the sentence is not agreed to where the sentence is in force', async () => {
  const lab = await startLab();
  const kiosk = await lab.kiosk();
  const { caseId } = await kiosk.must('case:start', {
    serviceId: LOST_CARD,
    language: 'en',
    print: 'normal',
  });
  expect(await kiosk.ask('case:consent', { caseId, version: '2026-11' })).toMatchObject({
    error: { code: 'wrong-state' },
  });
});

test('agents who are not to be told see no listener, whatever they do; a whisper they always see', async () => {
  const { lab, agent, boss, callId, attend } = await inCall({ tellAgent: false });
  const colleague = await lab.readyAgent('wang.wei');
  const { staffId } = await colleague.until(({ staff }) => staff);
  const { invitationId } = await agent.must('call:invite', { callId, to: staffId, note: '' });
  await colleague.must('call:answer-invitation', { invitationId, comes: true });
  await colleague.until(({ attending }) => attending.length === 1);
  const branch = await lab.staff('zhang.min');

  await attend('listening', 'quality check');
  await boss.until(({ attending }) => attending.length === 1);
  // Told once more of everything, they still are not told.
  await agent.must('call:hold', { callId });
  await agent.until(({ call }) => call?.held);
  await colleague.until(({ attending }) => attending[0]?.held);
  expect([seenBy(agent, callId), seenBy(colleague, callId)]).toEqual([['expert joined'], ['expert joined']]);
  expect((await runningOf(branch, callId))?.others).toEqual([{ name: '王伟', mode: 'joined' }]);
  // Who listens sees themselves, and so does any supervisor.
  expect(seenBy(boss, callId)).toEqual(['expert joined', 'supervisor listening']);
  expect((await runningOf(boss, callId))?.others).toHaveLength(2);
  await agent.open();
  expect(seenBy(agent, callId)).toEqual(['expert joined']);

  await attend('whispering', 'a wrong figure');
  await agent.until(() => seenBy(agent, callId)?.includes('supervisor whispering'));
  await colleague.until(() => seenBy(colleague, callId)?.includes('supervisor whispering'));
});

test('each coming, change and renewal is a line of the journal with a reason that supervisors and inspectors read, agents not', async () => {
  const { lab, agent, boss, callId, attend } = await inCall();
  const steps = [
    ['listening', "O'Neil complained yesterday"],
    ['listening', 'still not settled'],
    ['whispering', 'the fee is wrong'],
    ['joined', 'the customer asks for me'],
  ] as const;
  for (const [mode, reason] of steps) await attend(mode, reason);
  const branch = await lab.staff('zhang.min');
  await branch.must('call:attend', { callId, mode: 'joined', reason: 'to see the originals' });

  const lines = (await lab.journal({ about: callId })).filter(({ kind }) => kind.startsWith('call.participant'));
  expect(lines.map(({ kind, data, actor }) => [kind, data?.['mode'], actor.name])).toEqual([
    ['call.participant-joined', 'listening', '陈静'],
    ['call.participant-renewed', 'listening', '陈静'],
    ['call.participant-changed', 'whispering', '陈静'],
    ['call.participant-changed', 'joined', '陈静'],
    ['call.participant-joined', 'joined', '张敏'],
  ]);
  expect(new Set(lines.map(({ data }) => data?.['reasonId'])).size).toBe(5);

  // While it runs, supervisors alone.
  const said = [
    ...steps.map(([mode, why]) => ({ who: '陈静', mode, why })),
    { who: '张敏', mode: 'joined', why: 'to see the originals' },
  ];
  expect((await runningOf(boss, callId))?.reasons).toMatchObject(said);
  expect((await runningOf(branch, callId))?.reasons).toEqual([]);
  const reasons = /complained|settled|fee is wrong|asks for me|originals/;
  await agent.until(() => seenBy(agent, callId)?.includes('branch-staff joined'));
  expect(JSON.stringify([agent.shown, branch.shown])).not.toMatch(reasons);
  await refused(agent.must('call:running', {}), 'bad-request');

  // And when it is over.
  await agent.must('call:end', { callId });
  await agent.until(({ agent: state }) => state?.at === 'wrap-up');
  for (const who of ['chen.jing', 'liu.yang']) {
    const { events } = await endedOf(lab, who, callId);
    expect(events.flatMap(({ is, who: name, mode, why }) => (why ? [[is, name, mode, why]] : []))).toEqual([
      ['joined', '陈静', 'listening', "O'Neil complained yesterday"],
      ['renewed', '陈静', 'listening', 'still not settled'],
      ['changed', '陈静', 'whispering', 'the fee is wrong'],
      ['changed', '陈静', 'joined', 'the customer asks for me'],
      ['joined', '张敏', 'joined', 'to see the originals'],
    ]);
    expect(events.filter(({ is }) => is === 'left')).toMatchObject([{ why: null }, { why: null }]);
  }
  for (const who of ['li.na', 'zhang.min', 'admin']) await refused(endedOf(lab, who, callId), '403');
  expect(JSON.stringify(await lab.journal())).not.toMatch(reasons);
  expect(lab.log.join('')).not.toMatch(reasons);
});

test('who took a call over is shown with why, where the call is', async () => {
  const { lab, boss, agent, callId } = await inCall();
  await boss.must('call:take-over', { callId, reason: 'the customer is unhappy' });
  await boss.until(({ agent: state }) => state?.at === 'in-call');
  await agent.until(({ call }) => call === null);
  await boss.must('call:end', { callId });
  await boss.until(({ agent: state }) => state?.at === 'wrap-up');
  expect((await endedOf(lab, 'liu.yang', callId)).events).toMatchObject([
    { is: 'joined', who: '陈静', why: 'the customer is unhappy' },
    { is: 'left', who: '陈静' },
    { is: 'lead-passed', who: '陈静', why: null },
  ]);
});

test.each(['listening', 'whispering', 'joined'] as const)(
  'who came unasked sees until when, stays longer with a reason, and is out by the clock: %s',
  async (mode) => {
    const { lab, agent, boss, callId, attend } = await inCall();
    await attend(mode, 'quality check');
    const until = await boss.until(({ attending }) => attending[0]?.until);
    expect(Math.abs(until - lab.clock.now() - SUPERVISION_MS)).toBeLessThan(60_000);
    expect(agent.shown.call?.until ?? null).toBeNull();
    lab.clock.jump(SUPERVISION_MS - 60_000);
    await refused(boss.must('call:attend', { callId, mode, reason: ' ' }), 'bad-request');
    await attend(mode, 'not done yet');
    const longer = await boss.until(({ attending }) => (attending[0]?.until ?? 0) > until && attending[0]?.until);
    expect(longer - until).toBeGreaterThanOrEqual(SUPERVISION_MS - 60_000);
    // The first time is over, and they are there.
    lab.clock.jump(SUPERVISION_MS - 60_000);
    await agent.must('call:hold', { callId });
    await boss.until(({ attending }) => attending[0]?.held);
    lab.clock.jump(60_000);
    await boss.until(({ attending }) => attending.length === 0);
    await agent.until(({ call }) => call?.participants.length === 2);
    const left = await lab.journal({ kind: 'call.participant-left', about: callId });
    expect(left.map(({ data }) => data?.['reason'])).toEqual(['time-is-up']);
  },
);

test('branch staff who come themselves are out by the clock; who was asked in stays as long as the call', async () => {
  const { lab, kiosk, agent, boss, callId } = await inCall();
  const branch = await lab.staff('zhang.min');
  await branch.must('call:attend', { callId, mode: 'joined', reason: 'customer asked' });
  await branch.until(({ attending }) => attending[0]?.until);
  await agent.must('call:invite', { callId, to: null, note: '' });
  const { invitationId } = await boss.until(({ invitations }) => invitations[0]);
  await boss.must('call:answer-invitation', { invitationId, comes: true });
  await boss.until(({ attending }) => attending[0]?.until === null);
  lab.clock.jump(SUPERVISION_MS);
  await branch.until(({ attending }) => attending.length === 0);
  await kiosk.until(({ call }) => call?.participants.map(({ role }) => role).join() === 'customer,agent,supervisor');
  expect(boss.shown.attending[0]).toMatchObject({ callId, until: null });
});
