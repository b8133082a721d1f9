/** How long those before took with an agent: the mean in ms, and its spread as a share of the mean. */
export type Handling = { meanMs: number; spread: number };
/** Until a ticket's turn, in ms. */
export type WaitRange = { fromMs: number; toMs: number };

const MINUTE_MS = 60_000;
/** Four of five waits lie within so many standard deviations of the mean, when many small times add up. */
const FOUR_OF_FIVE = 1.28;

/**
 * An honest range until a ticket's turn, or null when nobody on duty can serve it. `ahead` counts the tickets before it
 * that the same agents could take: so many turns end one after the other, each after the mean time over the number of
 * agents, and their spread adds up as that of independent times does.
 */
export function waitRange(
  { ahead, onDuty, free }: { ahead: number; onDuty: number; free: number },
  { meanMs, spread }: Handling,
): WaitRange | null {
  if (onDuty === 0) return null;
  if (free > ahead) return { fromMs: 0, toMs: MINUTE_MS };
  const turns = ahead + 1 - free;
  const each = meanMs / onDuty;
  const likely = turns * each;
  const within = FOUR_OF_FIVE * Math.sqrt(turns) * spread * each;
  const fromMs = Math.floor(Math.max(0, likely - within) / MINUTE_MS) * MINUTE_MS;
  return { fromMs, toMs: Math.max(fromMs + MINUTE_MS, Math.ceil((likely + within) / MINUTE_MS) * MINUTE_MS) };
}

/** What a customer is told changes no more often than this (Asterisk's `min-announce-frequency`). */
const TELL_EVERY_MS = 15_000;
const MOST_TOLD = 20_000;

/** Holds what each ticket was told for 15 s; that nobody is there, or that somebody came, is said at once. */
export function createTold() {
  const told = new Map<string, { at: number; wait: WaitRange | null }>();
  return (ticketId: string, wait: WaitRange | null, now: number): WaitRange | null => {
    const last = told.get(ticketId);
    const isFresh = last !== undefined && now >= last.at && now - last.at < TELL_EVERY_MS;
    if (isFresh && (last.wait === null) === (wait === null)) return last.wait;
    if (told.size >= MOST_TOLD) told.clear();
    told.set(ticketId, { at: now, wait });
    return wait;
  };
}
