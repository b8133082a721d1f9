import type { BookOutcome } from '@openvtm/protocol';
import type { Lab } from './index.ts';
import type { LabKiosk } from './kiosk.ts';
import { LOST_CARD } from './stories.ts';

export const MINUTE = 60_000;
export const BRANCH = '00000000-0000-4000-8000-000000000001';

export const freeAt = (device: LabKiosk, serviceId = LOST_CARD) =>
  device.must('appointment:free', { branchId: device.shown.kiosk.branchId as never, serviceId });
export const firstFree = async (device: LabKiosk) => (await freeAt(device)).days[0]?.slots[0] ?? 0;
export const book = async (device: LabKiosk, startsAt: number, serviceId = LOST_CARD): Promise<BookOutcome> =>
  device.must('appointment:book', {
    branchId: device.shown.kiosk.branchId as never,
    serviceId,
    startsAt,
    language: 'en',
  });
/** A phone with an appointment for the first free slot. */
export async function booked(lab: Lab) {
  const phone = await lab.phone();
  const startsAt = await firstFree(phone);
  const outcome = await book(phone, startsAt);
  if (outcome.is !== 'booked') throw new Error(outcome.is);
  const { code } = await phone.until(({ appointment }) => appointment?.at === 'booked' && appointment);
  return { phone, startsAt, appointmentId: outcome.appointmentId, code: code ?? '' };
}
/** Checks in at a kiosk, agrees, and asks for a teller. */
export async function checkedIn(kiosk: LabKiosk, code: string) {
  const arrived = await kiosk.must('handover:take', { code });
  if (arrived.is !== 'arrived') throw new Error(arrived.is);
  const { caseId } = arrived;
  const { version } = await kiosk.until((shown) => shown.case?.caseId === caseId && shown.case.service.consent);
  await kiosk.must('case:consent', { caseId, version });
  await kiosk.must('queue:join', { caseId });
  return caseId;
}
/** Moves the clock to so many ms before or after a moment. */
export const clockTo = (lab: Lab, at: number) => lab.clock.jump(at - lab.clock.now());
