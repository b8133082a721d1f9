import { inverseOf, projected, projectionOf, type Corners, type DocumentKind } from '@openvtm/protocol';
import sharp from 'sharp';

/**
 * Papers of invented people, drawn as their real kind is laid out, and seen as a camera sees them. Every number has its
 * right check digit; no number is anybody's: the area codes and issuers used do not exist.
 */
export type SampleDocument = {
  kind: DocumentKind;
  /** What stands on it, by the names of suggestions. */
  fields: Record<string, string>;
  svg: string;
  width: number;
  height: number;
};

/** How it was photographed; nothing: as a scanner gives it. */
export type Look = {
  /** Corners on the picture, in shares. */
  corners?: Corners;
  blur?: number;
  /** Grain of the sensor, of 255. */
  noise?: number;
  glare?: boolean;
  shadow?: boolean;
  /** JPEG's. */
  quality?: number;
  /** Of the page as it lies on the picture, in shares of its drawn size. */
  scale?: number;
  /** Degrees by which the whole picture is turned. */
  turn?: 0 | 90 | 180 | 270;
};

const ID_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CREDIT = '0123456789ABCDEFGHJKLMNPQRTUWXY';

export function idNumber(first17: string): string {
  const sum = ID_WEIGHTS.reduce((total, weight, i) => total + weight * Number(first17[i]), 0);
  return first17 + '10X98765432'[sum % 11];
}
export function cardNumber(start: string): string {
  for (let last = 0; last < 10; last += 1) {
    const sum = [...`${start}${last}`].toReversed().reduce((total, digit, i) => {
      const weighed = Number(digit) * (i % 2 === 1 ? 2 : 1);
      return total + (weighed > 9 ? weighed - 9 : weighed);
    }, 0);
    if (sum % 10 === 0) return `${start}${last}`;
  }
  throw new Error('no check digit');
}
export function creditCode(first17: string): string {
  let [weight, sum] = [1, 0];
  for (const letter of first17) {
    sum += CREDIT.indexOf(letter) * weight;
    weight = (weight * 3) % 31;
  }
  return first17 + CREDIT[(31 - (sum % 31)) % 31];
}
const MRZ_LETTERS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';
export function mrzDigit(text: string): string {
  const sum = [...text].reduce(
    (total, letter, i) => total + (letter === '<' ? 0 : MRZ_LETTERS.indexOf(letter)) * [7, 3, 1][i % 3]!,
    0,
  );
  return String(sum % 10);
}

const SANS = 'Noto Sans CJK SC';
const SERIF = 'Noto Serif CJK SC';
const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
type Ink = { size?: number; fill?: string; family?: string; spacing?: number; weight?: number };
const write = (x: number, y: number, text: string, ink: Ink = {}) => {
  const { size = 30, fill = '#1c1c22', family = SANS, spacing = 0, weight = 400 } = ink;
  return `<text x="${x}" y="${y}" font-family="${family}" font-size="${size}" fill="${fill}" letter-spacing="${spacing}" font-weight="${weight}" xml:space="preserve">${escaped(text)}</text>`;
};
const page = (width: number, height: number, content: string) =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">${content}</svg>`;
/** The fine waves that such papers are printed upon. */
const waves = (width: number, height: number, colour: string) =>
  Array.from({ length: 30 }, (_, i) => {
    const y = (i / 30) * height;
    return `<path d="M0 ${y} Q ${width / 4} ${y + 18} ${width / 2} ${y} T ${width} ${y}" fill="none" stroke="${colour}" stroke-width="1.2"/>`;
  }).join('');

export type Person = {
  name: string;
  latin: { surname: string; given: string };
  sex: '男' | '女';
  ethnicity: string;
  birth: string;
  address: string;
  area: string;
  order: string;
};
const LABEL = { size: 24, fill: '#2a62a8' };

