import type { OfferView } from '@openvtm/protocol';

/** What is left of an offer: `fraction` 1 → 0 of its whole time, `seconds` rounded up for reading. */
export type Countdown = { leftMs: number; seconds: number; fraction: number; over: boolean };

/** `now` is the server's clock, as the offer's own times are. */
export function countdownOf(offer: Pick<OfferView, 'madeAt' | 'deadline'>, now: number): Countdown {
  const whole = Math.max(1, offer.deadline - offer.madeAt);
  const leftMs = Math.min(whole, Math.max(0, offer.deadline - now));
  return { leftMs, seconds: Math.ceil(leftMs / 1000), fraction: leftMs / whole, over: leftMs === 0 };
}
