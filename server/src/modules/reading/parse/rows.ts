import type { Box } from '@openvtm/protocol';
import type { Line } from '../engine/lines.ts';

/** Lines that stand beside each other, as one text; wide gaps between them are two spaces. */
export type Row = {
  text: string;
  /** How sure the letters from `start` to before `end` are, 0 to 1. */
  confidence(start: number, end: number): number;
  /** Where they stand on the picture. */
  box(start: number, end: number): Box;
};

type Letter = { line: Line; share: number };
/** Shares of a line's height: two that differ less in height stand beside each other, and a gap that is wider parts columns. */
const SAME_ROW = 0.5;
const WIDE_GAP = 1.1;

/** The rows of a page, from the top down. */
export function rowsOf(lines: readonly Line[]): Row[] {
  const rest = lines.filter(({ text }) => text.trim() !== '').toSorted((a, b) => a.middle.y - b.middle.y);
  const rows: Line[][] = [];
  while (rest.length > 0) {
    const first = rest.shift();
    if (!first) break;
    const row = [first];
    // From its nearest neighbour on, so that a row of a page that lies askew is followed.
    for (let grew = true; grew;) {
      grew = false;
      for (const [i, line] of rest.entries()) {
        if (!row.some((one) => isBeside(one, line))) continue;
        row.push(line);
        rest.splice(i, 1);
        grew = true;
        break;
      }
    }
    rows.push(row.toSorted((a, b) => a.middle.x - b.middle.x));
  }
  return rows.map(rowOf);
}

function isBeside(one: Line, other: Line): boolean {
  const length = Math.hypot(one.along.x, one.along.y) || 1;
  const [x, y] = [other.middle.x - one.middle.x, other.middle.y - one.middle.y];
  const across = Math.abs(y * one.along.x - x * one.along.y) / length;
  return across < SAME_ROW * Math.min(one.height, other.height);
}

function rowOf(lines: Line[]): Row {
  let text = '';
  const letters: (Letter | null)[] = [];
  const add = (more: string, of: (i: number) => Letter | null) => {
    for (let i = 0; i < more.length; i += 1) letters.push(of(i));
    text += more;
  };
  for (const [i, line] of lines.entries()) {
    const before = lines[i - 1];
    if (before && gap(before, line) > WIDE_GAP * Math.max(before.height, line.height)) add('  ', () => null);
    const plain = plainText(line.text);
    add(plain, (at) => ({ line, share: line.at[at] ?? 0.5 }));
  }
  const some = (start: number, end: number) => letters.slice(start, end).filter((one) => one !== null);
  return {
    text,
    confidence: (start, end) => Math.min(1, ...some(start, end).map(({ line }) => line.confidence)),
    box(start, end) {
      const wanted = some(start, end);
      const points = wanted.flatMap(({ line, share }) => {
        const half = 0.5 / Math.max(1, line.text.length);
        return [share - half, share + half].flatMap((at) => corners(line, Math.min(1, Math.max(0, at)) - 0.5));
      });
      return around(points);
    },
  };
}

const gap = (left: Line, right: Line): number =>
  right.middle.x - right.along.x / 2 - (left.middle.x + left.along.x / 2);

/** The line's upper and lower edge at a share of its length from its middle. */
function corners({ middle, along, height }: Line, at: number) {
  const length = Math.hypot(along.x, along.y) || 1;
  const [up, over] = [(along.x / length) * (height / 2), (along.y / length) * (height / 2)];
  const [x, y] = [middle.x + along.x * at, middle.y + along.y * at];
  return [
    { x: x + over, y: y - up },
    { x: x - over, y: y + up },
  ];
}

/** The box around points, in whole pixels. */
export function around(points: readonly { x: number; y: number }[]): Box {
  const xs = points.map(({ x }) => x);
  const ys = points.map(({ y }) => y);
  const [left, top] = [Math.max(0, Math.floor(Math.min(...xs))), Math.max(0, Math.floor(Math.min(...ys)))];
  return { left, top, width: Math.ceil(Math.max(...xs)) - left, height: Math.ceil(Math.max(...ys)) - top };
}

/** One box around several. */
export const aroundAll = (boxes: readonly Box[]): Box =>
  around(
    boxes.flatMap(({ left, top, width, height }) => [
      { x: left, y: top },
      { x: left + width, y: top + height },
    ]),
  );

const WIDE = /[\uff01-\uff5e]/g;
/** Letters and digits that are wide in Chinese print as their usual ones, one for one. */
export const plainText = (text: string): string =>
  text.replace(WIDE, (letter) => String.fromCharCode(letter.charCodeAt(0) - 0xfee0)).replaceAll('\u3000', ' ');
