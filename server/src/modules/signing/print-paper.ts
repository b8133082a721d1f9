import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Countersigner, Language, PaperText, Signature } from '@openvtm/protocol';
import Pdf from 'pdfkit';

/** Who signed, as it is printed; the drawing itself is drawn. */
export type Signed = {
  signature: Signature;
  at: number;
  /** SHA-256 of what the customer read, and of what the pen did. */
  paperSha256: string;
  signatureSha256: string;
};
export type Countersigned = { as: Countersigner; name: string; at: number };

export type Print = {
  text: PaperText;
  language: Language;
  /** The paper's own number, at the foot of every page. */
  number: string;
  madeAt: number;
  signed?: Signed | null;
  countersigned?: readonly Countersigned[];
};

const WORDS = {
  'zh-CN': {
    signature: '客户签名',
    signedAt: '签署时间',
    paperHash: '所签文件摘要（SHA-256）',
    penHash: '笔迹数据摘要（SHA-256）',
    countersigned: '会签',
    as: { agent: '远程柜员', 'branch-staff': '网点员工' },
    foot: (number: string, page: number, pages: number) => `编号 ${number} · 第 ${page} 页，共 ${pages} 页`,
  },
  en: {
    signature: 'Signature of the customer',
    signedAt: 'Signed at',
    paperHash: 'Digest of the signed text (SHA-256)',
    penHash: 'Digest of the pen’s data (SHA-256)',
    countersigned: 'Countersigned',
    as: { agent: 'remote teller', 'branch-staff': 'branch staff' },
    foot: (number: string, page: number, pages: number) => `No. ${number} · page ${page} of ${pages}`,
  },
};

const MARGIN = 56;
const FOOT = 34;
/** Points; the box that the signature is drawn into. */
const BOX = { width: 260, height: 96 };

let font: Buffer | undefined;
/** Ten megabytes that only a server which prints needs. */
const fontFile = () =>
  (font ??= readFileSync(
    createRequire(import.meta.url).resolve('@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf'),
  ));

type Glyphs = { hasGlyphForCodePoint(codePoint: number): boolean };

/** A character that the font lacks stands as its number: an empty box in a contract could be anybody's name. */
export const printable = (text: string, has: (codePoint: number) => boolean): string =>
  [...text.normalize('NFC')]
    .filter((char) => !/[\p{Cc}\p{Cf}]/u.test(char))
    .map((char) => {
      const code = char.codePointAt(0) ?? 0;
      return has(code) ? char : `〔U+${code.toString(16).toUpperCase()}〕`;
    })
    .join('');

/** A Chinese font has curly quotes as wide as its characters: “the bank’ s” among Latin letters. */
const narrow = (text: string): string => text.replaceAll(/[‘’]/g, "'").replaceAll(/[“”]/g, '"');

/** `2026-11-26 16:05:12 UTC+8`: by the clock of China, where the branches are. */
export const moment = (at: number): string =>
  `${new Date(at + 8 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ')} UTC+8`;

