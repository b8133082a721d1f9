import { randomUUID } from 'node:crypto';
import type { CaseId, KioskId, StaffId } from '@openvtm/protocol';
import { expect, test } from 'vitest';
import { startLab, type Lab } from './lab/index.ts';
import type { LabKiosk } from './lab/kiosk.ts';
import type { LabStaff } from './lab/staff.ts';
import { joinQueue, LOST_CARD, ringing, startCall, startCase } from './lab/stories.ts';

const NOTE = '客户带了原件 <b>original</b>';

/** A customer in self-service at kiosk 1 with a name filled in, 李娜 ready for offers, and 张敏 at the branch. */
async function selfService() {
  const lab = await startLab();
  const kiosk = await lab.kiosk();
  const agent = await lab.readyAgent('li.na');
  const staff = await lab.staff('zhang.min');
  const caseId = await startCase(kiosk, { service: LOST_CARD });
  await kiosk.must('case:fill', { caseId, name: 'fullName', value: '王小明' });
  return { lab, kiosk, agent, staff, caseId };
}
const call = (staff: LabStaff, kiosk: LabKiosk, caseId: CaseId, note = '') =>
  staff.must('help:to-agent', { kioskId: kiosk.kioskId as KioskId, caseId, note });
const customer = (staff: LabStaff, kiosk: LabKiosk) =>
  staff.shown.kiosks.find(({ kioskId }) => kioskId === kiosk.kioskId)?.customer ?? null;

/** Somebody else of the staff, as 张敏 is but for the name, and the branch where one is given. */
async function another(lab: Lab, username: string, branchId: string | null = null): Promise<LabStaff> {
  await lab.database.pool.query(
    `insert into staff.account (id, username, name, branch_id, password_hash, roles, skills, languages, created_at)
     select $1, $2, $2, coalesce($3::uuid, branch_id), password_hash, roles, skills, languages, created_at
     from staff.account where username = 'zhang.min'`,
    [randomUUID(), username, branchId],
  );
  return lab.staff(username);
}

test('branch staff have an agent called: the kiosk waits by itself, what was entered and the note come along, and they join', async () => {
  const { lab, kiosk, agent, staff, caseId } = await selfService();
  await staff.until(() => customer(staff, kiosk)?.at === 'alone');
  expect(customer(staff, kiosk)).toMatchObject({ caseId, service: { en: 'Replace a lost card' }, calling: null });
  expect(await call(staff, kiosk, caseId, NOTE)).toEqual({ is: 'waiting' });
  const shown = await kiosk.until(({ case: one, ticket }) => ticket && one?.at === 'waiting' && one);
  expect([shown.calledBy, shown.values[0]?.value]).toEqual(['张敏', '王小明']);
  await staff.until(() => customer(staff, kiosk)?.calling?.by === '张敏');

  // Pressed twice, and over a reload of both: the same.
  expect(await call(staff, kiosk, caseId, 'again')).toEqual({ is: 'waiting' });
  for (const one of [kiosk, staff]) {
    one.leave();
    await one.open();
  }
  expect(kiosk.shown.case?.calledBy).toBe('张敏');
  expect(customer(staff, kiosk)).toMatchObject({ at: 'waiting', calling: { by: '张敏' } });

  const offer = await ringing(agent);
  expect(offer.escalated).toEqual({ by: '张敏', note: NOTE });
  expect(offer.known.map(({ shown: value }) => value)).toEqual(['王小明']);
  await agent.must('call:accept', { offerId: offer.offerId });
  const led = await agent.until(({ call: running }) => running);
  expect(led.escalated).toEqual({ by: '张敏', note: NOTE });
  const { callId } = await staff.until(() => {
    const one = customer(staff, kiosk);
    return one?.at === 'serving' && one.callId && { callId: one.callId };
  });
  expect(await kiosk.until(({ call: running }) => running)).toMatchObject({ callId, escalated: null });
  expect(kiosk.shown.case?.calledBy).toBeNull();
  expect(await call(staff, kiosk, caseId)).toEqual({ is: 'in-call' });
  await staff.must('call:attend', { callId, mode: 'joined', reason: 'at the kiosk' });
  await kiosk.until(({ call: running }) => running?.participants.some(({ role }) => role === 'branch-staff'));

  const lines = await lab.journal({ kind: 'help.escalated' });
  expect(lines.map(({ actor, about, data }) => [actor.id, about.caseId, data])).toEqual([
    [staff.staffId, caseId, { consented: true, noted: true }],
  ]);
  // The note is nowhere in plain.
  const { rows } = await lab.database.pool.query<{ note: Buffer }>('select note from help.escalation');
  expect(rows.map(({ note }) => note.includes('original'))).toEqual([false]);
});

