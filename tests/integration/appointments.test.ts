import { AppointmentPlan, type ChangePlanOut, type PlansOut } from '@openvtm/protocol';
import { expect, test } from 'vitest';
import { MINUTE, BRANCH, freeAt, firstFree, book, booked, clockTo } from './lab/appointments.ts';
import { startLab } from './lab/index.ts';
import { jpeg } from './lab/pictures.ts';
import { LOST_CARD, startCase, TALK } from './lab/stories.ts';

const OTHER_BRANCH = '00000000-0000-4000-8000-0000000000b2';

test('booked and filled in on the phone, checked in at the kiosk: the case goes on there and the ticket knows the time', async () => {
  const lab = await startLab();
  const { phone, startsAt, appointmentId, code } = await booked(lab);
  const caseId = await startCase(phone, { service: LOST_CARD });
  await phone.must('case:fill', { caseId, name: 'fullName', value: '王小明' });
  clockTo(lab, startsAt - 15 * MINUTE);
  const kiosk = await lab.kiosk();
  const staff = await lab.staff('zhang.min');
  await staff.until(({ appointments }) => appointments[0]?.prefilled && appointments[0].at === 'booked');
  expect(await kiosk.must('handover:take', { code: code.toLowerCase() })).toEqual({
    is: 'arrived',
    caseId,
    late: false,
  });
  await kiosk.until(({ case: one, appointment }) => one?.caseId === caseId && appointment?.at === 'arrived');
  expect(kiosk.shown.case?.values).toMatchObject([{ name: 'fullName', value: '王小明' }]);
  // Who it is, is proved anew here; the phone only looks on.
  await phone.until((shown) => shown.case === null && shown.followed?.caseId === caseId && !shown.appointment);
  await kiosk.must('queue:join', { caseId });
  await staff.until(({ appointments }) => appointments[0]?.at === 'arrived' && appointments[0].visit?.at === 'waiting');
  // The code is spent.
  const other = await lab.kiosk(2);
  expect(await other.must('handover:take', { code })).toEqual({ is: 'used' });
  const told = await lab.journal({ about: appointmentId });
  expect(told.map(({ kind }) => kind)).toEqual([
    'appointment.booked',
    'handover.offered',
    'handover.taken',
    'appointment.arrived',
    'appointment.forgotten',
  ]);
  expect(JSON.stringify(await lab.journal())).not.toContain(code);
  expect(lab.log.join('\n')).not.toContain(code);
});

test('booked with nothing filled in: checking in begins the service, and the phone follows it', async () => {
  const lab = await startLab();
  const { phone, startsAt, code } = await booked(lab);
  clockTo(lab, startsAt + 10 * MINUTE - 1_000);
  const kiosk = await lab.kiosk();
  await phone.open();
  const arrived = await kiosk.must('handover:take', { code });
  expect(arrived).toMatchObject({ is: 'arrived', late: false });
  const { service, language } = await kiosk.until(({ case: one }) => one);
  expect([service.id, language]).toEqual([LOST_CARD, 'en']);
  await phone.until(({ followed }) => followed?.at === 'consent');
});

test('too early is told when, and the code still holds; too late waits like anybody; the next day it is over', async () => {
  const lab = await startLab();
  const early = await booked(lab);
  const late = await booked(lab);
  const never = await booked(lab);
  const { startsAt } = early;
  clockTo(lab, startsAt - 16 * MINUTE);
  const kiosk = await lab.kiosk();
  const wait = await kiosk.must('handover:take', { code: early.code });
  expect(wait).toEqual({ is: 'early', startsAt, from: startsAt - 15 * MINUTE, zone: 'Asia/Shanghai' });
  clockTo(lab, startsAt - 15 * MINUTE);
  expect(await kiosk.must('handover:take', { code: early.code })).toMatchObject({ is: 'arrived', late: false });

  clockTo(lab, late.startsAt + 11 * MINUTE);
  await late.phone.open();
  // Nobody asked: the clock found that they did not come, and their places are free.
  await late.phone.until(({ appointment }) => appointment?.at === 'missed');
  const { rows } = await lab.database.pool.query(`select 1 from appointments.slot where starts_at = $1 and taken > 8`, [
    late.startsAt,
  ]);
  expect(rows).toEqual([]);
  expect((await lab.journal({ kind: 'appointment.missed' })).length).toBe(2);
  const second = await lab.kiosk(2);
  const came = await second.must('handover:take', { code: late.code });
  expect(came).toMatchObject({ is: 'arrived', late: true });
  await second.until(({ appointment }) => appointment?.at === 'late');

  clockTo(lab, startsAt + 24 * 60 * MINUTE);
  const third = await lab.kiosk(1);
  expect(await third.must('handover:take', { code: never.code })).toEqual({ is: 'expired' });
});

