import {
  REVIEWS_A_PAGE,
  todayInChina,
  type CaseId,
  type DocumentId,
  type ReviewCounts,
  type ReviewId,
  type ReviewRow,
  type ReviewView,
} from '@openvtm/protocol';
import { Refusal } from '../kernel/errors.ts';
import type { Handlers, StaffCaller } from '../kernel/handler.ts';
import type { Work } from '../kernel/work.ts';
import type { DocumentBrief } from '../modules/documents/index.ts';
import type { Review, Reviewer } from '../modules/reviews/index.ts';
import type { Parts } from './parts.ts';
import { readingsOf } from './read-document.ts';
import { wantsSecond } from './second-review.ts';

type Needs = Pick<Parts, 'calls' | 'cases' | 'clock' | 'documents' | 'reading' | 'reviews' | 'services' | 'staff'>;
/** More than anybody scrolls through. */
const COLLEAGUES_SHOWN = 200;
const REVIEWERS = ['agent', 'approver'] as const;

/** Whoever may review, as the account says now and not when the line was opened. */
async function reviewerOf({ staff }: Pick<Parts, 'staff'>, staffId: string): Promise<Reviewer> {
  const person = await staff.view(staffId);
  if (!person) throw new Refusal('not-found', 'no such account');
  return { staffId, roles: person.roles, skills: person.skills };
}

