import { z } from 'zod';
import { notice, request } from './define.ts';
import { HelpId, Instant, KioskId } from './ids.ts';

/** A customer's call for branch staff to come to the kiosk. */
export const HelpView = z.object({
  helpId: HelpId,
  kioskId: KioskId,
  kiosk: z.string(),
  calledAt: Instant,
  state: z.discriminatedUnion('at', [
    z.object({ at: z.literal('called') }),
    z.object({ at: z.literal('coming'), since: Instant, by: z.string() }),
  ]),
});
export type HelpView = z.infer<typeof HelpView>;

const ofHelp = z.object({ helpId: HelpId });

export const helpRequests = {
  /** Calls branch staff; again while one is open, answers with the same. */
  'help:call': request({ from: ['kiosk'], stage: 'ready', changes: true, in: z.object({}), out: ofHelp }),
  'help:cancel': request({ from: ['kiosk'], stage: 'ready', changes: true, in: ofHelp, out: z.object({}) }),
  /** A member of the branch's staff is on the way. */
  'help:answer': request({ from: ['branch-staff'], stage: 'ready', changes: true, in: ofHelp, out: z.object({}) }),
  'help:close': request({ from: ['branch-staff'], stage: 'ready', changes: true, in: ofHelp, out: z.object({}) }),
};

export const helpNotices = {
  'help:changed': notice({ to: ['kiosk'], data: z.object({ help: HelpView.nullable() }) }),
  'help:list-changed': notice({ to: ['branch-staff'], data: z.object({ open: z.array(HelpView) }) }),
};