export function idFront(person: Person): SampleDocument {
  const [width, height] = [1012, 638];
  const [year = '', month = '', day = ''] = person.birth.split('-');
  const number = idNumber(`${person.area}${year}${month}${day}${person.order}`);
  const rows = person.address.match(/.{1,11}/gu) ?? [];
  const content = [
    `<rect width="${width}" height="${height}" rx="36" fill="#e4eef2"/>${waves(width, height, '#cfe0e6')}`,
    `<rect x="668" y="120" width="270" height="350" fill="#9fb1bd"/><circle cx="803" cy="240" r="72" fill="#5d6a73"/><path d="M690 470 q113 -150 226 0" fill="#49545c"/>`,
    write(60, 110, '姓  名', LABEL) + write(160, 112, person.name, { size: 36 }),
    write(60, 185, '性  别', LABEL) +
      write(160, 187, person.sex) +
      write(270, 185, '民  族', LABEL) +
      write(370, 187, person.ethnicity),
    write(60, 260, '出  生', LABEL) +
      write(160, 262, year) +
      write(240, 260, '年', LABEL) +
      write(285, 262, String(Number(month))) +
      write(330, 260, '月', LABEL) +
      write(375, 262, String(Number(day))) +
      write(420, 260, '日', LABEL),
    write(60, 340, '住  址', LABEL) + rows.map((row, i) => write(160, 342 + i * 44, row)).join(''),
    write(60, 570, '公民身份号码', LABEL) + write(320, 574, number, { size: 36, spacing: 5 }),
  ];
  const fields = {
    name: person.name,
    sex: person.sex,
    ethnicity: person.ethnicity,
    birthDate: person.birth,
    address: person.address,
    idNumber: number,
  };
  return { kind: 'id-card-front', fields, svg: page(width, height, content.join('')), width, height };
}

export function idBack({ authority, from, to }: { authority: string; from: string; to: string }): SampleDocument {
  const [width, height] = [1012, 638];
  const dotted = (day: string) => (day === '长期' ? day : day.replaceAll('-', '.'));
  const content = [
    `<rect width="${width}" height="${height}" rx="36" fill="#ece6dc"/>${waves(width, height, '#ddd2c0')}`,
    `<circle cx="150" cy="150" r="90" fill="#c23a2c"/>`,
    write(300, 130, '中华人民共和国', { size: 50, weight: 700, family: SERIF }),
    write(330, 230, '居民身份证', { size: 72, weight: 700, family: SERIF }),
    write(250, 475, '签发机关', { size: 26, weight: 700 }) + write(400, 477, authority, { size: 30 }),
    write(250, 555, '有效期限', { size: 26, weight: 700 }) +
      write(400, 557, `${dotted(from)}-${dotted(to)}`, { size: 30 }),
  ];
  return {
    kind: 'id-card-back',
    fields: { authority, validFrom: from, validTo: to },
    svg: page(width, height, content.join('')),
    width,
    height,
  };
}

