import type { LostWhy, Print } from '@openvtm/protocol';
import type { Screen } from '../../journey/screen.ts';

/** What the kiosk remembers of one customer's way, to see that they are lost. Counts and moments only: nothing typed. */
export type Trail = {
  /** The screen and its page, and since when (ms since 1970, so that it holds over a reload). */
  place: string;
  since: number;
  /** When the customer turned back. */
  backs: readonly number[];
  /** How often in a row each field was said to be wrong. */
  wrongs: Readonly<Record<string, number>>;
};
export type Lost = { why: LostWhy; field?: string };

/** ms on one screen, or one page of it, after which a customer is slow; about three times what it takes. Not here: never. */
const SLOW_AFTER_MS: Partial<Record<Screen['at'], number>> = {
  services: 75_000,
  code: 75_000,
  consent: 90_000,
  form: 75_000,
  explain: 90_000,
  assess: 60_000,
  agree: 75_000,
  identify: 90_000,
  picture: 90_000,
  photograph: 90_000,
  person: 60_000,
  stopped: 60_000,
  'call-back': 75_000,
};
/** So many turns back within so long are a search for the way. */
const BACKS = 3;
const BACKS_WITHIN_MS = 120_000;
/** A field that is wrong so often in a row will not come right alone. */
const WRONGS = 3;
/** By how much longer everything may take whoever asked for larger print, or for the elder mode. */
const PATIENCE: Record<Print, number> = { normal: 1, large: 1.6, elder: 2.5 };

export const placeOf = (screen: Screen['at'], page: string): string => `${screen} ${page}`;
export const newTrail = (place: string, now: number): Trail => ({ place, since: now, backs: [], wrongs: {} });

/** The trail after the customer came to another place, or stayed. */
export const moved = (trail: Trail, place: string, now: number): Trail =>
  trail.place === place ? trail : { ...trail, place, since: now };

export const turnedBack = (trail: Trail, now: number): Trail => ({
  ...trail,
  backs: [...trail.backs.filter((at) => now - at < BACKS_WITHIN_MS), now],
});

/** A field was left: wrong once more, or right at last. */
export function tried(trail: Trail, field: string, wrong: boolean): Trail {
  const { [field]: before = 0, ...others } = trail.wrongs;
  return { ...trail, wrongs: wrong ? { ...others, [field]: before + 1 } : others };
}

/** Whether, and why, this customer should be offered help. Pure; every figure is above. */
export function lostOf(trail: Trail, { now, print }: { now: number; print: Print }): Lost | null {
  const screen = trail.place.split(' ', 1)[0] as Screen['at'];
  const slowAfter = SLOW_AFTER_MS[screen];
  // In the queue, in a call and at the end somebody is there, or nothing is to be done.
  if (slowAfter === undefined) return null;
  const field = Object.entries(trail.wrongs).find(([, times]) => times >= WRONGS)?.[0];
  if (field !== undefined) return { why: 'field-problems', field };
  if (trail.backs.filter((at) => now - at < BACKS_WITHIN_MS).length >= BACKS) return { why: 'back-and-forth' };
  return now - trail.since >= slowAfter * PATIENCE[print] ? { why: 'slow' } : null;
}
