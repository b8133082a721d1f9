import type { KioskCaller } from '../kernel/handler.ts';
import type { Work } from '../kernel/work.ts';
import { continueCase, MOVABLE } from './continue-case.ts';
import type { Parts } from './parts.ts';

type Needs = Pick<Parts, 'cases' | 'core' | 'documents' | 'handovers' | 'kiosks' | 'queue'>;

/**
 * Who books at a kiosk goes home: the kiosk is the next customer's, and what was filled in waits under the appointment,
 * as on a phone, until its customer checks in. What is in a call stays there.
 */
export async function parkCase(
  { cases, documents, queue }: Needs,
  work: Work,
  { kioskId, appointmentId, serviceId }: { kioskId: string; appointmentId: string; serviceId: string },
): Promise<void> {
  const open = await cases.openOfKiosk(work, kioskId);
  if (!open || (open.at !== 'waiting' && !MOVABLE.has(open.at))) return;
  if (open.at === 'waiting') {
    await queue.leave(work, open.caseId, 'booked');
    await cases.leaveQueue(work, open.caseId);
  }
  const device = { kioskId: appointmentId, device: 'phone', provedStays: false } as const;
  const isParked =
    open.serviceId === serviceId && open.at !== 'consent' && (await cases.moveTo(work, open.caseId, device));
  if (!isParked) {
    await cases.close(work, open.caseId, 'cancelled');
    return;
  }
  await documents.moveTo(work, open.caseId, appointmentId);
  await cases.kioskAbsent(work, appointmentId);
}

/** What was put by goes on at this device. */
export async function bringBackCase(
  needs: Needs,
  work: Work,
  { caller, appointmentId }: { caller: KioskCaller; appointmentId: string },
): Promise<void> {
  const parked = await needs.cases.openOfKiosk(work, appointmentId);
  if (parked) await continueCase(needs, work, { caller, caseId: parked.caseId, fromKioskId: appointmentId });
}