export function passport(
  { latin, sex, birth, name }: Person,
  { number, expires }: { number: string; expires: string },
): SampleDocument {
  const [width, height] = [1250, 880];
  const short = (day: string) => day.slice(2).replaceAll('-', '');
  const flat = (text: string) => text.toUpperCase().replaceAll("'", '').replaceAll(/[ -]/g, '<');
  const first = `POCHN${flat(latin.surname)}<<${flat(latin.given)}`.padEnd(44, '<').slice(0, 44);
  const optional = '<'.repeat(14);
  const letter = sex === '女' ? 'F' : 'M';
  const numberPart = `${number}${mrzDigit(number)}`;
  const birthPart = `${short(birth)}${mrzDigit(short(birth))}`;
  const endPart = `${short(expires)}${mrzDigit(short(expires))}${optional}<`;
  const second = `${numberPart}CHN${birthPart}${letter}${endPart}${mrzDigit(numberPart + birthPart + endPart)}`;
  const mono = { size: 36, family: 'DejaVu Sans Mono, Liberation Mono, monospace', spacing: 4 };
  const small = { size: 18, fill: '#5a5f66' };
  const content = [
    `<rect width="${width}" height="${height}" fill="#efe9e2"/>${waves(width, height, '#e2d6cb')}`,
    `<rect x="60" y="190" width="300" height="390" fill="#a9b4bc"/><circle cx="210" cy="330" r="80" fill="#66717a"/>`,
    write(60, 90, '中华人民共和国', { size: 34, weight: 700 }) + write(60, 140, '护照 / PASSPORT', { size: 28 }),
    write(420, 170, '类型/Type', small) + write(420, 204, 'P', { size: 26 }),
    write(560, 170, '国家码/Country Code', small) + write(560, 204, 'CHN', { size: 26 }),
    write(860, 170, '护照号/Passport No.', small) + write(860, 204, number, { size: 28 }),
    write(420, 262, '姓名/Name', small) +
      write(420, 300, name, { size: 30 }) +
      write(420, 340, `${latin.surname}, ${latin.given}`.toUpperCase(), { size: 26 }),
    write(420, 400, '性别/Sex', small) + write(420, 434, `${sex}/${letter}`, { size: 26 }),
    write(700, 400, '出生日期/Date of birth', small) + write(700, 434, birth, { size: 26 }),
    write(420, 500, '有效期至/Date of expiry', small) + write(420, 534, expires, { size: 26 }),
    write(42, 750, first, mono) + write(42, 820, second, mono),
  ];
  const fields = {
    name,
    latinName: `${latin.surname.toUpperCase().replaceAll("'", '')} ${latin.given.toUpperCase()}`,
    sex,
    birthDate: birth,
    passportNumber: number,
    nationality: 'CHN',
    validTo: expires,
  };
  return { kind: 'passport', fields, svg: page(width, height, content.join('')), width, height };
}

export function bankCard({ start, thru, holder }: { start: string; thru: string; holder: string }): SampleDocument {
  const [width, height] = [1012, 638];
  const number = cardNumber(start);
  const grouped = number.replace(/(\d{4})(?=\d)/g, '$1 ');
  const content = [
    `<rect width="${width}" height="${height}" rx="36" fill="#21497c"/>${waves(width, height, '#2b5a94')}`,
    write(60, 110, '示例银行  储蓄卡', { size: 40, fill: '#f4f6f8' }),
    `<rect x="70" y="200" width="120" height="92" rx="12" fill="#cdb26a"/>`,
    write(60, 400, grouped, {
      size: number.length > 16 ? 50 : 60,
      fill: '#f0f2f4',
      family: 'DejaVu Sans Mono, monospace',
      spacing: 2,
    }),
    write(330, 480, 'VALID THRU', { size: 18, fill: '#e0e6ee' }) + write(470, 486, thru, { size: 34, fill: '#f0f2f4' }),
    write(60, 570, holder, { size: 32, fill: '#f0f2f4' }) +
      write(800, 570, 'SAMPLE', { size: 36, fill: '#f0f2f4', weight: 700 }),
  ];
  return {
    kind: 'bank-card',
    fields: { cardNumber: number, validThru: thru },
    svg: page(width, height, content.join('')),
    width,
    height,
  };
}

export function businessLicence({
  code17,
  company,
  person,
  type,
  address,
}: {
  code17: string;
  company: string;
  person: string;
  type: string;
  address: string;
}): SampleDocument {
  const [width, height] = [1500, 1060];
  const code = creditCode(code17);
  const label = { size: 26, weight: 700 };
  const content = [
    `<rect width="${width}" height="${height}" fill="#f3efe4"/><rect x="30" y="30" width="${width - 60}" height="${height - 60}" fill="none" stroke="#b89a55" stroke-width="8"/>${waves(width, height, '#eae2cf')}`,
    `<circle cx="${width / 2}" cy="120" r="60" fill="#c23a2c"/>`,
    write(560, 280, '营 业 执 照', { size: 76, weight: 700, family: SERIF }),
    write(110, 180, '统一社会信用代码', { size: 26 }) + write(110, 226, code, { size: 30 }),
    write(110, 420, '名        称', label) + write(300, 420, company, { size: 30 }),
    write(110, 490, '类        型', label) + write(300, 490, type),
    write(110, 560, '法定代表人', label) + write(300, 560, person),
    write(110, 630, '经营范围', label) + write(300, 630, '软件开发；信息技术咨询服务；货物进出口。', { size: 26 }),
    write(860, 420, '注册资本', label) + write(1040, 420, '伍佰万元整'),
    write(860, 490, '成立日期', label) + write(1040, 490, '2019年03月12日'),
    write(860, 560, '住        所', label) + write(1040, 560, address, { size: 24 }),
    write(1000, 900, '登记机关', { size: 28 }) + write(1000, 960, '2019 年 03 月 12 日', { size: 26 }),
  ];
  return {
    kind: 'business-licence',
    fields: { creditCode: code, companyName: company, legalRepresentative: person },
    svg: page(width, height, content.join('')),
    width,
    height,
  };
}