test('forged and foreign codes, cancelled and moved ones', async () => {
  const lab = await startLab();
  const one = await booked(lab);
  const foreign = await lab.phone();
  await lab.database.pool.query(
    `insert into kiosks.branch values ('${OTHER_BRANCH}', '{"zh-CN":"另一家","en":"Another"}')`,
  );
  clockTo(lab, one.startsAt - 15 * MINUTE);
  const kiosk = await lab.kiosk();
  expect(await kiosk.must('handover:take', { code: '2222-2222' })).toMatchObject({ is: 'unknown', triesLeft: 4 });
  await lab.database.pool.query(`update kiosks.kiosk set branch_id = '${OTHER_BRANCH}' where id = $1`, [kiosk.kioskId]);
  await kiosk.open();
  expect(await kiosk.must('handover:take', { code: one.code })).toMatchObject({
    is: 'elsewhere',
    branch: { en: 'Demonstration Branch' },
  });
  // Moved, the code stays the same and holds at the new time only.
  await one.phone.open();
  const later = one.startsAt + 120 * MINUTE;
  expect(await one.phone.must('appointment:move', { appointmentId: one.appointmentId, startsAt: later })).toMatchObject(
    { is: 'booked' },
  );
  expect((await one.phone.until(({ appointment }) => appointment?.startsAt === later && appointment)).code).toBe(
    one.code,
  );
  const here = await lab.kiosk(2);
  expect(await here.must('handover:take', { code: one.code })).toMatchObject({ is: 'early', startsAt: later });
  await one.phone.must('appointment:cancel', { appointmentId: one.appointmentId });
  await one.phone.until(({ appointment }) => appointment === null);
  expect(await here.must('handover:take', { code: one.code })).toEqual({ is: 'expired' });
  // Another device reaches none of it.
  await foreign.open();
  for (const refused of [
    foreign.ask('appointment:cancel', { appointmentId: one.appointmentId }),
    foreign.ask('appointment:move', { appointmentId: one.appointmentId, startsAt: later }),
    foreign.ask('appointment:forget', { appointmentId: one.appointmentId }),
  ])
    expect(await refused).toMatchObject({ error: { code: 'not-found' } });
});

test('a kiosk books for who comes another time; a phone that scans it holds it under a new code', async () => {
  const lab = await startLab();
  const kiosk = await lab.kiosk();
  const startsAt = await firstFree(kiosk);
  const outcome = await book(kiosk, startsAt);
  if (outcome.is !== 'booked') throw new Error(outcome.is);
  const { appointmentId } = outcome;
  const first = await kiosk.until(({ appointment }) => appointment?.code);
  const phone = await lab.phone();
  expect(await phone.must('handover:take', { code: first })).toEqual({ is: 'holding', appointmentId });
  await kiosk.until(({ appointment }) => appointment === null);
  const second = await phone.until(({ appointment }) => appointment?.code);
  expect(second).not.toBe(first);
  clockTo(lab, startsAt);
  const again = await lab.kiosk();
  expect(await again.must('handover:take', { code: first })).toEqual({ is: 'expired' });
  expect(await again.must('handover:take', { code: second })).toMatchObject({ is: 'arrived' });

  // Another customer's: after they are done, and also when they just walk away, the kiosk does not show it.
  const next = await lab.kiosk(2);
  expect(await book(next, await firstFree(next))).toMatchObject({ is: 'booked' });
  await next.until(({ appointment }) => appointment?.at === 'booked');
  lab.clock.jump(3 * MINUTE);
  await next.open();
  expect(next.shown.appointment).toBeNull();
  expect(await book(next, await firstFree(next))).toMatchObject({ is: 'booked' });
});