/** The work list of reviewers: taken, looked at, decided, handed on. */
export function reviewWork(needs: Needs) {
  const { calls, cases, documents, reviews, services, staff } = needs;

  /** The review that this person has taken, with its case still open. */
  const held = async (work: Work, caller: StaffCaller, reviewId: string): Promise<Review> => {
    const review = await reviews.held(work, reviewId, caller.id);
    if ((await cases.brief(work, review.caseId)).at === 'closed')
      throw new Refusal('wrong-state', 'the case is closed');
    return review;
  };
  /** The same with one of its documents, as it was looked at. */
  const heldDocument = async (
    work: Work,
    caller: StaffCaller,
    { reviewId, documentId, seen }: { reviewId: string; documentId: string; seen: number },
  ): Promise<{ review: Review; document: DocumentBrief }> => {
    const review = await held(work, caller, reviewId);
    const document = await documents.locked(work, documentId);
    if (document.caseId !== review.caseId || (review.kind === 'second' && review.documentId !== documentId))
      throw new Refusal('not-found', 'not a document of this review');
    if (document.round !== seen || (review.kind === 'second' && review.round !== seen))
      throw new Refusal('conflict', 'a newer round of pages has come');
    return { review, document };
  };
  /** A second reviewer has decided on a document of a case sent ahead. */
  const secondDecided = async (
    work: Work,
    caller: StaffCaller,
    { caseId, accepted }: { caseId: string; accepted: boolean },
  ) => {
    const waiting = (await documents.lockedOfCase(work, caseId)).some(({ at }) => at === 'provisional');
    if (!accepted || !waiting) await reviews.seconded(work, caseId, { staffId: caller.id, accepted });
  };

  return {
    'review:list': async ({ caller }, { filter, after }) => {
      const who = await reviewerOf(needs, caller.id);
      const today = Date.parse(`${todayInChina(needs.clock())}T00:00:00+08:00`);
      const { reviews: found, next } = await reviews.list(who, { filter, after, most: REVIEWS_A_PAGE, today });
      return { rows: await rowsOf(needs, found, caller.id), next };
    },
    'review:view': async ({ caller }, { reviewId }) => {
      const review = await reviews.byId(reviewId);
      return { review: review?.takenBy === caller.id ? await viewOf(needs, review) : null };
    },
    'review:take': async ({ caller, work }, { reviewId }) => {
      if (await calls.activeIn(work, { staffId: caller.id }))
        throw new Refusal('wrong-state', 'in a call: nothing is reviewed beside it');
      const review = await reviews.byId(reviewId);
      if (review && (await cases.brief(work, review.caseId)).at === 'closed')
        throw new Refusal('wrong-state', 'the case is closed');
      await reviews.take(work, reviewId, await reviewerOf(needs, caller.id));
      return {};
    },
    'review:release': async ({ caller, work }, { reviewId }) => {
      await reviews.release(work, reviewId, caller.id);
      return {};
    },
    'review:keep': async ({ caller, work }) => ({ kept: await reviews.keep(work, caller.id) }),

    'review:accept-document': async ({ caller, work }, { reviewId, documentId, seen }) => {
      const { review, document } = await heldDocument(work, caller, { reviewId, documentId, seen });
      if (review.kind === 'second') {
        await documents.accept(work, documentId, caller.id);
        await reviews.decide(work, reviewId, { staffId: caller.id, is: 'accepted', note: '' });
        await secondDecided(work, caller, { caseId: review.caseId, accepted: true });
        return {};
      }
      if (wantsSecond(services.get(review.serviceId), document))
        await documents.acceptFirst(work, documentId, caller.id);
      else await documents.accept(work, documentId, caller.id);
      await reviews.note(work, reviewId, { staffId: caller.id, what: 'document-accepted', detail: document.kind });
      return {};
    },
    'review:return-document': async ({ caller, work }, { reviewId, documentId, seen, reason, note }) => {
      const { review, document } = await heldDocument(work, caller, { reviewId, documentId, seen });
      await documents.sendBack(work, documentId, { staffId: caller.id, reason, note });
      if (review.kind === 'second') {
        await reviews.decide(work, reviewId, { staffId: caller.id, is: 'returned', note });
        await secondDecided(work, caller, { caseId: review.caseId, accepted: false });
        return {};
      }
      const said = { staffId: caller.id, what: 'document-returned', detail: document.kind, note } as const;
      await reviews.note(work, reviewId, said);
      return {};
    },
    'review:ask-document': async ({ caller, work }, { reviewId, kind }) => {
      const review = await held(work, caller, reviewId);
      if (review.kind !== 'ahead') throw new Refusal('wrong-state', 'the agent in the call asks for papers');
      const { caseId, reviewId: kioskId } = review;
      await documents.ask(work, { caseId, kioskId, staffId: caller.id, kind, camera: 'document' });
      await reviews.note(work, reviewId, { staffId: caller.id, what: 'document-asked', detail: kind });
      return {};
    },
    'review:unask-document': async ({ caller, work }, { reviewId, documentId }) => {
      const review = await held(work, caller, reviewId);
      const document = await documents.locked(work, documentId);
      if (document.caseId !== review.caseId || document.at !== 'asked' || document.askedBy === null)
        throw new Refusal('not-found', 'no paper that was asked for');
      await documents.withdraw(work, documentId);
      return {};
    },

    'review:decide': async ({ caller, work }, { reviewId, seen, decision }) => {
      const review = await held(work, caller, reviewId);
      if (review.kind !== 'ahead') throw new Refusal('wrong-state', 'a second review is of one document');
      if (review.round !== seen) throw new Refusal('conflict', 'it was sent again');
      const { caseId, serviceId } = review;
      const staffId = caller.id;
      if (decision.is === 'refused') {
        await reviews.decide(work, reviewId, { staffId, ...decision });
        await documents.withdrawOpen(work, caseId);
        await cases.close(work, caseId, 'refused');
        return {};
      }
      const papers = (await documents.lockedOfCase(work, caseId)).filter(({ at }) => at !== 'withdrawn');
      if (papers.some(({ at }) => at === 'captured')) throw new Refusal('wrong-state', 'a document is not decided yet');
      const wanted = papers.some(({ at }) => at === 'returned' || at === 'asked');
      if (wanted !== (decision.is === 'returned'))
        throw new Refusal('wrong-state', wanted ? 'something is still wanted' : 'nothing is wanted of the customer');
      const first = decision.is === 'accepted' ? papers.filter(({ at }) => at === 'provisional') : [];
      const is = first.length > 0 ? 'second' : decision.is;
      await reviews.decide(work, reviewId, { staffId, is, note: decision.note });
      const { skills } = services.get(serviceId);
      for (const { documentId, round, reviewedBy } of first) {
        const firstStaff = reviewedBy ?? staffId;
        await reviews.openSecond(work, { caseId, documentId, round, serviceId, skills, firstStaff });
      }
      return {};
    },
    'review:hand-on': async ({ caller, work }, { reviewId, to, note }) => {
      const review = await held(work, caller, reviewId);
      const said = { staffId: caller.id, note };
      if ('skill' in to) {
        if (!knownSkills(needs).includes(to.skill)) throw new Refusal('not-found', 'no such skill');
        await reviews.handOn(work, reviewId, { ...said, toStaff: null, skills: { [to.skill]: 1 }, detail: to.skill });
        return {};
      }
      const person = await staff.view(to.staffId, work.tx);
      if (!person?.roles.some((role) => REVIEWERS.some((one) => one === role)))
        throw new Refusal('not-found', 'nobody who reviews');
      if (to.staffId === caller.id || to.staffId === review.firstStaff)
        throw new Refusal('same-person', 'somebody else must decide');
      const { skills } = review;
      await reviews.handOn(work, reviewId, { ...said, toStaff: to.staffId, skills, detail: to.staffId });
      return {};
    },
    'review:colleagues': async ({ caller }, { reviewId }) => {
      const review = await reviews.byId(reviewId);
      if (review?.takenBy !== caller.id) throw new Refusal('not-found', 'not taken by this person');
      const all = await staff.withRole(REVIEWERS, COLLEAGUES_SHOWN);
      return {
        people: all.flatMap(({ staffId, name }) =>
          staffId === caller.id || staffId === review.firstStaff ? [] : [{ staffId, name }],
        ),
        skills: knownSkills(needs),
      };
    },
    'review:reveal': async ({ caller, work }, { reviewId, name, reason }) => {
      const { caseId } = await held(work, caller, reviewId);
      return { value: await cases.reveal(work, caseId, { name, reason }) };
    },
  } satisfies Partial<Handlers>;
}

