import type { HandoutAt } from '@openvtm/protocol';

/** A link as it stands; the clock alone makes it expired. */
export type Link =
  | { at: 'open'; tries: number; expiresAt: number }
  /** `until`: so long its papers come down. */
  | { at: 'opened'; until: number }
  | { at: 'locked' }
  | { at: 'replaced' };

/** ms; long enough to open it at home the same day, and a photograph of the picture is worth nothing for ever. */
export const LINK_LIVES_MS = 24 * 3_600_000;
/** ms for which an opened link gives its papers: one may have to be fetched again where the network is bad. */
export const OPENED_MS = 15 * 60_000;
/** Wrong answers until a link is closed: of ten thousand, three are no danger. */
export const TRIES = 3;

/** How it stands at a moment. Pure. */
export function standing(link: Link, now: number): HandoutAt {
  if (link.at === 'open') return now < link.expiresAt ? 'open' : 'expired';
  return link.at;
}

export const triesLeft = (link: Link): number => (link.at === 'open' ? TRIES - link.tries : 0);

/** After an answer to the second factor. Pure; `null`: it does not stand open. */
export function afterAnswer(link: Link, { right, now }: { right: boolean; now: number }): Link | null {
  if (link.at !== 'open' || standing(link, now) !== 'open') return null;
  if (right) return { at: 'opened', until: now + OPENED_MS };
  const tries = link.tries + 1;
  return tries >= TRIES ? { at: 'locked' } : { ...link, tries };
}
