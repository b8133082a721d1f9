import type { MediaNeeds } from './media-needs.ts';
import type { Held, Peer } from './peer.ts';

/** Lines of the picture that a camera sends in so many layers; each layer has half of the next one's (shared/rtc, producing). */
const FULL_LINES = new Map([
  [3, 720],
  [2, 480],
]);
/** A picture may be drawn larger than it came by this much before anybody sees it. */
const ENOUGH = 0.8;

/** The lowest of `layers` layers, counted from 0, that fills a tile of so many lines. Pure. */
export function layerFor(lines: number, layers: number): number {
  const full = FULL_LINES.get(layers) ?? 0;
  const linesOf = (layer: number) => full / 2 ** (layers - 1 - layer);
  for (let layer = 0; layer < layers - 1; layer += 1) if (linesOf(layer) >= ENOUGH * lines) return layer;
  return layers - 1;
}

/** From now on the consumer gets what fits its tile, where its producer sends more than one layer. */
export async function fitConsumer(held: Held, lines: number, owner: Peer | undefined): Promise<void> {
  const count = owner?.producers.get(held.source)?.rtpParameters.encodings?.length ?? 1;
  if (held.consumer.type !== 'simulcast' || held.consumer.closed) return;
  held.layer = layerFor(lines, count);
  await giveLayer(held, { count, ceiling: held.source === 'camera' ? (owner?.ceiling ?? null) : null });
}

/** Gives a consumer the layer that fits it, of `count`, and none above the ceiling. */
export async function giveLayer(
  { consumer, layer }: Held,
  { count, ceiling }: { count: number; ceiling: number | null },
): Promise<void> {
  const top = count - 1;
  await consumer.setPreferredLayers({ spatialLayer: Math.min(layer ?? top, ceiling ?? top) });
}

/** Tells whose camera it is whether anybody gets its highest layer; who has said nothing gets it. */
export function settleLayers(owner: Peer, viewers: Iterable<Peer>, tell: MediaNeeds['tell']): void {
  const producer = owner.producers.get('camera');
  const layers = producer?.rtpParameters.encodings?.length ?? 1;
  if (layers < 2) return;
  const wanted = [...viewers].flatMap((peer) =>
    [...peer.consumers.values()].filter(({ from, source }) => from === owner.id && source === 'camera'),
  );
  // Nobody there yet: the first to come must not wait for it.
  const full = wanted.length === 0 || wanted.some(({ layer }) => layer === null || layer === layers - 1);
  if (full === owner.sendsFull) return;
  owner.sendsFull = full;
  tell(owner.id, 'media:layers', { full });
}
