import type { LinkTrouble } from '@openvtm/protocol';

/** A branch's last calls: the median of their scores, and how far from it they usually are. */
export type Usual = { score: number; spread: number; calls: number };
/** How a link was over some time, means. */
export type Figures = {
  score: number;
  lossPercent: number;
  roundTripMs: number;
  /** Percent of the time. */
  frozenPercent: number;
  cutPercent: number;
};
export type LinkBy = 'running' | 'calls';

/** The link of a branch. `since` of `usual`: only what began after it can make it worse again. */
export type Link =
  | { at: 'usual'; since: number }
  | { at: 'worse'; since: number; by: LinkBy; usual: Usual | null; was: Figures };

/** What a link is judged by; null: not enough of it. */
export type Seen = {
  usual: Usual | null;
  /** The median call of the latest three that began after the link's `since`. */
  calls: Figures | null;
  /** Of the branch's running calls: their last 30 seconds, and their last three minutes. */
  running: { short: Figures | null; long: Figures | null };
};

/** Calls that a branch's usual needs. */
const LEAST_CALLS = 10;
/** Calls whose median stands for how it is now. */
export const LATEST = 3;
/** A difference that people notice. */
const LEAST_MARGIN = 0.5;
/** Of normally spread scores one in a thousand lies further out. */
const SPREADS = 3;
/** Makes the median deviation of normally spread values their standard deviation. */
const TO_DEVIATION = 1.4826;
/** ITU-T G.109: from here up (a rating of 80) users are satisfied, and nobody has to be called. */
export const SATISFIED = 4;
/** ITU-T G.109: below (a rating of 60) nearly all users are dissatisfied, at whatever branch. */
export const FLOOR = 2.6;
/** ms after which a link that stayed so is the usual one: as far back as calls count. */
export const USUAL_MS = 14 * 24 * 3_600_000;

export function medianOf(all: readonly number[]): number {
  const sorted = all.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low, high] = [sorted[middle - (sorted.length % 2 === 0 ? 1 : 0)] ?? 0, sorted[middle] ?? 0];
  return (low + high) / 2;
}

/** The usual of these scores: robust, so that one bad day among them moves it little. null: too few. Pure. */
export function usualOf(scores: readonly number[]): Usual | null {
  if (scores.length < LEAST_CALLS) return null;
  const score = medianOf(scores);
  const spread = TO_DEVIATION * medianOf(scores.map((one) => Math.abs(one - score)));
  return { score, spread, calls: scores.length };
}

/** Below `worse` a link is worse than its usual; it is back only from `back` on, halfway up, so that it does not flap. Pure. */
export function limitsOf(usual: Usual | null): { worse: number; back: number } {
  if (usual === null) return { worse: FLOOR, back: FLOOR + LEAST_MARGIN };
  const margin = Math.max(LEAST_MARGIN, SPREADS * usual.spread);
  const worse = Math.max(1, Math.min(usual.score - margin, SATISFIED));
  return { worse, back: Math.min(worse + margin / 2, usual.score) };
}

/** A link one look further. Pure: the same link, look and moment give the same answer, and the same link while nothing changes. */
export function nextLink(link: Link, seen: Seen, now: number): Link {
  if (link.at === 'usual') {
    const { worse } = limitsOf(seen.usual);
    const { short } = seen.running;
    if (short !== null && short.score < worse)
      return { at: 'worse', since: now, by: 'running', usual: seen.usual, was: short };
    if (seen.calls !== null && seen.calls.score < worse)
      return { at: 'worse', since: now, by: 'calls', usual: seen.usual, was: seen.calls };
    return link;
  }
  const { back } = limitsOf(link.usual);
  const isBack = [seen.running.long, seen.calls].some((one) => one !== null && one.score >= back);
  return isBack || now - link.since >= USUAL_MS ? { at: 'usual', since: now } : link;
}

/** Percent of loss, ms there and back: beyond them speech suffers (ITU-T G.113, G.114), as the clients' own levels have it. */
const MUCH_LOSS = 2;
const MUCH_DELAY_MS = 250;
const MUCH_FROZEN = 3;

/** What of a link's figures is bad enough to be named; at least one, since its score was. Pure. */
export function troublesOf({ lossPercent, roundTripMs, frozenPercent, cutPercent }: Figures): LinkTrouble[] {
  const found: LinkTrouble[] = [
    ...(cutPercent > 0 ? (['cut'] as const) : []),
    ...(lossPercent >= MUCH_LOSS ? (['loss'] as const) : []),
    ...(roundTripMs >= MUCH_DELAY_MS ? (['delay'] as const) : []),
    ...(frozenPercent >= MUCH_FROZEN ? (['frozen'] as const) : []),
  ];
  return found.length > 0 ? found : ['picture'];
}
