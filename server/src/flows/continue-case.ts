import type { KioskCaller } from '../kernel/handler.ts';
import type { Work } from '../kernel/work.ts';
import type { Parts } from './parts.ts';
import { leaveCase } from './put-by.ts';

/** A case moves only while its customer is alone with it: the queue and the call are bound to the kiosk. */
export const MOVABLE: ReadonlySet<string> = new Set(['consent', 'alone']);

/**
 * A case goes on at the caller's device; what was open there is closed. false: it can't move any more. Who stands there
 * is proved anew, unless all that needed the proof is done.
 */
export async function continueCase(
  needs: Pick<
    Parts,
    'cases' | 'core' | 'documents' | 'handovers' | 'kiosks' | 'queue' | 'recalls' | 'reviews' | 'services'
  >,
  work: Work,
  wish: { caller: KioskCaller; caseId: string; fromKioskId: string },
): Promise<boolean> {
  const { cases, core, documents, handovers, kiosks, queue, recalls } = needs;
  const { caller, caseId, fromKioskId } = wish;
  const here = await cases.openOfKiosk(work, caller.id);
  if (here && here.caseId !== caseId) {
    await queue.leave(work, here.caseId, 'replaced');
    await leaveCase(needs, work, { caseId: here.caseId, reason: 'replaced' });
  }
  const provedStays = fromKioskId === caller.id || (await core.of(caseId)).length > 0;
  const moved = await cases.moveTo(work, caseId, { kioskId: caller.id, device: caller.device, provedStays });
  if (!moved) return false;
  await documents.moveTo(work, caseId, caller.id);
  await keepReviewed(needs, work, caseId);
  // Kept for a kiosk that dropped, it was under the call; whichever way it goes on, nobody is asked for it any more.
  await recalls.goneOn(work, fromKioskId);
  const before = await kiosks.view(fromKioskId);
  // A phone stays its customer's; any other device is the next customer's at once.
  if (before?.kind === 'phone' && fromKioskId !== caller.id)
    await handovers.follow(work, { kioskId: fromKioskId, caseId });
  return true;
}

/** What was accepted ahead is done, wherever it goes on: only who stands there is proved anew. */
async function keepReviewed(
  { cases, reviews, services }: Pick<Parts, 'cases' | 'reviews' | 'services'>,
  work: Work,
  caseId: string,
): Promise<void> {
  const review = await reviews.ahead(caseId, work);
  if (!review) return;
  await reviews.continued(work, caseId);
  if (review.at !== 'accepted' || review.decidedBy === null) return;
  for (const { kind, id } of services.get(review.serviceId).steps)
    if (kind === 'capture') await cases.tick(work, caseId, { step: id, done: true, staffId: review.decidedBy });
}
