import { z } from 'zod';

/** A point of a picture as a share of its width and height: (0, 0) is its upper left, (1, 1) its lower right corner. */
const Point = z.object({ x: z.number().min(-0.05).max(1.05), y: z.number().min(-0.05).max(1.05) });
export type Point = z.infer<typeof Point>;

/** A page smaller than this share of its picture is no page that anybody could read. */
const LEAST_AREA = 0.02;

/** The corners of a page in a picture: upper left, upper right, lower right, lower left of the page as it is read. */
export const Corners = z
  .tuple([Point, Point, Point, Point])
  .refine(isReadable, 'the corners are not those of a page: not convex, the wrong way round, or too small');
export type Corners = z.infer<typeof Corners>;

/** Corners as one text of eight numbers, for an address. */
export const cornersText = (corners: Corners): string =>
  corners.flatMap(({ x, y }) => [x.toFixed(5), y.toFixed(5)]).join(',');

/** The other way; null for what is no such text. */
export function cornersOf(text: string): Corners | null {
  const numbers = text.split(',').map(Number);
  const point = (i: number) => ({ x: numbers[2 * i], y: numbers[2 * i + 1] });
  const read = Corners.safeParse([point(0), point(1), point(2), point(3)]);
  return numbers.length === 8 && read.success ? read.data : null;
}

/** Share of the picture that the page covers. */
export function areaOf(corners: readonly Point[]): number {
  let twice = 0;
  for (const [i, { x, y }] of corners.entries()) {
    const next = corners[(i + 1) % corners.length] ?? { x, y };
    twice += x * next.y - next.x * y;
  }
  return twice / 2;
}

function isReadable(corners: readonly Point[]): boolean {
  const turns = corners.map(({ x, y }, i) => {
    const b = corners[(i + 1) % 4] ?? { x, y };
    const c = corners[(i + 2) % 4] ?? { x, y };
    return (b.x - x) * (c.y - b.y) - (b.y - y) * (c.x - b.x);
  });
  return turns.every((turn) => turn > 0) && areaOf(corners) >= LEAST_AREA;
}

/** a … i of x = (a·u + b·v + c) / (g·u + h·v + i), y = (d·u + e·v + f) / (g·u + h·v + i). */
export type Projection = readonly [
  a: number,
  b: number,
  c: number,
  d: number,
  e: number,
  f: number,
  g: number,
  h: number,
  i: number,
];

/** Maps the unit square (u to the right, v downwards) onto the corners: how a flat page lies in a picture. */
export function projectionOf([p0, p1, p2, p3]: Corners): Projection {
  const [dx1, dx2, sx] = [p1.x - p2.x, p3.x - p2.x, p0.x - p1.x + p2.x - p3.x];
  const [dy1, dy2, sy] = [p1.y - p2.y, p3.y - p2.y, p0.y - p1.y + p2.y - p3.y];
  const det = dx1 * dy2 - dx2 * dy1;
  const g = (sx * dy2 - dx2 * sy) / det;
  const h = (dx1 * sy - sx * dy1) / det;
  return [
    p1.x - p0.x + g * p1.x,
    p3.x - p0.x + h * p3.x,
    p0.x,
    p1.y - p0.y + g * p1.y,
    p3.y - p0.y + h * p3.y,
    p0.y,
    g,
    h,
    1,
  ];
}

/** The other way: from the picture onto the unit square. */
export function inverseOf([a, b, c, d, e, f, g, h, i]: Projection): Projection {
  return [
    e * i - f * h,
    c * h - b * i,
    b * f - c * e,
    f * g - d * i,
    a * i - c * g,
    c * d - a * f,
    d * h - e * g,
    b * g - a * h,
    a * e - b * d,
  ];
}

/** Where a point goes. */
export function projected([a, b, c, d, e, f, g, h, i]: Projection, { x, y }: Point): Point {
  const w = g * x + h * y + i;
  return { x: (a * x + b * y + c) / w, y: (d * x + e * y + f) / w };
}