test('five phones want three places at once: three have one, the others are told, and a phone holds one at a time', async () => {
  const lab = await startLab();
  const phones = await Promise.all(Array.from({ length: 5 }, () => lab.phone()));
  const [first] = phones;
  if (!first) throw new Error('no phone');
  // One agent's half hour has room for three of eight minutes.
  const slot = (await freeAt(first)).days[1]?.slots[3] ?? 0;
  const outcomes = await Promise.all(phones.map((phone) => book(phone, slot)));
  expect(outcomes.map(({ is }) => is).toSorted()).toEqual(['booked', 'booked', 'booked', 'full', 'full']);
  expect((await freeAt(first)).days[1]?.slots).not.toContain(slot);
  const winner = phones[outcomes.findIndex(({ is }) => is === 'booked')];
  expect(await book(winner ?? first, slot + 30 * MINUTE)).toEqual({ is: 'holds-one' });
  // A service that nobody is needed for is not booked.
  expect(
    await first.ask('appointment:free', { branchId: BRANCH as never, serviceId: 'report-loss-oral' as never }),
  ).toMatchObject({ error: { code: 'not-found' } });
  expect((await first.must('appointment:branches', { serviceId: TALK })).branches).toMatchObject([
    { branchId: BRANCH, name: { en: 'Demonstration Branch' }, next: expect.any(Number) },
  ]);
});

test('a plan is the administrator’s, and branch staff’s for their own branch; a change below what is booked is refused', async () => {
  const lab = await startLab();
  const { phone, startsAt } = await booked(lab);
  const [admin, staff, agent] = [await lab.staff('admin'), await lab.staff('zhang.min'), await lab.staff('li.na')];
  const read = async (who: typeof admin) =>
    lab.http.json<PlansOut>('GET', '/api/appointments/plans', { token: await who.token() });
  const put = async (who: typeof admin, planId: string, body: unknown) =>
    lab.http.send('PUT', `/api/appointments/plans/${planId}`, { token: await who.token(), body });
  const [plan] = (await read(admin)).plans;
  if (!plan) throw new Error('no plan');
  expect(plan.load.find((slot) => slot.startsAt === startsAt && slot.family === 'cards')).toMatchObject({
    planned: 30,
    booked: 8,
  });
  const empty = { ...plan.plan, shifts: [] };
  const refused = (await (await put(staff, plan.planId, { version: 1, plan: empty })).json()) as ChangePlanOut;
  expect(refused).toMatchObject({ is: 'booked-beyond', slots: [{ startsAt, booked: 8, planned: 0 }] });
  const kept = await put(staff, plan.planId, { version: 1, plan: empty, keepBooked: true });
  expect(await kept.json()).toEqual({ is: 'saved', version: 2 });
  expect((await lab.http.send('GET', '/api/appointments/plans', { token: await agent.token() })).status).toBe(403);
  expect((await lab.http.send('GET', '/api/appointments/plans', { token: await phone.token() })).status).toBe(403);
  expect((await put(admin, plan.planId, { version: 1, plan: empty })).status).toBe(200);
  expect((await put(admin, plan.planId, { version: 2, plan: { ...empty, zone: 7 } })).status).toBe(400);
  expect((await put(admin, 'x', { version: 2, plan: empty })).status).toBe(400);
  const made = await lab.http.json<{ planId: string }>('POST', '/api/appointments/plans', {
    token: await admin.token(),
    body: { name: '北区 North' },
  });
  // A group of branches is the administrator's alone, and a branch is in one plan.
  expect((await put(staff, made.planId, { version: 1, plan: empty })).status).toBe(404);
  const taken = (await (await put(admin, made.planId, { version: 1, plan: empty })).json()) as ChangePlanOut;
  expect(taken).toMatchObject({ is: 'wrong', flaws: [{ list: 'branches', why: 'in-another-plan' }] });
  // Nobody stays signed in from one evening to the next morning.
  clockTo(lab, startsAt - 60 * MINUTE);
  const later = await lab.staff('zhang.min');
  const [marked] = await later.until(({ appointments }) => appointments.length > 0 && appointments);
  expect(marked).toMatchObject({ at: 'booked', beyondPlan: true });
  await later.must('appointment:call-off', { appointmentId: marked?.appointmentId as never });
  await phone.open();
  await phone.until(({ appointment }) => appointment?.at === 'called-off');
  expect((await lab.journal({ kind: 'appointment.plan-changed' })).map(({ data }) => data)).toMatchObject([
    { version: 2, beyond: 1 },
  ]);
});

