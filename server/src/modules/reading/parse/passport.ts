import { parse, type FieldName } from 'mrz';
import type { Line } from '../engine/lines.ts';
import { firstOf, foundIn, hanName, type Found } from './found.ts';
import { rowsOf, type Row } from './rows.ts';

/** Letters in each of the two lines for machines. Source: ICAO Doc 9303, part 4, format TD3. */
const WIDTH = 44;
/** Of the second line: what comes before the holder's own number. */
const HEAD = 28;

type Zone = ReturnType<typeof parse>;

/** The page with the photo: the two lines for machines, and the name in Chinese letters beside the photo. */
export function parsePassport(lines: readonly Line[], rows: readonly Row[]): Found[] {
  const found = zoneFindings(lines);
  const beside = firstOf(rows, /姓\s*名(?:\/?Name)?[\s:：]*([\p{Script=Han}][\p{Script=Han}·.•・\s]{1,28})/u);
  if (beside)
    found.unshift(
      foundIn(beside.row, { name: 'name', value: hanName(beside.value), from: beside.from, to: beside.to }),
    );
  else {
    const name = belowLabel(rows);
    if (name) found.unshift(name);
  }
  return found;
}

/** The first row of Chinese letters alone below the label. */
function belowLabel(rows: readonly Row[]): Found | null {
  const at = rows.findIndex(({ text }) => /姓\s*名|\bName/.test(text));
  if (at < 0) return null;
  const one = firstOf(rows.slice(at + 1, at + 4), /^[\s]*([\p{Script=Han}][\p{Script=Han}·.•・\s]{1,28})(?:$|\s{2})/u);
  return one && foundIn(one.row, { name: 'name', value: hanName(one.value), from: one.from, to: one.to });
}

const clean = (text: string): string =>
  text
    .toUpperCase()
    .replace(/[«《]/g, '<<')
    .replace(/[〈＜‹(（]/g, '<')
    .replace(/[^A-Z0-9<]/g, '');

/** Fillers at the end of the first line, and between the two ends of the second, may be any number as read: the line's length tells. */
const firstLine = (text: string): string =>
  text
    .replace(/<[<KXC]*$/, '')
    .padEnd(WIDTH, '<')
    .slice(0, WIDTH);
function secondLine(text: string): string | null {
  if (text.length === WIDTH) return text;
  if (text.length < HEAD || !/^<*\d?$/.test(text.slice(HEAD))) return null;
  // The holder's own number is empty, as in most: then only fillers were lost, or the line's last digit too.
  const last = /\d?$/.exec(text.slice(HEAD))?.[0] ?? '';
  return text.slice(0, HEAD) + last.padStart(WIDTH - HEAD, '<');
}

const CHECKS: readonly FieldName[] = [
  'documentNumberCheckDigit',
  'birthDateCheckDigit',
  'expirationDateCheckDigit',
  'personalNumberCheckDigit',
  'compositeCheckDigit',
];
const right = (zone: Zone, field: FieldName): boolean =>
  zone.details.find((one) => one.field === field)?.valid === true;

function zoneFindings(lines: readonly Line[]): Found[] {
  const readings = (line: Line) => [line.text, ...line.others].map(clean);
  const firsts = lines.filter((line) =>
    readings(line).some((text) => /^P[A-Z0-9<]{9,}$/.test(text) && text.includes('<')),
  );
  const seconds = lines.filter((line) =>
    readings(line).some(
      (text) => /^[A-Z0-9<]{9,}[A-Z0-9<]*\d{6}/.test(text) && text.length >= HEAD && !text.startsWith('PO'),
    ),
  );
  let best: { zone: Zone; holding: number; first: Line; second: Line } | null = null;
  for (const second of seconds) {
    const above = firsts
      .filter(({ middle }) => middle.y < second.middle.y)
      .toSorted((a, b) => b.middle.y - a.middle.y)[0];
    for (const two of readings(second)) {
      const lower = secondLine(two);
      if (lower === null) continue;
      for (const one of above ? readings(above) : ['P<']) {
        const zone = zoneOf(firstLine(one), lower);
        const holding = zone ? weight(zone) + named(one) / 1000 : -1;
        if (zone && holding > (best?.holding ?? -1)) best = { zone, holding, first: above ?? second, second };
      }
    }
  }
  return best ? findingsOf(best) : [];
}

/** How much bears a reading out: its check digits and, where none covers them, that the states exist and a name is there. */
const weight = (zone: Zone): number =>
  CHECKS.filter((field) => right(zone, field)).length +
  (['lastName', 'issuingState', 'nationality'] as const).filter((field) => right(zone, field)).length / 10;

/** Letters of the names: of several readings the one that lost none is right. */
const named = (text: string): number => firstLine(text).replace(/<+$/, '').length;

function zoneOf(first: string, second: string): Zone | null {
  try {
    return parse([first, second], { autocorrect: true });
  } catch {
    return null;
  }
}

function findingsOf({ zone, first, second }: { zone: Zone; first: Line; second: Line }): Found[] {
  const whole = CHECKS.every((field) => right(zone, field));
  const [upper, lower] = [rowsOf([first])[0], rowsOf([second])[0]];
  if (!upper || !lower) return [];
  /** A part of a line for machines: letters `from` to before `to` of forty-four. */
  const part = (
    name: Found['name'],
    value: string | null | undefined,
    place: { row: Row; from: number; to: number; check: boolean | null },
  ): Found[] => {
    if (!value) return [];
    const { row, from, to, check } = place;
    const share = row.text.length / WIDTH;
    return [
      foundIn(row, { name, value, from: Math.floor(from * share), to: Math.max(1, Math.ceil(to * share)), check }),
    ];
  };
  const { fields } = zone;
  const latin = [fields.lastName, fields.firstName].filter(Boolean).join(' ');
  const digit = (field: FieldName) => right(zone, field);
  const sex = fields.sex === 'female' ? '女' : fields.sex === 'male' ? '男' : null;
  return [
    ...part('latinName', first === second ? null : latin, { row: upper, from: 5, to: WIDTH, check: null }),
    ...part('passportNumber', fields.documentNumber, {
      row: lower,
      from: 0,
      to: 9,
      check: digit('documentNumberCheckDigit') && whole,
    }),
    ...part('nationality', fields.nationality, { row: lower, from: 10, to: 13, check: null }),
    ...part('birthDate', dayOfZone(fields.birthDate, 'past'), {
      row: lower,
      from: 13,
      to: 19,
      check: digit('birthDateCheckDigit'),
    }),
    ...part('sex', sex, { row: lower, from: 20, to: 21, check: null }),
    ...part('validTo', dayOfZone(fields.expirationDate, 'future'), {
      row: lower,
      from: 21,
      to: 27,
      check: digit('expirationDateCheckDigit'),
    }),
  ];
}

/** The two digits of a year are of this century, but those of a birth that would lie ahead. */
function dayOfZone(text: string | null | undefined, lies: 'past' | 'future'): string | null {
  if (!text || !/^\d{6}$/.test(text)) return null;
  const day = (century: string) => `${century}${text.slice(0, 2)}-${text.slice(2, 4)}-${text.slice(4)}`;
  const near = day('20');
  return lies === 'past' && near > new Date().toISOString().slice(0, 10) ? day('19') : near;
}
