import { z } from 'zod';
import { CaseAt, CarriedOut } from './cases.ts';
import { notice, request } from './define.ts';
import { AppointmentId, CaseId, HandoverCode, Instant } from './ids.ts';
import { KioskKind } from './kiosks.ts';
import { AheadView, RefuseReason } from './reviews-ahead.ts';
import { ServiceIconName } from './services.ts';
import { Text } from './texts.ts';

/** What a code is for: `continue` moves the case to the device that takes it, `follow` only shows it there. */
export const HandoverPurpose = z.enum(['continue', 'follow']);
export type HandoverPurpose = z.infer<typeof HandoverPurpose>;

/** A case that this device handed over or follows, without anything that was entered. */
export const FollowedCase = z.object({
  caseId: CaseId,
  service: z.object({ title: Text, icon: ServiceIconName }),
  at: CaseAt,
  /** The device that has it now; null: none, it was sent ahead. */
  device: z.object({ name: z.string(), kind: KioskKind }).nullable(),
  branch: Text.nullable(),
  since: Instant,
  /** null: nothing was carried out, or not yet. */
  receipt: CarriedOut.nullable(),
  /** Set when it was sent ahead. */
  ahead: AheadView.nullable(),
});
export type FollowedCase = z.infer<typeof FollowedCase>;

/** Why a code does not bring its case, as an answer and not an error: a wrong one must be counted. */
export const HandoverOutcome = z.discriminatedUnion('is', [
  z.object({ is: z.literal('taken'), caseId: CaseId }),
  z.object({ is: z.literal('following'), caseId: CaseId }),
  z.object({ is: z.literal('unknown'), triesLeft: z.number().int() }),
  z.object({ is: z.literal('used') }),
  z.object({ is: z.literal('expired') }),
  /** It was made at another branch. */
  z.object({ is: z.literal('elsewhere'), branch: Text }),
  /** The case is over, or with a teller: nothing can be taken over. */
  z.object({ is: z.literal('closed') }),
  z.object({ is: z.literal('locked'), until: Instant }),
  /** The case was sent ahead and is still being reviewed; the code still holds. */
  z.object({ is: z.literal('in-review'), dueAt: Instant }),
  /** The case was sent ahead, and the bank does not do it. */
  z.object({ is: z.literal('refused'), reason: RefuseReason, note: z.string() }),
  /** The code of an appointment, and its customer is checked in here: the case is the one begun on the phone, or a new one. */
  z.object({ is: z.literal('arrived'), caseId: CaseId, late: z.boolean() }),
  /** It is not time yet: check-in is from `from` on, by the clock of `zone`. The code still holds. */
  z.object({ is: z.literal('early'), startsAt: Instant, from: Instant, zone: z.string() }),
  /** A phone scanned the code of an appointment and holds it now. */
  z.object({ is: z.literal('holding'), appointmentId: AppointmentId }),
  /** This phone holds another appointment; the code still holds. */
  z.object({ is: z.literal('holds-one') }),
]);
export type HandoverOutcome = z.infer<typeof HandoverOutcome>;

export const handoverRequests = {
  /** A new one-time code for this device's case; the one before no longer holds. `wrong-state` where the case can't move. */
  'handover:offer': request({
    from: ['kiosk'],
    stage: 'ready',
    changes: true,
    in: z.object({ caseId: CaseId, purpose: HandoverPurpose }),
    /** `expiresInMs`, so that the device's own clock need not be right. */
    out: z.object({ code: HandoverCode, expiresInMs: z.number().int() }),
  }),
  /** Spends a code, as typed or scanned: its case goes on here, and the device before can't change it any more. */
  'handover:take': request({
    from: ['kiosk'],
    stage: 'ready',
    changes: true,
    in: z.object({ code: z.string().trim().min(1).max(40) }),
    out: HandoverOutcome,
  }),
  /** This device no longer shows the case that it handed over. */
  'handover:forget': request({
    from: ['kiosk'],
    stage: 'ready',
    changes: true,
    in: z.object({ caseId: CaseId }),
    out: z.object({}),
  }),
};

export const handoverNotices = {
  'handover:changed': notice({ to: ['kiosk'], data: z.object({ followed: FollowedCase.nullable() }) }),
};
