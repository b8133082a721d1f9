import { cardNumberHolds } from '@openvtm/protocol';
import { DIGIT, digitsOf, firstOf, foundIn, type Found } from './found.ts';
import type { Row } from './rows.ts';

/** The side with the number. */
export function parseBankCard(rows: readonly Row[]): Found[] {
  const found: Found[] = [];
  const numbers = rows.flatMap((row) => {
    const one = firstOf(
      [row],
      new RegExp(`(?<!\\d[\\s.-]?)((?:[${DIGIT}][\\s.-]{0,2}){15,18}[${DIGIT}])(?![${DIGIT}])`),
    );
    if (!one || (one.value.match(/\d/g)?.length ?? 0) < 12) return [];
    const value = digitsOf(one.value.replace(/[\s.-]/g, ''));
    return [foundIn(row, { name: 'cardNumber', value, from: one.from, to: one.to, check: cardNumberHolds(value) })];
  });
  const number = numbers.find(({ check }) => check === 'holds') ?? numbers[0];
  if (number) found.push(number);
  // Where a card says since when as well, the later month is its end.
  const months = rows.flatMap((row) =>
    [...row.text.matchAll(/(?<!\d)(0[1-9]|1[0-2])\s?[/／]\s?(\d{2})(?!\d)/g)].map((match) => ({ row, match })),
  );
  const last = months.toSorted((a, b) => ends(a.match) - ends(b.match)).at(-1);
  if (last) {
    const { row, match } = last;
    const value = `${match[1]}/${match[2]}`;
    found.push(foundIn(row, { name: 'validThru', value, from: match.index, to: match.index + match[0].length }));
  }
  return found;
}

const ends = (match: RegExpMatchArray): number => Number(match[2]) * 12 + Number(match[1]);