test('a branch elsewhere keeps its own time, and a restart keeps everything', async () => {
  const lab = await startLab();
  const admin = await lab.staff('admin');
  const [plan] = (await lab.http.json<PlansOut>('GET', '/api/appointments/plans', { token: await admin.token() }))
    .plans;
  if (!plan) throw new Error('no plan');
  const all = [1, 2, 3, 4, 5, 6, 7];
  const berlin = AppointmentPlan.parse({
    ...plan.plan,
    zone: 'Europe/Berlin',
    branches: [{ branchId: BRANCH, hours: [{ days: all, from: '09:00', to: '10:00' }], holidays: [] }],
  });
  const saved = await lab.http.send('PUT', `/api/appointments/plans/${plan.planId}`, {
    token: await admin.token(),
    body: { version: 1, plan: berlin },
  });
  expect(await saved.json()).toMatchObject({ is: 'saved' });
  const phone = await lab.phone();
  const { zone, days } = await freeAt(phone);
  expect(zone).toBe('Europe/Berlin');
  const clock = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit' });
  expect([...new Set(days.flatMap(({ slots }) => slots.map((slot) => clock.format(slot))))].toSorted()).toEqual([
    '09:00',
    '09:30',
  ]);
  const startsAt = days[1]?.slots[0] ?? 0;
  expect(await book(phone, startsAt)).toMatchObject({ is: 'booked' });
  const { code } = await phone.until(({ appointment }) => appointment?.at === 'booked' && appointment);
  await lab.restart();
  clockTo(lab, startsAt);
  await phone.open();
  expect(phone.shown.appointment).toMatchObject({ code, startsAt });
  const kiosk = await lab.kiosk();
  expect(await kiosk.must('handover:take', { code: code ?? '' })).toMatchObject({ is: 'arrived', late: false });
});

test('a case for something else stays on the phone, and pictures come along', async () => {
  const lab = await startLab();
  const { phone, startsAt, code } = await booked(lab);
  const mine = await startCase(phone, { service: 'update-phone-number' as typeof LOST_CARD });
  clockTo(lab, startsAt);
  await phone.open();
  const kiosk = await lab.kiosk();
  const arrived = await kiosk.must('handover:take', { code });
  expect(arrived).toMatchObject({ is: 'arrived', caseId: expect.not.stringContaining(mine) });
  expect(phone.shown.case?.caseId).toBe(mine);

  const second = await booked(lab);
  const caseId = await startCase(second.phone, { service: LOST_CARD });
  const { documentId } = await second.phone.must('document:begin', { caseId, step: 'id-front' });
  expect((await second.phone.upload(documentId, await jpeg())).status).toBe(201);
  clockTo(lab, second.startsAt);
  const other = await lab.kiosk(2);
  expect(await other.must('handover:take', { code: second.code })).toMatchObject({ is: 'arrived', caseId });
  await other.until(({ documents }) => documents.length === 1);
  expect((await other.page(documentId, 1)).status).toBe(200);
});
