import { z } from 'zod';
import { Print } from './cases.ts';
import { notice, request } from './define.ts';
import { CallId, Instant, RecallId } from './ids.ts';
import { Language } from './roles.ts';
import { ServiceIconName } from './services.ts';
import { Text } from './texts.ts';

/** ms for which the case of a customer whose kiosk dropped out of the call is kept to go on. */
export const RECALL_KEPT_MS = 10 * 60_000;
/** ms for which a kiosk asks whether the customer is there. */
export const RECALL_RINGS_MS = 45_000;

/** How the last ring ended. `taken`: somebody else is at the kiosk now. */
export const RecallEnd = z.enum(['declined', 'no-answer', 'taken', 'stopped']);
export type RecallEnd = z.infer<typeof RecallEnd>;

/** A call that ended because its kiosk dropped out, as its agent sees it, as long as the case is kept. */
export const DroppedCall = z.object({
  callId: CallId,
  service: z.object({ title: Text, icon: ServiceIconName }),
  kiosk: z.object({ name: z.string(), branch: Text }),
  droppedAt: Instant,
  keptUntil: Instant,
  ring: z
    .discriminatedUnion('at', [
      z.object({ at: z.literal('ringing'), deadline: Instant }),
      z.object({ at: z.literal('ended'), how: RecallEnd }),
    ])
    .nullable(),
});
export type DroppedCall = z.infer<typeof DroppedCall>;

/** What a kiosk asks whoever stands there; nothing that tells another customer what it is about. */
export const KioskRecall = z.object({
  recallId: RecallId,
  agent: z.string(),
  deadline: Instant,
  /** As the customer of the call had the screens. */
  language: Language,
  print: Print,
});
export type KioskRecall = z.infer<typeof KioskRecall>;

const ofCall = z.object({ callId: CallId });

export const recallRequests = {
  /**
   * The agent whose call dropped has its kiosk ask for the customer. `away`: the kiosk is not on line; `busy`: somebody is
   * at it. `expired` when the case is not kept any more; `wrong-state` for who is in another call or off duty. Rings
   * already: nothing more happens.
   */
  'recall:ring': request({
    from: ['agent'],
    stage: 'ready',
    changes: true,
    in: ofCall,
    out: z.object({ is: z.enum(['rings', 'away', 'busy']) }),
  }),
  /** The kiosk asks no more; does not ring: nothing. */
  'recall:stop': request({ from: ['agent'], stage: 'ready', changes: true, in: ofCall, out: z.object({}) }),
  /**
   * Whoever stands at the kiosk was in the call and goes on, or not. The case comes back to the kiosk and waits for its
   * agent first, before others. `expired` when it was too late; `wrong-state` when a case was begun there meanwhile.
   */
  'recall:answer': request({
    from: ['kiosk'],
    stage: 'ready',
    changes: true,
    in: z.object({ recallId: RecallId, comes: z.boolean() }),
    out: z.object({}),
  }),
};

export const recallNotices = {
  'recall:changed': notice({ to: ['kiosk'], data: z.object({ recall: KioskRecall.nullable() }) }),
  /** The latest first. */
  'recall:dropped-changed': notice({ to: ['agent'], data: z.object({ dropped: z.array(DroppedCall) }) }),
};
