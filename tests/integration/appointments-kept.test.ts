import { expect, test } from 'vitest';
import { MINUTE, BRANCH, freeAt, firstFree, book, booked, checkedIn, clockTo } from './lab/appointments.ts';
import { startLab } from './lab/index.ts';
import { joinQueue, LOST_CARD, ringing, startCase } from './lab/stories.ts';

test('who is booked goes before a walk-in who came a little earlier, once the appointment counts; who is late does not', async () => {
  const lab = await startLab();
  const { startsAt, code } = await booked(lab);
  clockTo(lab, startsAt - 14 * MINUTE);
  const walkIn = await lab.kiosk(1);
  const first = await joinQueue(walkIn, { service: LOST_CARD });
  lab.clock.jump(MINUTE);
  const kiosk = await lab.kiosk(2);
  const caseId = await checkedIn(kiosk, code);
  // Thirteen minutes before: the place is that of who came later, and the rule is told.
  const soon = await kiosk.until(({ ticket }) => ticket);
  expect(soon).toMatchObject({ position: 2, booked: { from: startsAt - 10 * MINUTE, minutes: 10, counts: false } });
  lab.clock.jump(3 * MINUTE);
  await kiosk.until(({ ticket }) => ticket?.position === 1 && ticket.booked?.counts === true);
  await walkIn.until(({ ticket }) => ticket?.position === 2 && ticket.booked === null);
  expect((await lab.journal({ kind: 'queue.appointment-counts' })).map(({ data }) => data)).toEqual([
    // 600 for the appointment, 120 for the service's class.
    { headStart: 720 },
  ]);
  const agent = await lab.readyAgent('li.na');
  const offer = await ringing(agent);
  expect(offer).toMatchObject({
    booked: { startsAt, zone: 'Asia/Shanghai' },
    kiosk: { name: expect.stringContaining('2') },
  });
  await kiosk.must('queue:leave', { caseId });
  expect((await ringing(agent, offer.offerId)).booked).toBeNull();
  await walkIn.must('queue:leave', { caseId: first.caseId });
});

test('an appointment that its customer came too late for does nothing for the place', async () => {
  const lab = await startLab();
  const { startsAt, code } = await booked(lab);
  clockTo(lab, startsAt + 10 * MINUTE);
  await joinQueue(await lab.kiosk(1), { service: LOST_CARD });
  lab.clock.jump(MINUTE);
  const kiosk = await lab.kiosk(2);
  await checkedIn(kiosk, code);
  expect(await kiosk.until(({ ticket }) => ticket)).toMatchObject({ position: 2, booked: null });
});

test('what was filled in at a kiosk goes with the appointment: the kiosk is free, and the case comes back with its customer', async () => {
  const lab = await startLab();
  const kiosk = await lab.kiosk(1);
  const caseId = await startCase(kiosk, { service: LOST_CARD });
  await kiosk.must('case:fill', { caseId, name: 'fullName', value: "欧阳𠮷 O'Neil" });
  await kiosk.must('queue:join', { caseId });
  const startsAt = await firstFree(kiosk);
  expect(await book(kiosk, startsAt)).toMatchObject({ is: 'booked' });
  const held = await kiosk.until((shown) => shown.case === null && shown.ticket === null && shown.appointment);
  expect(held).toMatchObject({ at: 'booked', prefilled: true });
  expect(await lab.app.parts.queue.waitingKiosks()).toEqual([]);
  // Changed their mind at once: it is all there again.
  await kiosk.must('appointment:cancel', { appointmentId: held.appointmentId });
  await kiosk.until((shown) => shown.case?.caseId === caseId && shown.case.at === 'alone' && !shown.appointment);

  expect(await book(kiosk, startsAt)).toMatchObject({ is: 'booked' });
  const { code } = await kiosk.until((shown) => shown.case === null && shown.appointment);
  const next = await startCase(kiosk, { service: LOST_CARD });
  expect(next).not.toBe(caseId);
  clockTo(lab, startsAt);
  const second = await lab.kiosk(2);
  expect(await second.must('handover:take', { code: code ?? '' })).toMatchObject({ is: 'arrived', caseId });
  const back = await second.until(({ case: one }) => one?.caseId === caseId && one);
  expect(back.values).toMatchObject([{ name: 'fullName', value: "欧阳𠮷 O'Neil" }]);
});

test('what a phone filled in lives as long as its appointment, and no case for anything else does', async () => {
  const lab = await startLab();
  const [phone, other] = [await lab.phone(), await lab.phone()];
  const startsAt = (await freeAt(phone)).days.at(-1)?.slots[0] ?? 0;
  expect(startsAt - lab.clock.now()).toBeGreaterThan(12 * 24 * 60 * MINUTE);
  expect(await book(phone, startsAt)).toMatchObject({ is: 'booked' });
  const caseId = await startCase(phone, { service: LOST_CARD });
  await phone.must('case:fill', { caseId, name: 'fullName', value: '王小明' });
  const { code } = await phone.until(({ appointment }) => appointment?.prefilled && appointment);
  expect(await book(other, startsAt)).toMatchObject({ is: 'booked' });
  const forOther = await startCase(other, { service: 'update-phone-number' as typeof LOST_CARD });
  phone.leave();
  other.leave();
  const away = `select 1 from cases.case where absent_since is not null`;
  await expect.poll(async () => (await lab.database.pool.query(away)).rows.length).toBe(2);
  clockTo(lab, startsAt - MINUTE);
  await expect
    .poll(async () => (await lab.journal({ kind: 'case.closed' })).map(({ about }) => about.caseId), {
      timeout: 10_000,
    })
    .toEqual([forOther]);
  const kiosk = await lab.kiosk(1);
  expect(await kiosk.must('handover:take', { code: code ?? '' })).toMatchObject({ is: 'arrived', caseId });
  expect((await kiosk.until(({ case: one }) => one)).values).toMatchObject([{ value: '王小明' }]);
});

test('a phone that puts its appointments by has only so many open, and one address books only so often', async () => {
  const lab = await startLab();
  const phone = await lab.phone();
  const [first = 0, second = 0, third = 0] = (await freeAt(phone)).days[1]?.slots ?? [];
  for (const slot of [first, second]) {
    const one = await book(phone, slot);
    if (one.is !== 'booked') throw new Error(one.is);
    await phone.must('appointment:forget', { appointmentId: one.appointmentId });
  }
  expect(await book(phone, third)).toEqual({ is: 'too-many' });
  // The kiosk in the branch is not the phone's address.
  const kiosk = await lab.kiosk(1);
  const asked = Array.from({ length: 18 }, () => ({
    branchId: BRANCH as never,
    serviceId: LOST_CARD,
    startsAt: 1,
    language: 'en' as const,
  }));
  const fresh = await lab.phone();
  const codes = await Promise.all(asked.map((wish) => fresh.ask('appointment:book', wish)));
  expect(codes.filter((answer) => !answer.ok)).toMatchObject([{ error: { code: 'too-fast' } }]);
  expect(await book(kiosk, third)).toMatchObject({ is: 'booked' });
});
