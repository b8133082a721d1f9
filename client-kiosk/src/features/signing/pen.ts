import type { Signature } from '@openvtm/protocol';

/** What the pad keeps of a stroke. */
export type Drawn = { points: { x: number; y: number; time: number; pressure: number }[] };

/** A drawing as the server takes it: tenths of a pixel, ms since the pen first touched. */
export function signatureOf(drawn: Drawn[], pad: Signature['pad']): Signature {
  const begun = Math.min(...drawn.flatMap(({ points }) => points.map(({ time }) => time)));
  return {
    pad,
    strokes: drawn
      .filter(({ points }) => points.length > 0)
      .map(({ points }) =>
        points.map(({ x, y, time, pressure }): Signature['strokes'][number][number] => [
          Math.round(x * 10),
          Math.round(y * 10),
          Math.max(0, Math.round(time - begun)),
          Math.round(Math.min(1, Math.max(0, pressure)) * 1_000),
        ]),
      ),
  };
}
