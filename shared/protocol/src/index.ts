import type { z } from 'zod';
import { annotationNotices, annotationRequests } from './annotations.ts';
import { appointmentNotices, appointmentRequests } from './appointments.ts';
import { callNotices, callRequests } from './calls.ts';
import { caseNotices, caseRequests } from './cases.ts';
import { chatNotices, chatRequests } from './chat.ts';
import { customerRequests } from './customers.ts';
import { documentNotices, documentRequests } from './documents.ts';
import type { Failure } from './errors.ts';
import { explainingNotices, explainingRequests } from './explaining.ts';
import { handoutNotices, handoutRequests } from './handouts.ts';
import { handoverNotices, handoverRequests } from './handovers.ts';
import { hearingNotices, hearingRequests } from './hearing.ts';
import { helpNotices, helpRequests } from './help.ts';
import { identityRequests } from './identities.ts';
import type { RequestId } from './ids.ts';
import { journeyRequests } from './journeys.ts';
import { lineNotices, lineRequests } from './lines.ts';
import { mediaNotices, mediaRequests } from './media.ts';
import { qualityNotices, qualityRequests } from './quality.ts';
import { queueBoardRequests } from './queue-board.ts';
import { queueNotices, queueRequests } from './queue.ts';
import { readingNotices, readingRequests } from './reading.ts';
import { selfTestNotices, selfTestRequests } from './self-tests.ts';
import { recallNotices, recallRequests } from './recalls.ts';
import { reviewNotices, reviewRequests } from './reviews.ts';
import { sharingNotices, sharingRequests } from './sharing.ts';
import { signingNotices, signingRequests } from './signing.ts';
import { staffingRequests } from './staffing.ts';

export * from './annotations.ts';
export * from './appointment-plans.ts';
export * from './appointments.ts';
export * from './audit.ts';
export * from './calls.ts';
export * from './cases.ts';
export * from './chat.ts';
export * from './core.ts';
export * from './corners.ts';
export * from './customers.ts';
export * from './define.ts';
export * from './documents.ts';
export * from './errors.ts';
export * from './explaining.ts';
export * from './fields.ts';
export * from './forms.ts';
export * from './handouts.ts';
export * from './handovers.ts';
export * from './hearing.ts';
export * from './help.ts';
export * from './identities.ts';
export * from './ids.ts';
export * from './journeys.ts';
export * from './kiosks.ts';
export * from './lines.ts';
export * from './media.ts';
export * from './quality.ts';
export * from './queue-board.ts';
export * from './queue-rules.ts';
export * from './queue.ts';
export * from './reading.ts';
export * from './recalls.ts';
export * from './replay.ts';
export * from './reviews-ahead.ts';
export * from './reviews.ts';
export * from './roles.ts';
export * from './self-tests.ts';
export * from './services.ts';
export * from './sharing.ts';
export * from './signing.ts';
export * from './staff.ts';
export * from './staffing.ts';
export * from './texts.ts';
export * from './version.ts';

/** Every question a client may ask, by name. */
export const requests = {
  ...lineRequests,
  ...caseRequests,
  ...queueRequests,
  ...queueBoardRequests,
  ...callRequests,
  ...chatRequests,
  ...customerRequests,
  ...documentRequests,
  ...explainingRequests,
  ...handoutRequests,
  ...annotationRequests,
  ...handoverRequests,
  ...hearingRequests,
  ...helpRequests,
  ...identityRequests,
  ...appointmentRequests,
  ...journeyRequests,
  ...mediaRequests,
  ...qualityRequests,
  ...readingRequests,
  ...selfTestRequests,
  ...recallRequests,
  ...reviewRequests,
  ...sharingRequests,
  ...signingRequests,
  ...staffingRequests,
};
/** Every fact the server may tell, by name. */
export const notices = {
  ...lineNotices,
  ...caseNotices,
  ...queueNotices,
  ...callNotices,
  ...chatNotices,
  ...documentNotices,
  ...explainingNotices,
  ...handoutNotices,
  ...annotationNotices,
  ...handoverNotices,
  ...hearingNotices,
  ...helpNotices,
  ...appointmentNotices,
  ...mediaNotices,
  ...qualityNotices,
  ...readingNotices,
  ...selfTestNotices,
  ...recallNotices,
  ...reviewNotices,
  ...sharingNotices,
  ...signingNotices,
};

export type RequestName = keyof typeof requests;
export type NoticeName = keyof typeof notices;
export type In<N extends RequestName> = z.infer<(typeof requests)[N]['in']>;
export type Out<N extends RequestName> = z.infer<(typeof requests)[N]['out']>;
export type From<N extends RequestName> = (typeof requests)[N]['from'][number];
export type NoticeData<N extends NoticeName> = z.infer<(typeof notices)[N]['data']>;
export type Answer<T> = { ok: true; data: T } | { ok: false; error: Failure };

/** Socket.IO's event maps. A request carries its id beside its data; a notice its number in the line's order. */
export type ClientToServer = {
  [N in RequestName]: (data: In<N>, meta: { id: RequestId }, answer: (a: Answer<Out<N>>) => void) => void;
};
export type ServerToClient = { [N in NoticeName]: (data: NoticeData<N>, seq: number) => void };
