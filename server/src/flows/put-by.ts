import type { Work } from '../kernel/work.ts';
import type { CloseReason } from '../modules/cases/index.ts';
import type { Parts } from './parts.ts';

/**
 * A case that its customer will come back to waits as if on a phone, under the id of what it waits for; the kiosk is the
 * next customer's. false: it is not with its customer alone.
 */
export async function putBy(
  { cases, documents }: Pick<Parts, 'cases' | 'documents'>,
  work: Work,
  { caseId, under }: { caseId: string; under: string },
): Promise<boolean> {
  const device = { kioskId: under, device: 'phone', provedStays: false } as const;
  if (!(await cases.moveTo(work, caseId, device))) return false;
  await documents.moveTo(work, caseId, under);
  await cases.kioskAbsent(work, under);
  return true;
}

/**
 * The customer is gone, or begins something else. What was sent ahead and came back is put by until its code brings it
 * again; everything else is closed.
 */
export async function leaveCase(
  needs: Pick<Parts, 'cases' | 'documents' | 'reviews'>,
  work: Work,
  { caseId, reason }: { caseId: string; reason: CloseReason },
): Promise<void> {
  const { cases, documents, reviews } = needs;
  const { at } = await cases.brief(work, caseId);
  const review = reason === 'cancelled' ? null : await reviews.ahead(caseId, work);
  if (review && (review.at === 'returned' || review.at === 'accepted')) {
    if (at === 'waiting') await cases.leaveQueue(work, caseId);
    if (await putBy(needs, work, { caseId, under: review.reviewId })) return;
  }
  await documents.withdrawOpen(work, caseId);
  await cases.close(work, caseId, reason);
}
