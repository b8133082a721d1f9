import { areaOf, type Point } from '@openvtm/protocol';
import type { Grey } from './grey.ts';

/** Straight lines are looked for by their normal, in steps of two degrees over half a turn. */
const ANGLES = 90;
const STEP = Math.PI / ANGLES;
/** The most lines that are tried as edges, of each of two directions. */
const MOST_LINES = 9;
/** Share of its length over which an edge must be seen. */
const LEAST_SEEN = 0.5;
/** Share of the picture that a page covers at least. */
const LEAST_AREA = 0.06;
/** How far outside the picture a corner may be, as a share of it: a page that is cut off is told so. */
const OUTSIDE = 0.12;
/** A step in brightness that is no edge but noise (of 255, over two pixels, after smoothing). */
const LEAST_STEP = 9;
/** Within how many radians two directions are the same, and how far from a right angle two edges may meet. */
const SAME = 0.22;
const SKEW = 0.52;

type Line = { angle: number; rho: number; votes: number };
type Edges = { width: number; height: number; strength: Float32Array; angle: Float32Array; least: number };

/**
 * The corners of a page in a picture of some 400 pixels: the largest quadrilateral of four straight edges that are
 * seen. A table, a hand or print have fewer, or none that close. null: no page. In shares of the picture, the upper left first.
 */
export function findPage(picture: Grey): Point[] | null {
  const edges = edgesOf(picture);
  const lines = [...linesOf(edges), ...bordersOf(edges)];
  let best: { corners: Point[]; score: number } | null = null;
  for (const first of lines.slice(0, 4)) {
    const along = strongest(lines.filter((line) => turnBetween(line.angle, first.angle) < SAME + SKEW / 2));
    const across = strongest(
      lines.filter((line) => Math.abs(turnBetween(line.angle, first.angle) - Math.PI / 2) < SKEW),
    );
    for (const [a, b] of pairsOf(along))
      for (const [c, d] of pairsOf(across)) {
        const corners = quadrilateral([a, c, b, d], edges);
        if (!corners) continue;
        const score = scoreOf(corners, edges);
        if (score !== null && score > (best?.score ?? 0)) best = { corners, score };
      }
  }
  const { width, height } = picture;
  return (
    best &&
    inOrder(
      best.corners.map(({ x, y }) => ({ x: (x + 0.5) / width, y: (y + 0.5) / height })),
      width / height,
    )
  );
}

/** The picture's own borders stand for the edges of a page that is cut off by them. */
const bordersOf = ({ width, height }: Edges): Line[] =>
  [
    { angle: 0, rho: 1 },
    { angle: 0, rho: width - 2 },
    { angle: Math.PI / 2, rho: 1 },
    { angle: Math.PI / 2, rho: height - 2 },
  ].map((line) => ({ ...line, votes: 0 }));

const strongest = (lines: Line[]): Line[] => [
  ...lines.filter(({ votes }) => votes > 0).slice(0, MOST_LINES),
  ...lines.filter(({ votes }) => votes === 0),
];

function* pairsOf(lines: Line[]): Generator<[Line, Line]> {
  for (const [i, one] of lines.entries()) for (const other of lines.slice(i + 1)) yield [one, other];
}

