import type { DeskReviews, DocumentId } from '@openvtm/protocol';
import type { Service } from '@openvtm/protocol';
import { Refusal } from '../kernel/errors.ts';
import type { Work } from '../kernel/work.ts';
import type { DocumentBrief } from '../modules/documents/index.ts';
import { callAtDesk } from './call-at-desk.ts';
import type { Parts } from './parts.ts';

/** Whether the service asks for two people to see this document. */
export const wantsSecond = ({ steps }: Service, { kind }: Pick<DocumentBrief, 'kind'>): boolean =>
  steps.some((step) => step.kind === 'capture' && step.secondReview === true && step.document === kind);

/** The agent in the call accepts a document: for good, or as the first of two. */
export async function acceptInCall(
  { cases, documents, reviews, services }: Pick<Parts, 'cases' | 'documents' | 'reviews' | 'services'>,
  work: Work,
  { documentId, staffId, second }: { documentId: string; staffId: string; second: boolean },
): Promise<void> {
  const document = await documents.locked(work, documentId);
  if (document.at === 'provisional') throw new Refusal('under-review', 'a second reviewer decides');
  const { caseId, round } = document;
  const { serviceId } = await cases.brief(work, caseId);
  const service = services.get(serviceId);
  if (!second && !wantsSecond(service, document)) {
    await documents.accept(work, documentId, staffId);
    return;
  }
  await documents.acceptFirst(work, documentId, staffId);
  await reviews.openSecond(work, {
    caseId,
    documentId,
    round,
    serviceId,
    skills: service.skills,
    firstStaff: staffId,
  });
}

/** Nothing is confirmed, signed or carried out on papers that only one person has seen: `under-review`. */
export async function requireSeconded(
  { documents }: Pick<Parts, 'documents'>,
  work: Work,
  caseId: string,
): Promise<void> {
  if (await waitsForSecond({ documents }, work, caseId))
    throw new Refusal('under-review', 'a second reviewer has not decided yet');
}
export const waitsForSecond = async ({ documents }: Pick<Parts, 'documents'>, work: Work, caseId: string) =>
  (await documents.lockedOfCase(work, caseId)).some(({ at }) => at === 'provisional');

/** What was reviewed of the case on somebody's desk: ahead, and by a second person. */
export async function reviewsAtDesk(
  needs: Pick<Parts, 'calls' | 'documents' | 'queue' | 'reviews' | 'staff'>,
  staffId: string,
): Promise<DeskReviews | null> {
  const call = await callAtDesk(needs, staffId);
  if (!call) return null;
  const found = await needs.reviews.ofCase(call.caseId);
  if (found.length === 0) return { ahead: null, second: [] };
  const names = await needs.staff.names(
    found.flatMap((one) => [one.takenBy, one.decidedBy].filter((id) => id !== null)),
  );
  const nameOf = (id: string | null) => (id === null ? null : (names.get(id) ?? null));
  const ahead = found.find((one) => one.kind === 'ahead' && one.at === 'accepted');
  const newest = new Map(found.flatMap((one) => (one.documentId ? [[one.documentId, one] as const] : [])));
  const documents = ahead ? await needs.documents.ofCase(call.caseId) : [];
  return {
    ahead: ahead
      ? {
          by: nameOf(ahead.decidedBy) ?? '',
          at: ahead.decidedAt ?? ahead.since,
          note: ahead.note,
          documents: documents.filter(({ state }) => state.at === 'accepted').length,
        }
      : null,
    second: [...newest.values()].flatMap(({ documentId, at, since, takenBy, decidedBy }) =>
      at === 'second' || at === 'refused'
        ? []
        : [{ documentId: documentId as DocumentId, at, by: nameOf(takenBy ?? decidedBy), since }],
    ),
  };
}