/** The skills that any service asks for. */
const knownSkills = ({ services }: Pick<Parts, 'services'>): string[] => [
  ...new Set(services.cards().flatMap(({ id }) => Object.keys(services.get(id).skills))),
];

async function rowsOf(
  needs: Pick<Parts, 'cases' | 'documents' | 'services' | 'staff'>,
  found: readonly Review[],
  me: string,
): Promise<ReviewRow[]> {
  const ids = found.flatMap(({ takenBy, decidedBy, toStaff }) => [takenBy, decidedBy, toStaff]);
  const names = await needs.staff.names([...new Set(ids.filter((id) => id !== null))]);
  return Promise.all(
    found.map(async (review): Promise<ReviewRow> => {
      const { title, icon } = needs.services.get(review.serviceId);
      const [plain, document] = await Promise.all([
        needs.cases.plainValues(review.caseId),
        review.documentId ? needs.documents.whose(review.documentId) : null,
      ]);
      return {
        reviewId: review.reviewId as ReviewId,
        kind: review.kind,
        at: review.at,
        service: { title, icon },
        who: plain?.values.get('companyName') ?? plain?.values.get('fullName') ?? '',
        document: document?.kind ?? null,
        round: review.round,
        sentAt: review.sentAt,
        dueAt: review.dueAt,
        skills: review.skills,
        to: review.toStaff && (names.get(review.toStaff) ?? ''),
        taken: review.takenBy ? { by: names.get(review.takenBy) ?? '', mine: review.takenBy === me } : null,
        decided:
          review.decidedBy && review.decidedAt !== null
            ? { by: names.get(review.decidedBy) ?? '', at: review.decidedAt }
            : null,
      };
    }),
  );
}

async function viewOf(needs: Needs, review: Review): Promise<ReviewView | null> {
  const { cases, documents, reviews, staff } = needs;
  const desk = await cases.deskView(review.caseId);
  const [row] = await rowsOf(needs, [review], review.takenBy ?? '');
  if (!desk || !row) return null;
  const [papers, readings, history] = await Promise.all([
    documents.ofCase(review.caseId),
    readingsOf(needs, review.caseId),
    reviews.history(review.reviewId),
  ]);
  const isMine = (documentId: string) => review.documentId === null || review.documentId === documentId;
  const handedTo = history.flatMap(({ what, detail }) => (what === 'handed-on' && detail ? [detail] : []));
  const people = history.flatMap(({ staffId }) => (staffId ? [staffId] : []));
  const names = await staff.names([...new Set([...people, ...handedTo.filter((one) => UUID.test(one))])]);
  return {
    ...row,
    caseId: review.caseId as CaseId,
    documentId: review.documentId as DocumentId | null,
    language: desk.language,
    takenUntil: review.takenUntil,
    service: desk.service,
    values: desk.values,
    documents: papers.filter(({ documentId, state }) => isMine(documentId) && state.at !== 'withdrawn'),
    readings: readings.filter(({ documentId }) => isMine(documentId)),
    history: history.map(({ staffId, detail, ...line }) => ({
      ...line,
      by: staffId && (names.get(staffId) ?? ''),
      detail: detail && (names.get(detail) ?? detail),
    })),
  };
}
const UUID = /^[0-9a-f-]{36}$/;

/** How much there is to do for somebody; null: this person reviews nothing. */
export async function reviewCounts(
  { clock, reviews, staff }: Pick<Parts, 'clock' | 'reviews' | 'staff'>,
  staffId: string,
): Promise<ReviewCounts | null> {
  const person = await staff.view(staffId);
  if (!person?.roles.some((role) => REVIEWERS.some((one) => one === role))) return null;
  const { roles, skills } = person;
  return reviews.counts({ staffId, roles, skills }, clock());
}

/** The review under which somebody may look at a page just now; null: under none. */
export async function reviewOfPage(
  { reviews }: Pick<Parts, 'reviews'>,
  staffId: string,
  { caseId, documentId }: { caseId: string; documentId: string },
): Promise<Review | null> {
  const taken = await reviews.takenBy(staffId);
  return (
    taken.find((one) => one.caseId === caseId && (one.documentId === null || one.documentId === documentId)) ?? null
  );
}