/** Steps in brightness after a light smoothing: how strong, and which way (radians, half a turn). */
function edgesOf({ data, width, height, stride }: Grey): Edges {
  const across = new Float32Array(width * height);
  for (let y = 0; y < height; y += 1)
    for (let x = 1; x < width - 1; x += 1) {
      const at = y * stride + x;
      across[y * width + x] = ((data[at - 1] ?? 0) + 2 * (data[at] ?? 0) + (data[at + 1] ?? 0)) / 16;
    }
  const smooth = new Float32Array(width * height);
  for (let at = width; at < width * (height - 1); at += 1)
    smooth[at] = (across[at - width] ?? 0) + 2 * (across[at] ?? 0) + (across[at + width] ?? 0);
  const strength = new Float32Array(width * height);
  const angle = new Float32Array(width * height);
  const counts = new Uint32Array(256);
  for (let y = 2; y < height - 2; y += 1)
    for (let x = 2; x < width - 2; x += 1) {
      const at = y * width + x;
      const gx = (smooth[at + 1] ?? 0) - (smooth[at - 1] ?? 0);
      const gy = (smooth[at + width] ?? 0) - (smooth[at - width] ?? 0);
      // Math.hypot takes care of numbers that these never are, and ten times as long.
      const size = Math.sqrt(gx * gx + gy * gy);
      strength[at] = size;
      const bin = Math.min(255, size | 0);
      counts[bin] = (counts[bin] ?? 0) + 1;
      if (size < LEAST_STEP) continue;
      const turn = Math.atan2(gy, gx);
      angle[at] = turn < 0 ? turn + Math.PI : turn;
    }
  // What a twelfth of the picture exceeds is structure; in a busy picture only the strongest of it are edges.
  let [left, least] = [(width * height) / 12, 255];
  while (least > LEAST_STEP && left > (counts[least] ?? 0)) {
    left -= counts[least] ?? 0;
    least -= 1;
  }
  return { width, height, strength, angle, least: Math.min(Math.max(LEAST_STEP, least), 40) };
}

/** The straight lines with the most edge along them, by the Hough transform with each pixel's own direction. */
function linesOf({ width, height, strength, angle, least }: Edges): Line[] {
  const reach = Math.ceil(Math.hypot(width, height));
  const columns = 2 * reach + 1;
  const votes = new Float32Array(ANGLES * columns);
  const cos = Float32Array.from({ length: ANGLES }, (_, i) => Math.cos(i * STEP));
  const sin = Float32Array.from({ length: ANGLES }, (_, i) => Math.sin(i * STEP));
  for (let y = 2; y < height - 2; y += 1)
    for (let x = 2; x < width - 2; x += 1) {
      const at = y * width + x;
      const size = strength[at] ?? 0;
      if (size < least) continue;
      const middle = Math.round((angle[at] ?? 0) / STEP);
      for (let turn = middle - 2; turn <= middle + 2; turn += 1) {
        const bin = (turn + ANGLES) % ANGLES;
        const rho = Math.round(x * (cos[bin] ?? 0) + y * (sin[bin] ?? 0)) + reach;
        votes[bin * columns + rho] = (votes[bin * columns + rho] ?? 0) + 1;
      }
    }
  const enough = Math.min(width, height) * 0.18;
  const found: Line[] = [];
  for (let bin = 0; bin < ANGLES; bin += 1)
    for (let column = 0; column < columns; column += 1) {
      const count = votes[bin * columns + column] ?? 0;
      if (count >= enough) found.push({ angle: bin * STEP, rho: column - reach, votes: count });
    }
  found.sort((a, b) => b.votes - a.votes);
  const kept: Line[] = [];
  for (const line of found) {
    if (kept.length === 4 * MOST_LINES) break;
    if (!kept.some((one) => isSame(one, line, reach))) kept.push(line);
  }
  return kept;
}

/** How far apart two directions are, which have no end: a quarter turn at most. */
function turnBetween(one: number, other: number): number {
  const apart = Math.abs(one - other) % Math.PI;
  return Math.min(apart, Math.PI - apart);
}

function isSame(one: Line, other: Line, reach: number): boolean {
  const apart = Math.abs(one.angle - other.angle);
  // Nearly half a turn on, the same line has its normal the other way.
  const rho = apart > Math.PI / 2 ? -other.rho : other.rho;
  return turnBetween(one.angle, other.angle) < 0.14 && Math.abs(one.rho - rho) < reach * 0.022;
}