test('without consent the kiosk asks for it first, and the case joins as it is given', async () => {
  const lab = await startLab();
  const kiosk = await lab.kiosk();
  const agent = await lab.readyAgent('li.na');
  const staff = await lab.staff('zhang.min');
  const { caseId } = await kiosk.must('case:start', { serviceId: LOST_CARD, language: 'en', print: 'normal' });
  expect(await call(staff, kiosk, caseId, NOTE)).toEqual({ is: 'asked' });
  expect(await call(staff, kiosk, caseId)).toEqual({ is: 'asked' });
  const asked = await kiosk.until(({ case: one }) => (one?.calledBy ? one : null));
  expect(asked.at).toBe('consent');
  expect([kiosk.shown.ticket, agent.shown.agent?.at]).toEqual([null, 'ready']);
  await staff.until(() => customer(staff, kiosk)?.calling !== null);
  const second = await another(lab, 'sun.li');
  expect(await call(second, kiosk, caseId)).toEqual({ is: 'already', by: '张敏' });

  await kiosk.must('case:consent', { caseId, version: asked.service.consent.version });
  await kiosk.until(({ case: one, ticket }) => ticket && one?.at === 'waiting' && one.calledBy === '张敏');
  expect((await ringing(agent)).escalated?.note).toBe(NOTE);
  // The kiosk's own wish comes right after it, and is answered with the same ticket.
  expect(await kiosk.must('queue:join', { caseId })).toEqual({ ticketId: kiosk.shown.ticket?.ticketId });
  expect((await lab.journal({ kind: 'help' })).map(({ kind }) => kind)).toEqual([
    'help.escalated',
    'help.escalation-joined',
  ]);
});

test('who does not agree is asked nothing more, and nobody is called', async () => {
  const { lab, kiosk, agent, staff } = await selfService();
  const { caseId } = await kiosk.must('case:start', { serviceId: LOST_CARD, language: 'en', print: 'normal' });
  expect(await call(staff, kiosk, caseId)).toEqual({ is: 'asked' });
  await kiosk.must('case:abandon', { caseId, reason: 'cancelled' });
  await staff.until(() => customer(staff, kiosk) === null);
  expect(await call(staff, kiosk, caseId)).toEqual({ is: 'over' });
  await startCase(kiosk);
  expect([kiosk.shown.ticket, agent.shown.agent?.at]).toEqual([null, 'ready']);
  expect(await lab.journal({ kind: 'queue.joined' })).toEqual([]);
});

test('two at once: one calls, the other is told who did, and there is one ticket', async () => {
  const { lab, kiosk, staff, caseId } = await selfService();
  const second = await another(lab, 'sun.li');
  const answers = await Promise.all([
    call(staff, kiosk, caseId),
    call(second, kiosk, caseId),
    call(staff, kiosk, caseId),
  ]);
  // Whoever was first calls, and the same person's second press says so again.
  const waiting = answers.map(({ is }) => is === 'waiting');
  expect([
    [true, false, true],
    [false, true, false],
  ]).toContainEqual(waiting);
  const by = waiting[0] ? '张敏' : 'sun.li';
  expect(answers.filter(({ is }) => is !== 'waiting')).toEqual(
    waiting.filter((one) => !one).map(() => ({ is: 'already', by })),
  );
  expect(await lab.journal({ kind: 'queue.joined' })).toHaveLength(1);
  expect(await lab.journal({ kind: 'help.escalated' })).toHaveLength(1);
});

