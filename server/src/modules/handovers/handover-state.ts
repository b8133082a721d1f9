/** A code as it stands, whatever the clock says of it. */
export type Code = { state: 'open' | 'replaced' | 'used'; branchId: string; expiresAt: number };
/** Wrong codes by one device. */
export type Guesses = { wrong: number; lockedUntil: number | null };

/** ms; long enough to walk from the lobby to a kiosk, and a phone shows a new one by itself. */
export const CODE_LIVES_MS = 10 * 60_000;
/** Wrong codes in a row until the device has to wait. */
export const TRIES = 5;
/** ms; five tries in five minutes make one right guess of 6 × 10^11 codes hopeless. */
export const LOCKED_MS = 5 * 60_000;

/** Whether a code holds at a branch. Pure. A code replaced by a newer one is as good as expired. */
export function holds(
  code: Code | null,
  { branchId, now }: { branchId: string; now: number },
): 'holds' | 'unknown' | 'used' | 'expired' | 'elsewhere' {
  if (!code) return 'unknown';
  if (code.state === 'used') return 'used';
  // Before the clock: who stands in the wrong branch must learn that, and not make a new code there in vain.
  if (code.branchId !== branchId) return 'elsewhere';
  return code.state === 'open' && now < code.expiresAt ? 'holds' : 'expired';
}

export const isLocked = ({ lockedUntil }: Guesses, now: number): boolean => lockedUntil !== null && now < lockedUntil;

/** After one more wrong code. Pure. A lock that is over begins the count anew. */
export function afterWrong(guesses: Guesses, now: number): Guesses {
  const wrong = (guesses.lockedUntil === null ? guesses.wrong : 0) + 1;
  return { wrong, lockedUntil: wrong >= TRIES ? now + LOCKED_MS : null };
}