/** Numbers from 0 to 1 that are the same at every run. */
export function dice(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The paper as a JPEG: by itself, or as it lies on a table before a camera. */
export async function pictureOf(sample: SampleDocument, look: Look = {}, seed = 1): Promise<Buffer> {
  const { corners, blur = 0, noise = 0, glare = false, shadow = false, quality = 90, scale = 1, turn = 0 } = look;
  const drawn = sharp(Buffer.from(sample.svg)).flatten({ background: '#e8e8e8' }).removeAlpha();
  const { data: page, info } = await drawn.raw().toBuffer({ resolveWithObject: true });
  let picture = { data: page as Uint8Array, width: info.width, height: info.height };
  if (corners) {
    const width = Math.round((sample.width * scale) / 0.66);
    const height = Math.round((sample.height * scale) / 0.62);
    const random = dice(seed);
    const from = inverseOf(projectionOf(corners));
    const data = new Uint8Array(width * height * 3);
    for (let y = 0; y < height; y += 1) {
      for (let x = 0; x < width; x += 1) {
        const [sx, sy] = [(x + 0.5) / width, (y + 0.5) / height];
        const { x: u, y: v } = projected(from, { x: sx, y: sy });
        const inside = u >= 0 && u < 1 && v >= 0 && v < 1;
        let light = shadow ? 1 - 0.45 / (1 + Math.exp((sx + sy * 0.6 - 0.85) * 14)) : 1;
        if (!inside) light *= 0.9;
        const reflex = glare ? 150 * Math.exp(-((sx - 0.62) ** 2 / 0.012 + (sy - 0.36) ** 2 / 0.01)) : 0;
        // A pixel of a camera sees more than one point of the page.
        const px = Math.min(info.width - 2, Math.max(0, u * info.width - 0.5));
        const py = Math.min(info.height - 2, Math.max(0, v * info.height - 0.5));
        const [left, top] = [Math.floor(px), Math.floor(py)];
        const [fx, fy] = [px - left, py - top];
        for (let channel = 0; channel < 3; channel += 1) {
          let value = [74, 64, 56][channel]!;
          if (inside) {
            const at = (top * info.width + left) * 3 + channel;
            const down = at + info.width * 3;
            value =
              (page[at]! * (1 - fx) + page[at + 3]! * fx) * (1 - fy) +
              (page[down]! * (1 - fx) + page[down + 3]! * fx) * fy;
          }
          const grain = noise === 0 ? 0 : (random() + random() + random() - 1.5) * 2 * noise;
          data[(y * width + x) * 3 + channel] = Math.max(0, Math.min(255, value * light + reflex + grain));
        }
      }
    }
    picture = { data, width, height };
  }
  const { width, height } = picture;
  let image = sharp(picture.data, { raw: { width, height, channels: 3 } });
  if (blur > 0) image = sharp(await image.blur(blur).png().toBuffer());
  if (turn !== 0) image = sharp(await image.png().toBuffer()).rotate(turn);
  return image.jpeg({ quality }).toBuffer();
}

/** Seen a little from the side, by somebody in a hurry. */
export const seenFrom = (seed: number): Corners => {
  const random = dice(seed);
  const near = (x: number, y: number) => ({ x: x + (random() - 0.5) * 0.08, y: y + (random() - 0.5) * 0.08 });
  return [near(0.17, 0.19), near(0.83, 0.19), near(0.83, 0.81), near(0.17, 0.81)];
};
