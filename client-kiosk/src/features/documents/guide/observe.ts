import type { Point } from '@openvtm/protocol';
import { findPage } from './find-page.ts';
import { shrink, type Grey } from './grey.ts';

/** What is seen of a picture, for advice. */
export type Observation = {
  /** Shares of the picture, upper left first; null: no page. */
  corners: Point[] | null;
  /** A corner is not in the picture. */
  cutOff: boolean;
  /** 0 to 255: how bright the brighter tenth of the page is, of the picture where there is no page. */
  light: number;
  /** Share of the page in which nothing but white is left. */
  glare: number;
  /** How steep its steepest edges are: 1 from dark to bright within a pixel, 0 nowhere. */
  sharpness: number;
};

/** Pixels of the longer side of the picture that a page is looked for in. */
const LOOK = 400;
/** Of the one that light is judged by. */
const LIGHT_LOOK = 160;
/** Sharpness is judged as somebody sees it who looks at the whole page: its longer side has about so many pixels. */
const SHARP_LOOK = 1_300;
/** The most pixels that sharpness is judged by. */
const SHARP_MOST = 260_000;
const WHITE = 252;
/** So near to the picture's edge (share of it) a corner may as well be outside. */
const MARGIN = 0.008;

export function observe(picture: Grey): Observation {
  const looked = shrink(picture, LOOK);
  const corners = findPage(looked);
  const inside = corners ? withinOf(corners) : () => true;
  const small = shrink(looked, LIGHT_LOOK);
  const counts = new Uint32Array(256);
  let all = 0;
  for (let y = 0; y < small.height; y += 1)
    for (let x = 0; x < small.width; x += 1) {
      if (!inside((x + 0.5) / small.width, (y + 0.5) / small.height)) continue;
      const value = small.data[y * small.stride + x] ?? 0;
      counts[value] = (counts[value] ?? 0) + 1;
      all += 1;
    }
  const white = counts.subarray(WHITE).reduce((sum, count) => sum + count, 0);
  return {
    corners,
    cutOff: corners?.some(({ x, y }) => Math.min(x, y, 1 - x, 1 - y) < MARGIN) ?? false,
    light: quantile(counts, 0.9),
    glare: all > 0 ? white / all : 0,
    sharpness: sharpnessOf(picture, corners),
  };
}

/** The value that a share of all counted values does not exceed. */
function quantile(counts: Uint32Array, share: number): number {
  const all = counts.reduce((sum, count) => sum + count, 0);
  let left = all * share;
  for (const [value, count] of counts.entries()) {
    left -= count;
    if (left <= 0) return value;
  }
  return 255;
}

/** Whether a point is inside a quadrilateral, clockwise on the screen. */
function withinOf(corners: Point[]): (x: number, y: number) => boolean {
  return (x, y) =>
    corners.every((from, i) => {
      const to = corners[(i + 1) % 4] ?? from;
      return (to.x - from.x) * (y - from.y) - (to.y - from.y) * (x - from.x) > 0;
    });
}

/** The steepest steps over two pixels, as a share of the whole contrast: does not depend on light or on what is printed. */
function sharpnessOf({ data, width, height, stride }: Grey, corners: Point[] | null): number {
  const xs = corners?.map(({ x }) => x * width) ?? [0, width];
  const ys = corners?.map(({ y }) => y * height) ?? [0, height];
  // The edges of the page itself are steep in any light: they are left out.
  const [spanX, spanY] = [Math.max(...xs) - Math.min(...xs), Math.max(...ys) - Math.min(...ys)];
  const [left, right] = [
    Math.max(1, Math.min(...xs) + spanX * 0.12),
    Math.min(width - 1, Math.max(...xs) - spanX * 0.12),
  ];
  const [top, bottom] = [
    Math.max(1, Math.min(...ys) + spanY * 0.12),
    Math.min(height - 1, Math.max(...ys) - spanY * 0.12),
  ];
  const step = Math.max(1, Math.round(Math.max(spanX, spanY) / SHARP_LOOK));
  // In a large page every so many-th row is enough.
  const rows = Math.max(1, Math.ceil(((right - left) * (bottom - top)) / (step * step) / SHARP_MOST));
  const steps = new Uint32Array(256);
  const values = new Uint32Array(256);
  for (let y = Math.ceil(top); y < bottom - step; y += step * rows)
    for (let x = Math.ceil(left) + step; x < right - step; x += step) {
      const at = y * stride + x;
      const value = data[at] ?? 0;
      const across = Math.abs((data[at + step] ?? 0) - (data[at - step] ?? 0));
      const down = Math.abs((data[at + step * stride] ?? value) - (data[at - step * stride] ?? value));
      const most = Math.max(across, down);
      steps[most] = (steps[most] ?? 0) + 1;
      values[value] = (values[value] ?? 0) + 1;
    }
  const contrast = quantile(values, 0.995) - quantile(values, 0.005);
  // Nothing is printed there that could be blurred.
  if (contrast < 24) return 1;
  return Math.min(1, quantile(steps, 0.997) / contrast);
}