test('refused in so many words: nobody there, waiting already, gone, another customer, no line, another branch, a phone', async () => {
  const { lab, kiosk, agent, staff, caseId } = await selfService();
  await agent.must('queue:break', { reason: 'meal' });
  await agent.until(({ agent: state }) => state?.at === 'break');
  expect(await call(staff, kiosk, caseId)).toEqual({ is: 'nobody' });
  expect(kiosk.shown.case?.at).toBe('alone');
  expect(await lab.journal({ kind: 'help.escalated' })).toEqual([]);
  await agent.must('queue:ready', {});
  const elsewhere = await another(lab, 'zhou.yan', '00000000-0000-4000-8000-0000000000b2');
  const asked = { kioskId: kiosk.kioskId as KioskId, caseId, note: '' };
  expect(await elsewhere.ask('help:to-agent', asked)).toMatchObject({ error: { code: 'not-found' } });
  const phone = await lab.phone();
  const ofPhone = { ...asked, kioskId: phone.kioskId as KioskId };
  expect(await staff.ask('help:to-agent', ofPhone)).toMatchObject({ error: { code: 'not-found' } });
  expect(await call(staff, kiosk, randomUUID() as CaseId)).toEqual({ is: 'over' });
  await lab.lose(kiosk);
  expect(await call(staff, kiosk, caseId)).toEqual({ is: 'away' });
  await kiosk.open();
  await kiosk.must('queue:join', { caseId });
  expect(await call(staff, kiosk, caseId)).toEqual({ is: 'already', by: null });
  // Whoever waits by their own wish is told of no staff.
  expect(kiosk.shown.case?.calledBy).toBeNull();
  await kiosk.must('case:abandon', { caseId, reason: 'cancelled' });
  expect(await call(staff, kiosk, caseId)).toEqual({ is: 'over' });
});

test('a closed queue calls nobody, and says when it opens; the customer stays where they were', async () => {
  const { lab, kiosk, staff, caseId } = await selfService();
  const admin = await lab.staff('admin', { line: false });
  const token = await admin.token();
  const day = (offset: number) =>
    new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai' }).format(lab.clock.now() + offset * 86_400_000);
  const { text, version } = await lab.http.json<{ text: string; version: number }>('GET', '/api/queue-rules', {
    token,
  });
  const rules = JSON.parse(text) as { queues: { holidays: unknown }[] };
  const title = { 'zh-CN': '休息', en: 'Closed' };
  for (const queue of rules.queues) queue.holidays = [0, 1].map((offset) => ({ date: day(offset), title, hours: [] }));
  const body = { text: JSON.stringify(rules), basedOn: version };
  expect((await lab.http.send('PUT', '/api/queue-rules', { token, body })).status).toBe(200);
  const answer = await call(staff, kiosk, caseId);
  expect(answer.is === 'closed' && (answer.opensAt ?? 0)).toBeGreaterThan(lab.clock.now());
  expect([kiosk.shown.case?.at, kiosk.shown.ticket]).toEqual(['alone', null]);
});

test('who goes back to self-service is called for no more, and can be again', async () => {
  const { kiosk, agent, staff, caseId } = await selfService();
  expect(await call(staff, kiosk, caseId, 'first')).toEqual({ is: 'waiting' });
  await kiosk.until(({ case: one }) => one?.calledBy);
  await kiosk.must('queue:leave', { caseId });
  await staff.until(() => customer(staff, kiosk)?.at === 'alone' && customer(staff, kiosk)?.calling === null);
  expect(await call(staff, kiosk, caseId, 'second')).toEqual({ is: 'waiting' });
  expect((await ringing(agent)).escalated?.note).toBe('second');
});

