/** ms an offer rings before it goes to the next agent. Amazon Connect uses about 20 s. */
export const OFFER_MS = 20_000;
/** ms before the same ticket is offered again to an agent who declined or missed it. */
export const BACK_OFF_MS = 30_000;
/** ms that an agent's line may be down before a ready agent counts as gone. */
export const AGENT_ABSENCE_MS = 8_000;
/** ms that a waiting kiosk's line may be down before its ticket is given up. */
export const KIOSK_ABSENCE_MS = 90_000;

/**
 * An honest range in whole minutes until a ticket's turn, or null when nobody on duty can serve it. `ahead` counts the
 * tickets before it that the same agents could take; the range spans a half to one and a half of the plain estimate,
 * since talks vary that much.
 */
export function waitRange(queue: {
  ahead: number;
  onDuty: number;
  free: number;
  minutes: number;
}): { from: number; to: number } | null {
  if (queue.onDuty === 0) return null;
  if (queue.free > queue.ahead) return { from: 0, to: 1 };
  const turns = (queue.ahead + 1 - queue.free) / queue.onDuty;
  const likely = turns * queue.minutes;
  const from = Math.floor(likely * 0.5);
  return { from, to: Math.max(from + 1, Math.ceil(likely * 1.5)) };
}
