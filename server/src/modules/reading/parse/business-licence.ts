import { creditCodeHolds } from '@openvtm/protocol';
import { firstOf, foundIn, hanName, type Found } from './found.ts';
import type { Row } from './rows.ts';

/** Letters that the code does not have, as those of the same shape that it has. Source: GB 32100-2015, 4.2. */
const AS_CODE: Record<string, string> = { I: '1', O: '0', S: '5', Z: '2', V: 'Y' };
const NEXT_LABEL = /\s{2}|注\s*册\s*资|成\s*立\s*日|住\s*所|营\s*业\s*期/;

export function parseBusinessLicence(rows: readonly Row[]): Found[] {
  const found: Found[] = [];
  const codes = rows.flatMap((row) => {
    const one = firstOf([row], /(?<![A-Z0-9])([0-9A-Z][0-9A-Z ]{16,20}[0-9A-Z])(?![A-Z0-9])/);
    const value = one && [...one.value.replace(/\s/g, '')].map((letter) => AS_CODE[letter] ?? letter).join('');
    if (!one || value?.length !== 18 || !/\d{6}/.test(value)) return [];
    return [foundIn(row, { name: 'creditCode', value, from: one.from, to: one.to, check: creditCodeHolds(value) })];
  });
  const code = codes.find(({ check }) => check === 'holds') ?? codes[0];
  if (code) found.push(code);

  const company = firstOf(rows, /名\s*称[\s:：]*(\S.*)$/u);
  if (company) {
    const until = company.value.search(NEXT_LABEL);
    const value = until > 0 ? company.value.slice(0, until) : company.value;
    const kept = value.replace(/\s/g, '').replaceAll('(', '（').replaceAll(')', '）');
    found.push(
      foundIn(company.row, { name: 'companyName', value: kept, from: company.from, to: company.from + value.length }),
    );
  }
  const person = firstOf(
    rows,
    /(?:法\s*定\s*代\s*表\s*人|负\s*责\s*人|经\s*营\s*者|投\s*资\s*人)[\s:：]*([\p{Script=Han}][\p{Script=Han}·.•・]{1,24})/u,
  );
  if (person) {
    const { row, from, to, value } = person;
    found.push(foundIn(row, { name: 'legalRepresentative', value: hanName(value), from, to }));
  }
  return found;
}
