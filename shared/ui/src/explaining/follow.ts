import type { SheetPlace } from '@openvtm/protocol';

/** ms for which who has just scrolled is not scrolled away by the other. */
export const OWN_MS = 1_500;
/** ms between two scroll events of one movement: a finger that let go moves on for a while. */
const ROLLING_MS = 250;

/** Tells one's own scrolling from what follows the other's. Pure: times are given (ms). */
export interface Follow {
  /** A finger, wheel or key touched the frame. */
  touched(now: number): void;
  /** The frame scrolled; whether it was by this side. */
  scrolled(now: number): boolean;
  /** The own scrolling is over at once. */
  rest(): void;
  /** ms until the other may be followed; 0: now. */
  waitFor(now: number): number;
}

export function createFollow(): Follow {
  let ownUntil = -Infinity;
  return {
    touched(now) {
      ownUntil = now + OWN_MS;
    },
    scrolled(now) {
      const own = now < ownUntil;
      // What rolls on is still one's own, and ends when it rests.
      if (own) ownUntil = Math.max(ownUntil, now + ROLLING_MS);
      return own;
    },
    rest() {
      ownUntil = -Infinity;
    },
    waitFor: (now) => Math.max(0, ownUntil - now),
  };
}

type Box = { top: number; height: number };

/** The block at a height of the frame, and how much of it is above. `boxes`: from the start of what scrolls. */
export function placeAt(boxes: readonly Box[], top: number): SheetPlace {
  const found = boxes.findLastIndex((box) => box.top <= top + 1);
  const block = Math.max(0, found);
  const box = boxes[block];
  if (!box || box.height === 0) return { block, share: 0 };
  return { block, share: Math.round(Math.min(1, Math.max(0, (top - box.top) / box.height)) * 100) };
}

/** Where a frame must be scrolled to for a place to be at its top. */
export function topOf(boxes: readonly Box[], { block, share }: SheetPlace): number {
  const box = boxes[Math.min(block, boxes.length - 1)];
  return box ? Math.round(box.top + (box.height * share) / 100) : 0;
}

/** Per cent of what scrolls that was above the frame's lower edge. */
export const shareSeen = ({
  scrollTop,
  clientHeight,
  scrollHeight,
}: Pick<Element, 'scrollTop' | 'clientHeight' | 'scrollHeight'>): number =>
  scrollHeight <= 0 ? 0 : Math.min(100, Math.floor(((scrollTop + clientHeight + 2) / scrollHeight) * 100));
