import type { Point } from '@openvtm/protocol';
import { computed, onScopeDispose, shallowRef, watch, type ComputedRef } from 'vue';
import { lookAgain, noGuidance, type Advice, type Guidance } from './guide/advice.ts';
import type { Guide } from './guide/guide.ts';
import type { Observation } from './guide/observe.ts';

/** What is shown; `taken`: a good page that has been taken already and is not taken again by itself. */
export type ShownGuidance = Pick<Guidance, 'corners'> & { said: Advice | 'taken' };
type GuideView = {
  /** null: it is not there (yet), and pictures are taken by hand. */
  guidance: ComputedRef<ShownGuidance | null>;
  /** Looks at a picture that was taken, which is given away. */
  look(picture: ImageBitmap): Promise<Observation | null>;
};

/** A page is another one, or was moved, when its corners are farther from where they were (share of the picture). */
const MOVED = 0.06;
/** ms: a page that was taken so long ago may be taken by itself again. */
const FORGOTTEN_MS = 60_000;
/** Where the page lay that was taken by itself last, also for the document before: its front must not be taken for its back. */
let taken: { corners: Point[]; at: number } | null = null;

const isMoved = (from: Point[], to: Point[]) =>
  to.some(({ x, y }, i) => Math.hypot(x - (from[i]?.x ?? 9), y - (from[i]?.y ?? 9)) > MOVED);

/**
 * The eye over a camera's picture while `track()` gives one; `take` is called when a page has been good for a moment,
 * and not again before another has come or this one was moved. Its worker is fetched only now.
 */
export function useGuide({ track, take }: { track: () => MediaStreamTrack | null; take: () => void }): GuideView {
  const guidance = shallowRef<ShownGuidance | null>(null);
  let last: Guidance | null = null;
  let guide: Guide | null = null;
  let gone = false;
  const loading = import('./guide/guide.ts')
    .then(({ startGuide }) => {
      if (!gone) guide = startGuide();
      return guide;
    })
    .catch(() => null);

  const onSeen = (seen: Observation) => {
    const now = performance.now();
    const next = lookAgain(last ?? noGuidance(now), seen, now);
    last = next;
    if (taken && (!seen.corners || now - taken.at > FORGOTTEN_MS || isMoved(taken.corners, seen.corners))) taken = null;
    guidance.value = { corners: next.corners, said: taken && next.said === 'good' ? 'taken' : next.said };
    if (!next.take || taken || !seen.corners) return;
    taken = { corners: seen.corners, at: now };
    take();
  };

  watch(
    track,
    async (now, _before, onCleanup) => {
      let stop = () => {};
      let over = false;
      onCleanup(() => {
        over = true;
        stop();
        guidance.value = null;
        last = null;
      });
      const ready = now && (await loading);
      if (ready && !over) stop = ready.watch(now, onSeen);
    },
    { immediate: true },
  );
  onScopeDispose(() => {
    gone = true;
    guide?.close();
  });
  return {
    guidance: computed(() => guidance.value),
    look: async (picture) => (await loading)?.look(picture) ?? null,
  };
}