/** PDF/A-2b, tagged, with the font in it. No clock is asked: the same paper is the same words. */
export async function printPaper(print: Print): Promise<{ pdf: Buffer; pages: number }> {
  const { text, language, number, madeAt, signed = null, countersigned = [] } = print;
  const words = WORDS[language];
  const doc = new Pdf({
    size: 'A4',
    margins: { top: MARGIN, left: MARGIN, right: MARGIN, bottom: MARGIN + FOOT },
    pdfVersion: '1.7',
    subset: 'PDF/A-2b',
    tagged: true,
    lang: language,
    displayTitle: true,
    bufferPages: true,
    info: { Title: text.title, Creator: 'OpenVTM', Producer: 'OpenVTM', CreationDate: new Date(madeAt) },
    // Of its own accord it would begin with Helvetica, which a PDF/A must not leave outside.
    font: null as unknown as string,
  });
  const chunks: Buffer[] = [];
  doc.on('data', (chunk: Buffer) => void chunks.push(chunk));
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  doc.on('end', resolve);
  doc.on('error', reject);

  doc.registerFont('body', fontFile());
  doc.font('body');
  // The font as it was read, of which the library has no word in public.
  const { font: glyphs } = Reflect.get(doc, '_font') as { font: Glyphs };
  const say = (words: string) =>
    printable(language === 'en' ? narrow(words) : words, (code) => glyphs.hasGlyphForCodePoint(code));
  const root = doc.struct('Document');
  doc.addStructure(root);
  const part = (kind: 'H1' | 'H2' | 'P', words: string, size: number) =>
    root.add(
      doc.struct(kind, {}, () => {
        doc
          .fontSize(size)
          .fillColor('#111111')
          .text(say(words), { lineGap: size * 0.35 });
      }),
    );
  const room = (height: number) => {
    if (doc.y + height > doc.page.height - doc.page.margins.bottom) doc.addPage();
  };

  part('H1', text.title, 18);
  for (const { heading, paragraphs } of text.sections) {
    doc.moveDown(0.6);
    room(60);
    part('H2', heading, 13);
    for (const paragraph of paragraphs) {
      doc.moveDown(0.15);
      part('P', paragraph, 11);
    }
  }

  if (signed) {
    doc.moveDown(1);
    room(BOX.height + 110 + countersigned.length * 20);
    part('H2', words.signature, 13);
    doc.moveDown(0.2);
    drawSignature(doc, root, { signature: signed.signature, alt: words.signature });
    part('P', `${words.signedAt}: ${moment(signed.at)}`, 9);
    part('P', `${words.paperHash}: ${signed.paperSha256}`, 8);
    part('P', `${words.penHash}: ${signed.signatureSha256}`, 8);
    for (const one of countersigned)
      part('P', `${words.countersigned}: ${one.name} (${words.as[one.as]}), ${moment(one.at)}`, 11);
  }

  const { start, count } = doc.bufferedPageRange();
  for (let page = start; page < start + count; page += 1) {
    doc.switchToPage(page);
    // At the foot, under the margin that the text keeps; no reading order goes through it.
    doc.page.margins.bottom = 0;
    doc.markContent('Artifact', { type: 'Pagination' });
    doc
      .fontSize(8)
      .fillColor('#555555')
      .text(words.foot(number, page + 1, count), MARGIN, doc.page.height - MARGIN, { lineBreak: false });
    doc.endMarkedContent();
  }
  root.end();
  doc.end();
  await promise;
  return { pdf: Buffer.concat(chunks), pages: count };
}

type Root = ReturnType<typeof Pdf.prototype.struct>;

/** The strokes as curves, thicker where the pen was pressed. */
function drawSignature(
  doc: typeof Pdf.prototype,
  root: Root,
  { signature, alt }: { signature: Signature; alt: string },
): void {
  const { strokes } = signature;
  const { x: left, y: top } = doc;
  const ink = inkOf(strokes);
  // As large as the box allows, whichever size the pad had; a small hand is not blown up beyond twice its size.
  const scale = Math.min((BOX.width - 24) / ink.width, (BOX.height - 16) / ink.height, 1.5);
  const at = ([x, y]: readonly number[]) =>
    [
      left + BOX.width / 2 + ((x ?? 0) / 10 - ink.x) * scale,
      top + BOX.height / 2 + ((y ?? 0) / 10 - ink.y) * scale,
    ] as const;
  root.add(
    doc.struct('Figure', { alt, bbox: [left, top, left + BOX.width, top + BOX.height] }, () => {
      doc.save();
      doc.lineWidth(0.6).strokeColor('#999999').rect(left, top, BOX.width, BOX.height).stroke();
      doc.lineCap('round').lineJoin('round').strokeColor('#0b1f5c').fillColor('#0b1f5c');
      for (const stroke of strokes) {
        const [first] = stroke;
        if (first && stroke.length === 1) doc.circle(...at(first), 0.9).fill();
        stroke.forEach((here, i) => {
          const [before, after] = [stroke[i - 1], stroke[i + 1]];
          if (!before) return;
          const from = i === 1 ? at(before) : middle(at(before), at(here));
          const to = after ? middle(at(here), at(after)) : at(here);
          doc
            .lineWidth(0.9 + (here[3] / 1_000) * 1.2)
            .moveTo(...from)
            .quadraticCurveTo(...at(here), ...to)
            .stroke();
        });
      }
      doc.restore();
    }),
  );
  doc.x = left;
  doc.y = top + BOX.height + 6;
}

const middle = ([x, y]: readonly [number, number], [otherX, otherY]: readonly [number, number]) =>
  [(x + otherX) / 2, (y + otherY) / 2] as const;

/** The middle of what was drawn, and its size, in CSS pixels. */
function inkOf(strokes: Signature['strokes']) {
  const along = (axis: 0 | 1) => {
    const all = strokes.flatMap((stroke) => stroke.map((point) => point[axis] / 10));
    const [least, most] = [Math.min(...all), Math.max(...all)];
    return { middle: (least + most) / 2, size: Math.max(1, most - least) };
  };
  const [x, y] = [along(0), along(1)];
  return { x: x.middle, y: y.middle, width: x.size, height: y.size };
}
