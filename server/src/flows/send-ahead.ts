import { randomUUID } from 'node:crypto';
import {
  conditionHolds,
  type AheadView,
  type AloneStep,
  type CaseId,
  type HandoverOutcome,
  type KioskCase,
  type Service,
} from '@openvtm/protocol';
import type { Bus } from '../kernel/bus.ts';
import { Refusal } from '../kernel/errors.ts';
import type { Handlers, KioskCaller } from '../kernel/handler.ts';
import type { Log } from '../kernel/log.ts';
import type { Work, Works } from '../kernel/work.ts';
import type { Review } from '../modules/reviews/index.ts';
import { continueCase } from './continue-case.ts';
import type { Parts } from './parts.ts';
import { putBy } from './put-by.ts';

type Needs = Pick<
  Parts,
  'cases' | 'core' | 'documents' | 'handovers' | 'kiosks' | 'queue' | 'recalls' | 'reviews' | 'services'
>;

/** ms; a company takes its time to bring what is missing, and to come and sign. */
const KEPT_MS = 60 * 24 * 3_600_000;
const MINUTE_MS = 60_000;
/** Of a document: there is a picture to be looked at. */
const SENT: ReadonlySet<string> = new Set(['captured', 'provisional', 'accepted']);
/** The customer still has to do something about it. */
const OPEN: ReadonlySet<string> = new Set(['asked', 'collecting', 'returned']);

/** The pictures that a service asks for, by what was entered. */
const capturesOf = ({ steps }: Service, values: ReadonlyMap<string, string>) =>
  steps.flatMap((step) =>
    step.kind === 'capture' && (step.when === undefined || conditionHolds(step.when, values)) ? [step] : [],
  );

/** A customer fills in, takes the pictures, and sends all of it ahead: it is reviewed without a call, and goes on by a code. */
export function sendAhead(needs: Needs) {
  const { cases, documents, handovers, reviews, services } = needs;
  /** The review of a case that this phone sent, or whose code it took. */
  const ofHolder = async (work: Work, caller: KioskCaller, caseId: string) => {
    const brief = await cases.brief(work, caseId);
    const review = await reviews.ahead(caseId, work);
    if (review?.holder !== caller.id || brief.at === 'closed' || brief.kioskId !== review.reviewId)
      throw new Refusal('not-found', 'nothing of this phone was sent ahead');
    return review;
  };

  return {
    'review:send-ahead': async ({ caller, work }, { caseId }) => {
      const { serviceId } = await cases.ofKiosk(work, caller.id, caseId);
      const service = services.get(serviceId);
      const shown = await cases.kioskView(caller.id);
      const kind = shown?.caseId === caseId ? shown.step?.kind : undefined;
      const before = await reviews.ahead(caseId, work);
      if (!service.preReview || !shown || (kind !== 'person' && kind !== 'hand-over'))
        throw new Refusal('wrong-state', 'nothing is sent ahead from here');
      if (before !== null && before.at !== 'returned') throw new Refusal('wrong-state', `it is ${before.at}`);
      const values = new Map(shown.values.map(({ name, value }) => [name, value]));
      const taken = await documents.lockedOfCase(work, caseId);
      const isThere = (document: string) =>
        taken.some((one) => one.kind === document && (SENT.has(one.at) || (before && one.at === 'not-at-hand')));
      if (taken.some(({ at }) => OPEN.has(at)) || !capturesOf(service, values).every((one) => isThere(one.document)))
        throw new Refusal('invalid-value', 'a picture is missing');

      const holder = caller.device === 'phone' ? caller.id : null;
      const dueAt = work.now + service.preReview.dueMinutes * MINUTE_MS;
      const { skills } = service;
      const reviewId = before?.reviewId ?? randomUUID();
      const keptUntil = before?.keptUntil ?? work.now + KEPT_MS;
      let code = before?.code ?? '';
      if (before) await reviews.sendAgain(work, caseId, { skills, dueAt, holder });
      else {
        const { branchId } = caller;
        const offer = { caseId, kioskId: caller.id, branchId, purpose: 'ahead', expiresAt: keptUntil } as const;
        ({ code } = await handovers.offer(work, offer));
        await reviews.sendAhead(work, { reviewId, caseId, serviceId, skills, dueAt, keptUntil, code, holder });
      }
      await putBy(needs, work, { caseId, under: reviewId });
      if (holder) await handovers.follow(work, { kioskId: holder, caseId });
      return { code, dueAt, keptUntil };
    },
    'review:fetch-back': async ({ caller, work }, { caseId }) => {
      const review = await ofHolder(work, caller, caseId);
      if (review.at !== 'returned') throw new Refusal('wrong-state', `it is ${review.at}`);
      await continueCase(needs, work, { caller, caseId, fromKioskId: review.reviewId });
      return {};
    },
    'review:withdraw': async ({ caller, work }, { caseId }) => {
      await ofHolder(work, caller, caseId);
      await documents.withdrawOpen(work, caseId);
      await cases.close(work, caseId, 'cancelled');
      await reviews.withdraw(work, { caseId });
      return {};
    },
  } satisfies Partial<Handlers>;
}

