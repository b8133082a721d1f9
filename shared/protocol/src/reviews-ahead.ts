import { z } from 'zod';
import { ReturnReason } from './documents.ts';
import { Instant } from './ids.ts';
import { DocumentKind } from './services.ts';

/** Why a case sent ahead is not done at all. */
export const RefuseReason = z.enum(['not-eligible', 'limits', 'wrong-service', 'not-genuine', 'other']);
export type RefuseReason = z.infer<typeof RefuseReason>;

/** What the customer of a case sent ahead is told of it, on the phone that follows it. */
export const AheadView = z.object({
  at: z.enum(['in-review', 'returned', 'accepted', 'refused']),
  sentAt: Instant,
  dueAt: Instant,
  decidedAt: Instant.nullable(),
  /** The reviewer's words, as typed. */
  note: z.string(),
  reason: RefuseReason.nullable(),
  /** Brings the case to a kiosk, and here too. */
  code: z.string(),
  keptUntil: Instant,
  /** What is to be added: sent back with a reason, or asked for beyond what was sent (null). */
  papers: z.array(z.object({ kind: DocumentKind, reason: ReturnReason.nullable(), note: z.string() })),
  /** false: this phone only looks on. */
  mine: z.boolean(),
});
export type AheadView = z.infer<typeof AheadView>;
