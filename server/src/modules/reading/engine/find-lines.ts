/** How likely each pixel is part of a text line (0 to 1), row by row. */
export type TextMap = { data: Float32Array; width: number; height: number };
/** A line of text as it lies: its middle, its length and height (pixels of the map), and its slope (radians, clockwise). */
export type FoundLine = { x: number; y: number; length: number; height: number; slope: number };

/** A pixel from here on is text, and a line whose pixels are so likely on average is one (PP-OCR's own numbers, the second lowered for worn print). */
const TEXT = 0.3;
const LINE = 0.5;
/** The map marks the heart of a line; by this share of area over girth it is grown to the whole of it. */
const GROWTH = 1.6;
/** From here on, length over height, a line's own slope can be told. */
const LONG = 3;
/** Radians by which a line's slope may differ from the page's before it counts as a mistake. */
const MOST_ASKEW = 0.2;
/** No page of a known kind has nearly as many; noise has. */
const MOST_LINES = 120;
const LEAST_PIXELS = 24;

type Heap = { pixels: number[]; x: number; y: number; slope: number; long: boolean };

/** The lines of text in a map, from the top down. */
export function findLines(map: TextMap): FoundLine[] {
  const heaps = heapsOf(map)
    .map((pixels) => measure(pixels, map.width))
    .toSorted((a, b) => b.pixels.length - a.pixels.length)
    .slice(0, MOST_LINES);
  const slopes = heaps
    .filter(({ long }) => long)
    .map(({ slope }) => slope)
    .toSorted((a, b) => a - b);
  const usual = slopes[slopes.length >> 1] ?? 0;
  return heaps
    .flatMap(
      (heap) => frame(heap, map, heap.long && Math.abs(heap.slope - usual) < MOST_ASKEW ? heap.slope : usual) ?? [],
    )
    .toSorted((a, b) => a.y - b.y);
}

/** Text pixels that touch each other. */
function heapsOf({ data, width, height }: TextMap): number[][] {
  const seen = new Uint8Array(width * height);
  const heaps: number[][] = [];
  for (let start = 0; start < seen.length; start += 1) {
    if (seen[start] === 1 || (data[start] ?? 0) < TEXT) continue;
    const pixels = [start];
    seen[start] = 1;
    for (let i = 0; i < pixels.length; i += 1) {
      const at = pixels[i] ?? 0;
      const x = at % width;
      for (const next of [x > 0 ? at - 1 : -1, x < width - 1 ? at + 1 : -1, at - width, at + width]) {
        if (next < 0 || next >= seen.length || seen[next] === 1 || (data[next] ?? 0) < TEXT) continue;
        seen[next] = 1;
        pixels.push(next);
      }
    }
    if (pixels.length >= LEAST_PIXELS) heaps.push(pixels);
  }
  return heaps;
}

/** Middle and main axis, by the second moments. */
function measure(pixels: number[], width: number): Heap {
  let [sumX, sumY] = [0, 0];
  for (const at of pixels) {
    sumX += at % width;
    sumY += Math.floor(at / width);
  }
  const [x, y] = [sumX / pixels.length, sumY / pixels.length];
  let [xx, yy, xy] = [0, 0, 0];
  for (const at of pixels) {
    const [dx, dy] = [(at % width) - x, Math.floor(at / width) - y];
    xx += dx * dx;
    yy += dy * dy;
    xy += dx * dy;
  }
  const spread = Math.hypot(xx - yy, 2 * xy);
  const ratio = Math.sqrt((xx + yy + spread) / Math.max(1e-6, xx + yy - spread));
  return { pixels, x, y, slope: Math.atan2(2 * xy, xx - yy) / 2, long: ratio > LONG };
}

/** The box around a heap along `slope`, grown to the whole line; null when it is too unlikely, or no line. */
function frame({ pixels, x, y }: Heap, { data, width }: TextMap, slope: number): FoundLine | null {
  const [cos, sin] = [Math.cos(slope), Math.sin(slope)];
  let [left, right, top, bottom, likely] = [0, 0, 0, 0, 0];
  for (const at of pixels) {
    const [dx, dy] = [(at % width) - x, Math.floor(at / width) - y];
    const [along, across] = [dx * cos + dy * sin, dy * cos - dx * sin];
    left = Math.min(left, along);
    right = Math.max(right, along);
    top = Math.min(top, across);
    bottom = Math.max(bottom, across);
    likely += data[at] ?? 0;
  }
  if (likely / pixels.length < LINE) return null;
  const [length, height] = [right - left + 1, bottom - top + 1];
  const grown = (length * height * GROWTH) / (2 * (length + height));
  const [along, across] = [(left + right) / 2, (top + bottom) / 2];
  return {
    x: x + along * cos - across * sin + 0.5,
    y: y + along * sin + across * cos + 0.5,
    length: length + 2 * grown,
    height: height + 2 * grown,
    slope,
  };
}