test('branch staff in a call ask a colleague and a supervisor into it as the agent can, who sees who asked', async () => {
  const lab = await startLab();
  const kiosk = await lab.kiosk();
  const agent = await lab.readyAgent('li.na');
  const { callId } = await startCall({ kiosk, agent });
  const colleague = await lab.readyAgent('wang.wei');
  const supervisor = await lab.staff('chen.jing');
  const staff = await lab.staff('zhang.min');
  const to = colleague.staffId as StaffId;
  const refused = async (who: LabStaff) => {
    expect(await who.ask('call:invite', { callId, to: null, note: '' })).toMatchObject({
      error: { code: 'not-found' },
    });
    expect(await who.ask('call:colleagues', { callId })).toMatchObject({ error: { code: 'not-found' } });
  };
  // Not before they are in it.
  await refused(staff);
  await staff.must('call:attend', { callId, mode: 'joined', reason: 'at the kiosk' });
  expect((await staff.must('call:colleagues', { callId })).colleagues).toMatchObject([{ name: '王伟' }]);
  const { invitationId } = await staff.must('call:invite', { callId, to, note: 'Please look' });
  expect(await staff.must('call:invite', { callId, to, note: 'twice' })).toEqual({ invitationId });
  const sent = await agent.until(({ call: running }) => running?.invitations[0]);
  expect(sent).toMatchObject({ by: '张敏', to: '王伟', state: 'open' });
  const came = await colleague.until(({ invitations }) => invitations[0]);
  expect(came).toMatchObject({ from: '张敏', kind: 'expert', note: 'Please look' });

  // Theirs to take back, and the agent's who leads; of nobody else.
  expect(await colleague.ask('call:withdraw-invitation', { invitationId })).toMatchObject({
    error: { code: 'not-found' },
  });
  await staff.must('call:withdraw-invitation', { invitationId });
  await colleague.until(({ invitations }) => invitations.length === 0);
  const again = await staff.must('call:invite', { callId, to, note: '' });
  await colleague.must('call:answer-invitation', { invitationId: again.invitationId, comes: true });
  await kiosk.until(({ call: running }) => running?.participants.some(({ role }) => role === 'expert'));
  // Who came to help asks nobody: that is the lead's, or the branch's.
  expect(await colleague.ask('call:invite', { callId, to: null, note: '' })).toMatchObject({
    error: { code: 'not-found' },
  });

  const help = await staff.must('call:invite', { callId, to: null, note: '' });
  expect(await supervisor.until(({ invitations }) => invitations[0])).toMatchObject({ from: '张敏', kind: 'help' });
  await supervisor.must('call:answer-invitation', { invitationId: help.invitationId, comes: true });
  await kiosk.until(({ call: running }) => running?.participants.some(({ role }) => role === 'supervisor'));
  await staff.must('call:leave', { callId });
  await refused(staff);
  const lines = await lab.journal({ kind: 'call.invited' });
  expect(lines.map(({ actor, data }) => [actor.id, data])).toEqual([
    [staff.staffId, { whom: 'colleague', by: 'branch-staff' }],
    [staff.staffId, { whom: 'colleague', by: 'branch-staff' }],
    [staff.staffId, { whom: 'supervisor', by: 'branch-staff' }],
  ]);
});

test('a customer who waits, or is called from a list, shows to the staff of the branch alone', async () => {
  const { lab, kiosk, staff, caseId } = await selfService();
  const elsewhere = await another(lab, 'zhou.yan', '00000000-0000-4000-8000-0000000000b2');
  await staff.until(() => customer(staff, kiosk)?.at === 'alone');
  await kiosk.must('case:abandon', { caseId, reason: 'cancelled' });
  await staff.until(() => customer(staff, kiosk) === null);
  const { caseId: next } = await joinQueue(kiosk);
  await staff.until(() => customer(staff, kiosk)?.caseId === next && customer(staff, kiosk)?.at === 'waiting');
  expect(elsewhere.shown.kiosks).toEqual([]);
});