/** Where four lines meet, one after the other; null when that is no page. */
function quadrilateral(lines: [Line, Line, Line, Line], { width, height }: Edges): Point[] | null {
  const corners: Point[] = [];
  for (const [i, one] of lines.entries()) {
    const other = lines[(i + 1) % 4] ?? one;
    const det = Math.sin(other.angle - one.angle);
    if (Math.abs(det) < 0.3) return null;
    const x = (one.rho * Math.sin(other.angle) - other.rho * Math.sin(one.angle)) / det;
    const y = (other.rho * Math.cos(one.angle) - one.rho * Math.cos(other.angle)) / det;
    if (x < -OUTSIDE * width || x > (1 + OUTSIDE) * width || y < -OUTSIDE * height || y > (1 + OUTSIDE) * height)
      return null;
    corners.push({ x, y });
  }
  return Math.abs(areaOf(corners)) / (width * height) >= LEAST_AREA ? corners : null;
}

/** How well its edges are seen, the larger the better; null: some edge is not. */
function scoreOf(corners: Point[], edges: Edges): number | null {
  let sum = 0;
  let worst = 1;
  let borders = 0;
  for (const [i, from] of corners.entries()) {
    const to = corners[(i + 1) % 4] ?? from;
    const isBorder = isAtBorder(from, to, edges);
    if (isBorder) borders += 1;
    const seen = isBorder ? LEAST_SEEN : seenBetween(from, to, edges);
    if (seen < LEAST_SEEN || borders > 2) return null;
    if (!isBorder && (goesOn(from, to, edges) || goesOn(to, from, edges))) return null;
    worst = Math.min(worst, seen);
    sum += seen / 4;
  }
  const share = Math.abs(areaOf(corners)) / (edges.width * edges.height);
  return (sum + worst) * (0.5 + 0.5 * Math.sqrt(Math.min(1, share)));
}

/** Whether an edge goes on beyond its end: then that is no corner but a line of print that meets it. */
function goesOn(from: Point, to: Point, edges: Edges): boolean {
  const at = (share: number) => ({ x: to.x + (to.x - from.x) * share, y: to.y + (to.y - from.y) * share });
  return seenBetween(at(0.03), at(0.16), edges) > 0.7;
}

function isAtBorder(from: Point, to: Point, { width, height }: Edges): boolean {
  const isAt = (axis: 'x' | 'y', size: number) =>
    Math.max(from[axis], to[axis]) < 3 || Math.min(from[axis], to[axis]) > size - 4;
  return isAt('x', width) || isAt('y', height);
}

/** Share of the way between two points, as far as it is in the picture, along which there is an edge of that direction. */
function seenBetween(from: Point, to: Point, { width, height, strength, angle, least }: Edges): number {
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  const normal = Math.atan2(to.x - from.x, from.y - to.y);
  const [nx, ny] = [Math.cos(normal), Math.sin(normal)];
  const steps = Math.min(36, Math.max(8, Math.floor(length / 4)));
  let [inside, seen] = [0, 0];
  for (let i = 1; i < steps; i += 1) {
    const x = from.x + ((to.x - from.x) * i) / steps;
    const y = from.y + ((to.y - from.y) * i) / steps;
    if (x < 3 || y < 3 || x > width - 4 || y > height - 4) continue;
    inside += 1;
    for (let off = -2; off <= 2; off += 1) {
      const at = Math.round(y + off * ny) * width + Math.round(x + off * nx);
      if ((strength[at] ?? 0) < least * 0.7) continue;
      if (turnBetween(angle[at] ?? 0, normal < 0 ? normal + Math.PI : normal) > 0.35) continue;
      seen += 1;
      break;
    }
  }
  return inside < steps * 0.45 ? 0 : seen / inside;
}

/** Clockwise on the screen, from the corner nearest to the upper left. */
function inOrder(corners: Point[], aspect: number): Point[] {
  const round = areaOf(corners) > 0 ? corners : corners.toReversed();
  const far = ({ x, y }: Point) => x * aspect + y;
  const first = round.indexOf(round.toSorted((a, b) => far(a) - far(b))[0] ?? { x: 0, y: 0 });
  return [...round.slice(first), ...round.slice(0, first)];
}
