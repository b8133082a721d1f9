import { z } from 'zod';

/** Every identifier is a UUID with a type of its own, so that a call's id can't be handed where a case's is wanted. */
export const KioskId = z.uuid().brand<'KioskId'>();
export type KioskId = z.infer<typeof KioskId>;
export const BranchId = z.uuid().brand<'BranchId'>();
export type BranchId = z.infer<typeof BranchId>;
export const StaffId = z.uuid().brand<'StaffId'>();
export type StaffId = z.infer<typeof StaffId>;
export const CaseId = z.uuid().brand<'CaseId'>();
export type CaseId = z.infer<typeof CaseId>;
export const TicketId = z.uuid().brand<'TicketId'>();
export type TicketId = z.infer<typeof TicketId>;
export const OfferId = z.uuid().brand<'OfferId'>();
export type OfferId = z.infer<typeof OfferId>;
export const CallId = z.uuid().brand<'CallId'>();
export type CallId = z.infer<typeof CallId>;
export const InvitationId = z.uuid().brand<'InvitationId'>();
export type InvitationId = z.infer<typeof InvitationId>;
export const DocumentId = z.uuid().brand<'DocumentId'>();
export type DocumentId = z.infer<typeof DocumentId>;
export const PaperId = z.uuid().brand<'PaperId'>();
export type PaperId = z.infer<typeof PaperId>;
export const HandoutId = z.uuid().brand<'HandoutId'>();
export type HandoutId = z.infer<typeof HandoutId>;
export const AnnotationId = z.uuid().brand<'AnnotationId'>();
export type AnnotationId = z.infer<typeof AnnotationId>;
export const ReviewId = z.uuid().brand<'ReviewId'>();
export type ReviewId = z.infer<typeof ReviewId>;
export const AppointmentId = z.uuid().brand<'AppointmentId'>();
export type AppointmentId = z.infer<typeof AppointmentId>;
export const ChatMessageId = z.uuid().brand<'ChatMessageId'>();
export type ChatMessageId = z.infer<typeof ChatMessageId>;
export const RecallId = z.uuid().brand<'RecallId'>();
export type RecallId = z.infer<typeof RecallId>;
export const HelpId = z.uuid().brand<'HelpId'>();
export type HelpId = z.infer<typeof HelpId>;
/** A request's id, made by the client: the same id again gets the first answer again. */
export const RequestId = z.uuid().brand<'RequestId'>();
export type RequestId = z.infer<typeof RequestId>;
/** A service's id is the name of its data file: `replace-lost-card`. */
export const ServiceId = z
  .string()
  .regex(/^[a-z][a-z0-9-]{1,62}$/)
  .brand<'ServiceId'>();
export type ServiceId = z.infer<typeof ServiceId>;
/**
 * Eight letters and digits in two groups, without those that look alike (no 0 O 1 I L): 6 × 10^11 codes. The QR picture
 * of a code is the address of the phone page with it, so that a phone's own camera opens it, too.
 */
export const HandoverCode = z.string().regex(/^[2-9A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]{4}$/);
/** Milliseconds since 1970, by the server's clock. */
export const Instant = z.number().int().nonnegative();
