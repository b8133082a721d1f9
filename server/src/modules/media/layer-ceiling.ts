import type { types } from 'mediasoup';
import { giveLayer } from './layers.ts';
import type { Held, Peer } from './peer.ts';

/**
 * What is known of a camera's simulcast layers, lowest first: packets so far, for how many ms a layer was quiet while a
 * lower one went on, and for how many it has come without a break. `ceiling`: nobody gets a higher one; null: no limit,
 * for `freeMs`. `waitMs`: for how long a layer must come before it is given again.
 */
export type Layers = {
  readonly packets: readonly number[];
  readonly quietMs: readonly number[];
  readonly steadyMs: readonly number[];
  readonly ceiling: number | null;
  readonly freeMs: number;
  readonly waitMs: number;
};

const LOOK_EVERY_MS = 150;
/** Three frames of a slow camera. */
const QUIET_MS = 350;
/** A layer that has only just come back is likely to go again, and each time freezes the picture: the wait doubles. */
const WAIT_MS = { first: 8_000, most: 64_000 };
/** After so long without a ceiling the next wait is the first one again. */
const FORGET_MS = 60_000;
/** mediasoup's score of a stream that loses nothing; 0 is one that does not come. */
const FLAWLESS = 10;

export const startLayers = (count: number): Layers => ({
  packets: Array<number>(count).fill(0),
  quietMs: Array<number>(count).fill(0),
  steadyMs: Array<number>(count).fill(0),
  ceiling: null,
  freeMs: 0,
  waitMs: 0,
});

/**
 * What a look at the packet counts, `ms` after the last one, says of the layers. `used`: the highest one that anybody
 * gets, -1 for none. A browser that is short of bandwidth just stops a layer, which mediasoup notices after 1.5 to 3 s of
 * frozen picture; a lower layer that goes on tells it sooner. Pure.
 */
export function lookAtLayers(
  before: Layers,
  { packets, used }: { packets: readonly number[]; used: number },
  ms: number,
): Layers {
  const moved = packets.map((count, layer) => count > (before.packets[layer] ?? 0));
  const lowerMoved = (layer: number) => moved.slice(0, layer).includes(true);
  const quietMs = packets.map((_, layer) =>
    moved[layer] === true ? 0 : (before.quietMs[layer] ?? 0) + (lowerMoved(layer) ? ms : 0),
  );
  const comes = quietMs.map((quiet) => quiet < QUIET_MS);
  const steadyMs = packets.map((_, layer) => (comes[layer] === true ? (before.steadyMs[layer] ?? 0) + ms : 0));
  const highest = comes.lastIndexOf(true);
  const { ceiling } = before;
  const now = { ...before, packets, quietMs, steadyMs };
  if (used > highest && (ceiling === null || highest < ceiling)) {
    const forgotten = ceiling === null && before.freeMs >= FORGET_MS;
    const waitMs = forgotten ? WAIT_MS.first : Math.min(WAIT_MS.most, Math.max(WAIT_MS.first, 2 * before.waitMs));
    return { ...now, ceiling: highest, freeMs: 0, waitMs };
  }
  if (ceiling === null) return { ...now, freeMs: before.freeMs + ms };
  if ((steadyMs[ceiling + 1] ?? 0) < before.waitMs) return now;
  return { ...now, ceiling: ceiling + 1 >= packets.length - 1 ? null : ceiling + 1 };
}

/**
 * Looks at a camera's layers while its line loses packets, and takes those who get a layer that stopped to a lower one.
 * Ends with the producer. `viewers`: who gets it now.
 */
export function keepUnderCeiling(
  owner: Peer,
  { producer, viewers }: { producer: types.Producer; viewers: () => Iterable<Held> },
): void {
  owner.ceiling = null;
  const count = producer.rtpParameters.encodings?.length ?? 1;
  if (count < 2) return;
  const rids = producer.rtpParameters.encodings?.map(({ rid }) => rid) ?? [];
  let layers = startLayers(count);
  let lookedAt = performance.now();
  let looking = false;

  async function look(): Promise<void> {
    const stats = await producer.getStats();
    const now = performance.now();
    const packets = rids.map((rid) => stats.find((one) => one.rid === rid)?.packetCount ?? 0);
    const all = [...viewers()].filter(({ consumer }) => !consumer.closed && consumer.type === 'simulcast');
    const used = Math.max(
      -1,
      ...all.map(({ consumer }) => (consumer.paused ? -1 : (consumer.currentLayers?.spatialLayer ?? -1))),
    );
    layers = lookAtLayers(layers, { packets, used }, now - lookedAt);
    lookedAt = now;
    if (layers.ceiling === owner.ceiling) return;
    owner.ceiling = layers.ceiling;
    // One who leaves meanwhile is no reason to keep the others waiting.
    await Promise.allSettled(all.map((held) => giveLayer(held, { count, ceiling: layers.ceiling })));
  }

  const timer = setInterval(() => {
    const loses = producer.score.some(({ score }) => score > 0 && score < FLAWLESS);
    if (looking) return;
    if (!loses && layers.ceiling === null) return void (lookedAt = performance.now());
    looking = true;
    // The producer or its worker goes away: the timer does, too.
    look()
      .catch(() => undefined)
      .finally(() => (looking = false));
  }, LOOK_EVERY_MS);
  producer.observer.once('close', () => clearInterval(timer));
}
