import type { AppointmentId, CaseId, HandoverOutcome } from '@openvtm/protocol';
import type { KioskCaller } from '../kernel/handler.ts';
import type { Work } from '../kernel/work.ts';
import type { AppointmentBrief } from '../modules/appointments/index.ts';
import { continueCase, MOVABLE } from './continue-case.ts';
import { bringBackCase } from './park-case.ts';
import type { Parts } from './parts.ts';

type Needs = Pick<
  Parts,
  | 'appointments'
  | 'cases'
  | 'core'
  | 'documents'
  | 'handovers'
  | 'kiosks'
  | 'queue'
  | 'recalls'
  | 'reviews'
  | 'services'
>;

/**
 * The code of an appointment was shown. At a kiosk its customer checks in; a phone holds the appointment from here on,
 * under a new code, so that the picture taken of a kiosk's screen is nobody else's.
 */
export async function takeAppointment(
  needs: Needs,
  work: Work,
  { caller, appointmentId }: { caller: KioskCaller; appointmentId: string },
): Promise<HandoverOutcome> {
  return caller.device === 'phone'
    ? holdHere(needs, work, { caller, appointmentId })
    : checkIn(needs, work, { caller, appointmentId });
}

async function holdHere(
  needs: Needs,
  work: Work,
  { caller, appointmentId }: { caller: KioskCaller; appointmentId: string },
): Promise<HandoverOutcome> {
  const { appointments, cases, handovers } = needs;
  const held = await appointments.hold(work, { appointmentId, holder: caller.id });
  if (held.is !== 'held') return { is: held.is === 'over' ? 'closed' : 'holds-one' };
  const shown = await appointments.of(appointmentId);
  const { code } = await handovers.offerForAppointment(work, {
    appointmentId,
    kioskId: caller.id,
    branchId: shown?.branchId ?? caller.branchId,
    expiresAt: held.lasts,
  });
  await appointments.keepCode(work, appointmentId, code);
  if (!(await cases.openOfKiosk(work, caller.id))) await bringBackCase(needs, work, { caller, appointmentId });
  return { is: 'holding', appointmentId: appointmentId as AppointmentId };
}

/** Where a case for an appointment may wait: on the phone, or put by when it was booked at a kiosk, which is others' now. */
export async function prefilledAt(
  { kiosks }: Pick<Parts, 'kiosks'>,
  { holder, appointmentId }: Pick<AppointmentBrief, 'holder' | 'appointmentId'>,
): Promise<string[]> {
  const device = holder === null ? null : await kiosks.view(holder);
  return device?.kind === 'phone' ? [device.kioskId, appointmentId] : [appointmentId];
}

/** What is told, and what begins: the case from the phone goes on here, or a new one of the booked service. */
async function checkIn(
  needs: Needs,
  work: Work,
  { caller, appointmentId }: { caller: KioskCaller; appointmentId: string },
): Promise<HandoverOutcome> {
  const { appointments, cases, handovers, kiosks, queue } = needs;
  const kioskId = caller.id;
  const found = await appointments.coming(work, appointmentId);
  if (!found) return { is: 'expired' };
  if (found.coming === 'early' || found.coming === 'over') {
    await appointments.refused(work, { appointmentId, kioskId, why: found.coming });
    if (found.coming === 'over') return { is: 'expired' };
    return { is: 'early', startsAt: found.startsAt, from: found.checkIn.from, zone: found.zone };
  }

  let caseId: CaseId | null = null;
  for (const device of await prefilledAt(needs, found)) {
    if (caseId !== null) break;
    const prefilled = await cases.openOfKiosk(work, device);
    const brought =
      prefilled?.serviceId === found.serviceId &&
      MOVABLE.has(prefilled.at) &&
      (await continueCase(needs, work, { caller, caseId: prefilled.caseId, fromKioskId: prefilled.kioskId }));
    if (brought) caseId = prefilled.caseId;
  }
  if (caseId === null) {
    const unfinished = await cases.openOfKiosk(work, kioskId);
    if (unfinished) await queue.leave(work, unfinished.caseId, 'replaced');
    const { serviceId, language } = found;
    const started = await cases.start(work, { kioskId, device: caller.device, serviceId, language, print: 'normal' });
    caseId = started.caseId;
    // The receipt goes to the phone that booked.
    const holder = found.holder && (await kiosks.view(found.holder));
    if (holder && holder.kind === 'phone') await handovers.follow(work, { kioskId: holder.kioskId, caseId });
  }
  await handovers.spendForAppointment(work, { appointmentId, kioskId });
  await appointments.arrive(work, { appointmentId, kioskId, caseId });
  return { is: 'arrived', caseId, late: found.coming === 'late' };
}
