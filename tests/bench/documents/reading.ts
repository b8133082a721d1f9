import { execFileSync } from 'node:child_process';
import type { Corners, DocumentKind } from '@openvtm/protocol';
import sharp from 'sharp';
import { straighten } from '../../../server/src/modules/documents/straighten.ts';
import { createEngine } from '../../../server/src/modules/reading/engine/engine.ts';
import { parsePage, type Found } from '../../../server/src/modules/reading/parse/index.ts';
import {
  bankCard,
  businessLicence,
  idBack,
  idFront,
  passport,
  pictureOf,
  seenFrom,
  type Look,
  type SampleDocument,
} from '../../sample-documents.ts';
import { PEOPLE } from '../../sample-people.ts';

/** How each paper is seen, one look after the other: as a scanner gives it, and four times as a camera does. */
const looks = (seed: number): (Look & { straightened: boolean })[] => [
  { straightened: false },
  { straightened: true, corners: seenFrom(seed), noise: 8, shadow: true, blur: 0.8, quality: 80 },
  { straightened: true, corners: seenFrom(seed + 40), noise: 12, glare: true, quality: 75 },
  { straightened: false, corners: seenFrom(seed + 80), noise: 8, shadow: true, quality: 80 },
  { straightened: true, corners: seenFrom(seed + 120), noise: 16, glare: true, shadow: true, blur: 1.1, quality: 60 },
];

const COMPANIES = ['样例（上海）信息科技有限公司', '示例市晨曦餐饮管理有限公司', '样例县丰禾农产品专业合作社'];

/** Each person's five papers. */
const papersOf = (i: number): SampleDocument[] => {
  const person = PEOPLE[i];
  if (!person) return [];
  const { latin, name } = person;
  return [
    idFront(person),
    idBack({
      authority: i % 2 === 0 ? '样例市公安局示例分局' : '样例县公安局',
      from: `201${i}-03-1${i}`,
      to: i % 3 === 0 ? '长期' : `203${i}-03-1${i}`,
    }),
    passport(person, { number: `E9876${i}43${i}`, expires: `203${i}-07-14` }),
    bankCard({
      start: i % 2 === 0 ? `622999876543${10 + i}0123` : `62299900123456${i}`,
      thru: `0${1 + (i % 9)}/3${i}`,
      holder: `${latin.surname} ${latin.given}`.toUpperCase(),
    }),
    businessLicence({
      code17: `9199010${i}MA7AB${i}DE12`.slice(0, 17),
      company: COMPANIES[i % COMPANIES.length] ?? '',
      person: name,
      type: '有限责任公司(自然人独资)',
      address: '上海市样例区示范路99号3幢',
    }),
  ];
};

/** As the documents' decoder keeps it where the kiosk found the edges. */
async function straightenedAt(jpeg: Buffer, corners: Corners): Promise<Buffer> {
  const { data, info } = await sharp(jpeg).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const flat = straighten({ data, width: info.width, height: info.height }, corners);
  return sharp(flat.data, { raw: { width: flat.width, height: flat.height, channels: 3 } })
    .jpeg({ quality: 90 })
    .toBuffer();
}

/** Fields whose digits prove them: of the ID card, the passport's lines, the bank card and the licence. */
const PROVED = new Set(['idNumber', 'passportNumber', 'cardNumber', 'creditCode']);

export type Accuracy = { right: number; of: number };
export type ReadFigures = {
  pages: number;
  byKind: Map<DocumentKind, Accuracy>;
  byLook: Accuracy[];
  /** Right numbers whose check digits hold. */
  proved: Accuracy;
  /** Wrong numbers whose check digits hold all the same: what nobody would notice. */
  wrongAndProved: number;
  /** Read at all, and wrong, with nothing that says so. */
  wrongUnnoticed: number;
  readMs: number[];
  decodeMs: number[];
  /** Of the reading process, the most it held (MB). */
  memoryMb: number;
};

/** Reads every person's papers in every look. `say`: told of each field that was not read right. */
export async function measureReading({
  people,
  say,
}: {
  people: number;
  say(line: string): void;
}): Promise<ReadFigures> {
  const engine = createEngine({ onStart: (pid) => (child = pid) });
  let child = 0;
  const figures: ReadFigures = {
    pages: 0,
    byKind: new Map(),
    byLook: looks(0).map(() => ({ right: 0, of: 0 })),
    proved: { right: 0, of: 0 },
    wrongAndProved: 0,
    wrongUnnoticed: 0,
    readMs: [],
    decodeMs: [],
    memoryMb: 0,
  };
  const count = (sample: SampleDocument, found: Found[], look: number) => {
    const kind = figures.byKind.get(sample.kind) ?? { right: 0, of: 0 };
    figures.byKind.set(sample.kind, kind);
    for (const [name, value] of Object.entries(sample.fields)) {
      const read = found.find((one) => one.name === name);
      const right = read?.value === value;
      for (const accuracy of [kind, figures.byLook[look]]) {
        if (!accuracy) continue;
        accuracy.of += 1;
        accuracy.right += right ? 1 : 0;
      }
      if (PROVED.has(name)) {
        figures.proved.of += 1;
        figures.proved.right += right && read?.check === 'holds' ? 1 : 0;
        figures.wrongAndProved += read && !right && read.check === 'holds' ? 1 : 0;
      }
      if (read && !right && read.check !== 'fails' && read.confidence >= 0.85) figures.wrongUnnoticed += 1;
      if (!right) say(`  ${sample.kind}, look ${look}: ${name} is ${value}, read ${read?.value ?? 'not at all'}`);
    }
  };
  try {
    for (let i = 0; i < people; i += 1) {
      for (const [p, sample] of papersOf(i).entries()) {
        // Two looks of each paper, so that all looks come up alike often.
        for (const look of [(i + p) % 5, (i + p + 2) % 5]) {
          const how = looks(i * 7 + p)[look];
          if (!how) continue;
          const photographed = await pictureOf(sample, how, i * 31 + p);
          const page = how.straightened && how.corners ? await straightenedAt(photographed, how.corners) : photographed;
          const decodeFrom = performance.now();
          await sharp(page).raw().toBuffer();
          figures.decodeMs.push(performance.now() - decodeFrom);
          const from = performance.now();
          const { lines } = await engine.read(page, 0);
          const found = parsePage(sample.kind, lines);
          figures.readMs.push(performance.now() - from);
          figures.pages += 1;
          count(sample, found, look);
        }
      }
    }
    const status = execFileSync('cat', [`/proc/${child}/status`], { encoding: 'utf8' });
    figures.memoryMb = Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
  } finally {
    engine.close();
  }
  return figures;
}
