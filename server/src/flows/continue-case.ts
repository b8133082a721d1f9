import type { KioskCaller } from '../kernel/handler.ts';
import type { Work } from '../kernel/work.ts';
import type { Parts } from './parts.ts';

/** A case moves only while its customer is alone with it: the queue and the call are bound to the kiosk. */
export const MOVABLE: ReadonlySet<string> = new Set(['consent', 'alone']);

/**
 * A case goes on at the caller's device; what was open there is closed. false: it can't move any more. Who stands there
 * is proved anew, unless all that needed the proof is done.
 */
export async function continueCase(
  needs: Pick<Parts, 'cases' | 'core' | 'documents' | 'handovers' | 'kiosks' | 'queue'>,
  work: Work,
  wish: { caller: KioskCaller; caseId: string; fromKioskId: string },
): Promise<boolean> {
  const { cases, core, documents, handovers, kiosks, queue } = needs;
  const { caller, caseId, fromKioskId } = wish;
  const here = await cases.openOfKiosk(work, caller.id);
  if (here && here.caseId !== caseId) {
    await queue.leave(work, here.caseId, 'replaced');
    await cases.close(work, here.caseId, 'replaced');
  }
  const provedStays = fromKioskId === caller.id || (await core.of(caseId)).length > 0;
  const moved = await cases.moveTo(work, caseId, { kioskId: caller.id, device: caller.device, provedStays });
  if (!moved) return false;
  await documents.moveTo(work, caseId, caller.id);
  const before = await kiosks.view(fromKioskId);
  // A phone stays its customer's; any other device is the next customer's at once.
  if (before?.kind === 'phone' && fromKioskId !== caller.id)
    await handovers.follow(work, { kioskId: fromKioskId, caseId });
  return true;
}
