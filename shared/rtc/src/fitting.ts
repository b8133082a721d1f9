import type { Line } from './line.ts';

/** A tile shows a track with so many lines (device pixels); null: it shows it no more. */
export type TileFit = { track: MediaStreamTrack; tile: object; lines: number | null };

export type Fitting = {
  fit(told: TileFit): void;
  close(): void;
};

// A window that is drawn by its edge asks a few times only.
const SEND_AFTER_MS = 300;
const STEP_LINES = 90;

/** Tells the server how large each picture is shown, so that no more of it comes than can be seen. */
export function createFitting(options: {
  line: Line;
  /** The consumer that a track comes by; null: it is none of them. */
  consumerOf: (track: MediaStreamTrack) => string | null;
}): Fitting {
  const { line, consumerOf } = options;
  const tiles = new Map<MediaStreamTrack, Map<object, number>>();
  const asked = new WeakMap<MediaStreamTrack, number>();
  let timer: ReturnType<typeof setTimeout> | undefined;

  function send(): void {
    timer = undefined;
    for (const [track, shown] of tiles) {
      const consumerId = consumerOf(track);
      const lines = Math.max(...shown.values());
      if (consumerId === null || asked.get(track) === lines) continue;
      asked.set(track, lines);
      // It may have been closed meanwhile; one that stays is asked for again when its tile changes.
      line.request('media:fit', { consumerId, lines }).catch(() => asked.delete(track));
    }
  }

  return {
    fit({ track, tile, lines }) {
      const shown = tiles.get(track) ?? new Map<object, number>();
      if (lines === null) shown.delete(tile);
      else shown.set(tile, Math.ceil(lines / STEP_LINES) * STEP_LINES);
      if (shown.size === 0) tiles.delete(track);
      else tiles.set(track, shown);
      timer ??= setTimeout(send, SEND_AFTER_MS);
    },
    close() {
      clearTimeout(timer);
      tiles.clear();
    },
  };
}
