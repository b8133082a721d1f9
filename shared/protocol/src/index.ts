import type { z } from 'zod';
import { appointmentNotices, appointmentRequests } from './appointments.ts';
import { callNotices, callRequests } from './calls.ts';
import { caseNotices, caseRequests } from './cases.ts';
import { customerRequests } from './customers.ts';
import { documentNotices, documentRequests } from './documents.ts';
import type { Failure } from './errors.ts';
import { handoverNotices, handoverRequests } from './handovers.ts';
import { helpNotices, helpRequests } from './help.ts';
import { identityRequests } from './identities.ts';
import type { RequestId } from './ids.ts';
import { journeyRequests } from './journeys.ts';
import { lineNotices, lineRequests } from './lines.ts';
import { mediaNotices, mediaRequests } from './media.ts';
import { queueBoardRequests } from './queue-board.ts';
import { queueNotices, queueRequests } from './queue.ts';
import { sharingNotices, sharingRequests } from './sharing.ts';
import { staffingRequests } from './staffing.ts';

export * from './appointment-plans.ts';
export * from './appointments.ts';
export * from './audit.ts';
export * from './calls.ts';
export * from './cases.ts';
export * from './core.ts';
export * from './customers.ts';
export * from './define.ts';
export * from './documents.ts';
export * from './errors.ts';
export * from './fields.ts';
export * from './forms.ts';
export * from './handovers.ts';
export * from './help.ts';
export * from './identities.ts';
export * from './ids.ts';
export * from './journeys.ts';
export * from './kiosks.ts';
export * from './lines.ts';
export * from './media.ts';
export * from './queue-board.ts';
export * from './queue-rules.ts';
export * from './queue.ts';
export * from './replay.ts';
export * from './roles.ts';
export * from './services.ts';
export * from './sharing.ts';
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
  ...customerRequests,
  ...documentRequests,
  ...handoverRequests,
  ...helpRequests,
  ...identityRequests,
  ...appointmentRequests,
  ...journeyRequests,
  ...mediaRequests,
  ...sharingRequests,
  ...staffingRequests,
};
/** Every fact the server may tell, by name. */
export const notices = {
  ...lineNotices,
  ...caseNotices,
  ...queueNotices,
  ...callNotices,
  ...documentNotices,
  ...handoverNotices,
  ...helpNotices,
  ...appointmentNotices,
  ...mediaNotices,
  ...sharingNotices,
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