/** The code of a case sent ahead was shown: what comes of it is the review's to say. It holds on. */
export async function takeAhead(
  needs: Needs,
  work: Work,
  { caller, caseId }: { caller: KioskCaller; caseId: string },
): Promise<HandoverOutcome> {
  const { cases, handovers, reviews } = needs;
  const { at, kioskId } = await cases.brief(work, caseId);
  const review = await reviews.ahead(caseId, work);
  if (review?.at === 'refused') return { is: 'refused', reason: review.reason ?? 'other', note: review.note };
  if (!review || at === 'closed' || review.at === 'withdrawn') return { is: 'closed' };
  const onPhone = caller.device === 'phone';
  if (onPhone) await reviews.hold(work, caseId, caller.id);
  const waitsForCustomer = review.at === 'returned' || (review.at === 'accepted' && !onPhone);
  if (!waitsForCustomer) {
    if (!onPhone) return { is: 'in-review', dueAt: review.dueAt };
    await handovers.follow(work, { kioskId: caller.id, caseId });
    return { is: 'following', caseId: caseId as CaseId };
  }
  const moved = await continueCase(needs, work, { caller, caseId, fromKioskId: kioskId });
  return moved ? { is: 'taken', caseId: caseId as CaseId } : { is: 'closed' };
}

/** Form and papers go ahead in the place of a queue, where the service is for it and they were not accepted yet. */
export async function aheadStep(
  { reviews, services }: Pick<Parts, 'reviews' | 'services'>,
  shown: KioskCase,
): Promise<KioskCase> {
  const service = services.get(shown.service.id);
  if (!service.preReview || shown.step === null) return shown;
  const review = await reviews.ahead(shown.caseId);
  const { step } = shown;
  if (review?.at === 'accepted')
    return step.kind === 'person' ? { ...shown, step: { ...step, reviewedAt: review.decidedAt } } : shown;
  if (step.kind !== 'person' && step.kind !== 'hand-over') return { ...shown, after: 'nobody' };
  const values = new Map(shown.values.map(({ name, value }) => [name, value]));
  const ahead: AloneStep = {
    kind: 'ahead',
    id: step.id,
    captures: capturesOf(service, values).map(({ id, title, document }) => ({ step: id, title, document })),
    dueMinutes: service.preReview.dueMinutes,
    returned: review && { at: review.decidedAt ?? review.since, note: review.note },
  };
  return { ...shown, step: ahead };
}

/** What was accepted is not changed by the customer alone: the review would be of something else. */
export async function requireUnreviewed(
  { reviews }: Pick<Parts, 'reviews'>,
  work: Work,
  { caseId, at }: { caseId: string; at: KioskCase['at'] },
): Promise<void> {
  if (at === 'alone' && (await reviews.ahead(caseId, work))?.at === 'accepted')
    throw new Refusal('wrong-state', 'it was accepted as it is');
}

/** How a case sent ahead is, for the phone that follows it; null: it never was. */
export async function shownAhead(
  { documents, reviews }: Pick<Parts, 'documents' | 'reviews'>,
  { caseId, kioskId }: { caseId: string; kioskId: string },
): Promise<AheadView | null> {
  const review = await reviews.ahead(caseId);
  if (!review || review.at === 'withdrawn') return null;
  const at = AT[review.at];
  const wanted = at === 'returned' ? await documents.ofCase(caseId) : [];
  return {
    at,
    sentAt: review.sentAt,
    dueAt: review.dueAt,
    decidedAt: at === 'in-review' ? null : (review.decidedAt ?? review.since),
    note: at === 'in-review' ? '' : review.note,
    reason: review.reason,
    code: review.holder === kioskId ? review.code : '',
    keptUntil: review.keptUntil,
    papers: wanted.flatMap(({ kind, state }): AheadView['papers'] => {
      if (state.at === 'returned') return [{ kind, reason: state.reason, note: state.note }];
      return state.at === 'asked' ? [{ kind, reason: null, note: '' }] : [];
    }),
    mine: review.holder === kioskId,
  };
}
const AT: Record<Exclude<Review['at'], 'withdrawn'>, AheadView['at']> = {
  open: 'in-review',
  taken: 'in-review',
  second: 'in-review',
  returned: 'returned',
  accepted: 'accepted',
  refused: 'refused',
};

/** Cases that are kept for customers who are away: those that wait under their review stay there, those left at a kiosk go there. */
export async function keptAhead(
  needs: Pick<Parts, 'cases' | 'documents' | 'reviews'>,
  work: Work,
  left: readonly { caseId: string; onPhone: boolean }[],
): Promise<ReadonlySet<string>> {
  const ids = left.map(({ caseId }) => caseId);
  const kept = new Set(await needs.reviews.kept(ids, work.now));
  for (const { caseId, onPhone } of left) {
    const review = kept.has(caseId) && !onPhone ? await needs.reviews.ahead(caseId, work) : null;
    // What is past the customer's part is over, as any other.
    if (review && !(await putBy(needs, work, { caseId, under: review.reviewId }))) kept.delete(caseId);
  }
  return kept;
}

/** A case that is over needs no review any more. What a process that ended did not hear of, the sweep finds. */
export function followReviews(
  { cases, reviews }: Pick<Parts, 'cases' | 'reviews'>,
  works: Works,
  { bus, log }: { bus: Bus; log: Log },
): { sweep(): Promise<void>; close(): Promise<void> } {
  let running: Promise<void> = Promise.resolve();
  const withdraw = async (caseId: string) => {
    if ((await reviews.ofCase(caseId)).length > 0) await works.bySystem((work) => reviews.withdraw(work, { caseId }));
  };
  const stop = bus.on(({ kind, about: { caseId } }) => {
    if (kind !== 'case.closed' || !caseId) return;
    running = running
      .then(() => withdraw(caseId))
      .catch((error: unknown) => log.error({ err: error, caseId }, 'reviews of a closed case stay for the sweep'));
  });
  return {
    async sweep() {
      for (const caseId of await cases.closedAmong(await reviews.casesUnderReview())) await withdraw(caseId);
    },
    async close() {
      stop();
      await running;
    },
  };
}
