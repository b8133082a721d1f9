import type { KioskCaller } from '../kernel/handler.ts';
import type { Work } from '../kernel/work.ts';
import { continueCase, MOVABLE } from './continue-case.ts';
import type { Parts } from './parts.ts';
import { putBy } from './put-by.ts';

type Needs = Pick<
  Parts,
  'cases' | 'core' | 'documents' | 'handovers' | 'kiosks' | 'queue' | 'recalls' | 'reviews' | 'services'
>;

/**
 * Who books at a kiosk goes home: the kiosk is the next customer's, and what was filled in waits under the appointment,
 * as on a phone, until its customer checks in. What is in a call stays there.
 */
export async function parkCase(
  needs: Needs,
  work: Work,
  { kioskId, appointmentId, serviceId }: { kioskId: string; appointmentId: string; serviceId: string },
): Promise<void> {
  const { cases, queue } = needs;
  const open = await cases.openOfKiosk(work, kioskId);
  if (!open || (open.at !== 'waiting' && !MOVABLE.has(open.at))) return;
  if (open.at === 'waiting') {
    await queue.leave(work, open.caseId, 'booked');
    await cases.leaveQueue(work, open.caseId);
  }
  const isParked =
    open.serviceId === serviceId &&
    open.at !== 'consent' &&
    (await putBy(needs, work, { caseId: open.caseId, under: appointmentId }));
  if (!isParked) await cases.close(work, open.caseId, 'cancelled');
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
