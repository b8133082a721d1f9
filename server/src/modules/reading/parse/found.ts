import type { Box, SuggestionName } from '@openvtm/protocol';
import type { Row } from './rows.ts';

/** What was found on a page. `check`: whether its check digit, or the ID number it must agree with, bears it out. */
export type Found = {
  name: SuggestionName;
  value: string;
  confidence: number;
  box: Box;
  check: 'holds' | 'fails' | null;
};

/** What is less sure by a check that fails. */
const FAILED = 0.5;

/** A part of a row as a finding; `value`: what it says, tidied. */
export function foundIn(
  row: Row,
  part: { name: SuggestionName; value: string; from: number; to: number; check?: boolean | null },
): Found {
  const { name, value, from, to, check = null } = part;
  const confidence = row.confidence(from, to) * (check === false ? FAILED : 1);
  return { name, value, confidence, box: row.box(from, to), check: check === null ? null : check ? 'holds' : 'fails' };
}

/** The first row that a pattern is in, with where its first group stands. */
export function firstOf(rows: readonly Row[], pattern: RegExp) {
  const withPlaces = new RegExp(pattern.source, [...new Set(`${pattern.flags}d`)].join(''));
  for (const [index, row] of rows.entries()) {
    const match = withPlaces.exec(row.text);
    const place = match?.indices?.[1];
    if (match && place && match[1] !== undefined)
      return { row, index, match, value: match[1], from: place[0], to: place[1] };
  }
  return null;
}

const AS_DIGIT: Record<string, string> = {
  O: '0',
  o: '0',
  D: '0',
  Q: '0',
  I: '1',
  l: '1',
  i: '1',
  '|': '1',
  Z: '2',
  z: '2',
  S: '5',
  s: '5',
  b: '6',
  B: '8',
};
/** Letters that are taken for digits of the same shape, where only digits can be. */
export const digitsOf = (text: string): string => [...text].map((letter) => AS_DIGIT[letter] ?? letter).join('');
/** What may stand for a digit, for use in a class of a pattern. */
export const DIGIT = '\\dOoDQIl|ZzSsbB';

/** `2018`, `3`, `12` → `2018-03-12`; null for what is no day. */
export function dayOf(year: string, month: string, day: string): string | null {
  const text = [digitsOf(year), digitsOf(month).padStart(2, '0'), digitsOf(day).padStart(2, '0')].join('-');
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text) ? text : null;
}

/** A name as it is kept: one middle dot between its parts, no spaces. */
export const hanName = (text: string): string =>
  text
    .replace(/\s/g, '')
    .replace(/[.•・‧∙●。，,、]+/g, '·')
    .replace(/^·+|·+$/g, '');
