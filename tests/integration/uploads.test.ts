import { randomBytes, randomUUID } from 'node:crypto';
import { readdir, readFile, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { MAX_PAGE_BYTES, type DocumentId } from '@openvtm/protocol';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { pdf } from '../../server/src/modules/documents/pdf.fixture.ts';
import { startLab, type Lab } from './lab/index.ts';
import { sha256, type UploadWish } from './lab/kiosk.ts';
import { bomb, gif, HIDDEN, jpeg, png, tiff, webp } from './lab/pictures.ts';
import { askDocument, startCall } from './lab/stories.ts';

async function asked() {
  const lab = await startLab();
  const kiosk = await lab.kiosk();
  const agent = await lab.readyAgent('li.na');
  const call = await startCall({ kiosk, agent });
  return { lab, kiosk, agent, ...call, documentId: await askDocument({ kiosk, agent }, call.caseId) };
}
const filesOf = (lab: Lab) => readdir(join(lab.dataDir, 'documents'));
const pagesOf = async (lab: Lab) => {
  const { rows } = await lab.database.pool.query<{ number: number; file: string; thumbnail_file: string }>(
    'select number, file, thumbnail_file from documents.page order by document_id, number',
  );
  return rows;
};
const stateOf = async (lab: Lab, documentId: DocumentId) => {
  const { rows } = await lab.database.pool.query<{ state: string }>(
    'select state from documents.document where id = $1',
    [documentId],
  );
  return rows[0]?.state;
};

test('what is no picture, or not as it should be, is refused with its reason, and nothing of it is stored', async () => {
  const { lab, kiosk, documentId } = await asked();
  const good = await jpeg();
  const text = Buffer.from('this only claims to be a picture');
  const refusals: Record<string, [Uint8Array, { status: number; code: string }, UploadWish?]> = {
    'text that says image/jpeg': [text, { status: 415, code: 'not-an-image' }],
    'a script in a picture': [
      Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
      { status: 415, code: 'not-an-image' },
      { type: 'image/svg+xml' },
    ],
    'a PDF that is none': [Buffer.from('%PDF-1.7 and no more'), { status: 422, code: 'unreadable-image' }],
    'a GIF': [await gif(), { status: 415, code: 'not-an-image' }, { type: 'image/gif' }],
    'a TIFF': [await tiff(), { status: 415, code: 'not-an-image' }, { type: 'image/tiff' }],
    'no byte at all': [Buffer.alloc(0), { status: 415, code: 'not-an-image' }],
    "random bytes after a JPEG's first": [
      Buffer.concat([good.subarray(0, 3), randomBytes(5_000)]),
      { status: 422, code: 'unreadable-image' },
    ],
    'a JPEG cut in the middle': [good.subarray(0, good.length / 2), { status: 422, code: 'unreadable-image' }],
    'a decompression bomb of 625 megapixels': [bomb(25_000), { status: 422, code: 'unreadable-image' }],
    "another picture's digest": [good, { status: 400, code: 'invalid-value' }, { sha256: sha256(text) }],
    'no name of the take': [good, { status: 400, code: 'bad-request' }, { uploadId: '1' }],
    'corners of no page': [good, { status: 400, code: 'invalid-value' }, { query: '?corners=0,0,0,1,1,1,1,0' }],
    'a piece that is not what it says': [
      good,
      { status: 400, code: 'bad-request' },
      { range: `bytes 0-10/${good.length}` },
    ],
    'a piece of more than 12 MB': [
      good,
      { status: 413, code: 'too-large' },
      { range: `bytes 0-${good.length - 1}/${MAX_PAGE_BYTES + 1}` },
    ],
    'no digest': [good, { status: 400, code: 'bad-request' }, { sha256: 'none' }],
    'one byte more than 12 MB': [Buffer.alloc(MAX_PAGE_BYTES + 1, 0xff), { status: 413, code: 'too-large' }],
  };
  for (const [what, [bytes, refusal, options]] of Object.entries(refusals)) {
    const answer = await lab.http.refusal(await kiosk.upload(documentId, bytes, options));
    expect([what, answer]).toEqual([what, refusal]);
  }
  const inflating = await lab.http.send('PUT', `/api/documents/${documentId}`, {
    token: await kiosk.token(),
    bytes: gzipSync(Buffer.alloc(MAX_PAGE_BYTES + 1)),
    headers: { 'Idempotency-Key': randomUUID(), 'X-Content-SHA256': sha256(text), 'Content-Encoding': 'gzip' },
  });
  expect(await lab.http.refusal(inflating)).toEqual({ status: 413, code: 'too-large' });
  expect(await pagesOf(lab)).toEqual([]);
  expect(await filesOf(lab)).toEqual([]);
  expect(await stateOf(lab, documentId)).toBe('asked');
  // The decoder has survived all of it.
  expect((await kiosk.upload(documentId, good)).status).toBe(201);
});

test('a JPEG, a PNG and a WebP are kept as JPEG without what was hidden in them', async () => {
  const { kiosk, agent, documentId } = await asked();
  const original = await jpeg();
  expect(original.includes(HIDDEN)).toBe(true);
  const pictures = [original, await png(), await webp()];
  for (const [i, bytes] of pictures.entries()) {
    if (i > 0) await agent.must('document:return', { documentId, reason: 'blurred', note: '' });
    expect((await kiosk.upload(documentId, bytes, { type: 'application/octet-stream' })).status).toBe(201);
    const kept = Buffer.from(await (await agent.page(documentId, i + 1)).arrayBuffer());
    const [meta, before] = await Promise.all([sharp(kept).metadata(), sharp(bytes).metadata()]);
    expect([meta.format, meta.width, meta.height]).toEqual(['jpeg', before.width, before.height]);
    expect(meta.exif).toBeUndefined();
    expect(kept.includes(HIDDEN)).toBe(false);
  }
});

test('the same upload again is one page, one after the other and ten at once', async () => {
  const { lab, kiosk, agent, documentId } = await asked();
  const bytes = await jpeg();
  const uploadId = randomUUID();
  expect((await kiosk.upload(documentId, bytes, { uploadId })).status).toBe(201);
  expect((await kiosk.upload(documentId, bytes, { uploadId })).status).toBe(201);
  expect(await pagesOf(lab)).toHaveLength(1);
  // The picture and its thumbnail.
  expect(await filesOf(lab)).toHaveLength(2);

  await agent.must('document:return', { documentId, reason: 'glare', note: '' });
  const other = { bytes: await jpeg({ width: 400 }), uploadId: randomUUID() };
  const answers = await Promise.all(
    Array.from({ length: 10 }, () => kiosk.upload(documentId, other.bytes, { uploadId: other.uploadId })),
  );
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
  const pages = await pagesOf(lab);
  expect(pages.map(({ number }) => number)).toEqual([1, 2]);
  expect(await lab.journal({ kind: 'document.captured' })).toHaveLength(2);
});

test('a returned picture taken again is a new page, also when the camera gives the very same bytes', async () => {
  const { lab, kiosk, agent, documentId } = await asked();
  const bytes = await jpeg();
  expect((await kiosk.upload(documentId, bytes)).status).toBe(201);
  await agent.must('document:return', { documentId, reason: 'glare', note: '' });
  expect((await kiosk.upload(documentId, bytes)).status).toBe(201);
  expect(await stateOf(lab, documentId)).toBe('captured');
  expect((await pagesOf(lab)).map(({ number }) => number)).toEqual([1, 2]);
});

test('a picture that nobody asked for is refused: not before the asking, not after accepting, withdrawing or the end', async () => {
  const { lab, kiosk, agent, caseId, callId, documentId } = await asked();
  const wrongState = { status: 409, code: 'wrong-state' };
  expect((await kiosk.upload(documentId, await jpeg())).status).toBe(201);
  expect(await lab.http.refusal(await kiosk.upload(documentId, await jpeg({ width: 330 })))).toEqual(wrongState);
  await agent.must('document:accept', { documentId });
  expect(await lab.http.refusal(await kiosk.upload(documentId, await jpeg({ width: 340 })))).toEqual(wrongState);
  expect(await agent.ask('document:return', { documentId, reason: 'glare', note: '' })).toMatchObject({
    error: { code: 'wrong-state' },
  });

  const back = await agent.must('document:ask', { caseId, kind: 'id-card-back', camera: 'document' });
  await agent.must('document:withdraw', back);
  expect(await lab.http.refusal(await kiosk.upload(back.documentId, await jpeg()))).toEqual(wrongState);

  const absent = await agent.must('document:ask', { caseId, kind: 'bank-card', camera: 'document' });
  await kiosk.must('document:not-at-hand', absent);
  await agent.until(({ documents }) => documents.some(({ state }) => state.at === 'not-at-hand'));
  expect(await lab.http.refusal(await kiosk.upload(absent.documentId, await jpeg()))).toEqual(wrongState);

  const open = await agent.must('document:ask', { caseId, kind: 'passport', camera: 'document' });
  expect(await agent.must('document:ask', { caseId, kind: 'passport', camera: 'document' })).toEqual(open);
  await agent.must('call:end', { callId });
  expect(await lab.http.refusal(await kiosk.upload(open.documentId, await jpeg()))).toEqual(wrongState);
  expect(await pagesOf(lab)).toHaveLength(1);
});

test('only kiosks send pictures', async () => {
  const { lab, agent, documentId } = await asked();
  const bytes = await jpeg();
  const put = (token?: string) =>
    lab.http.send('PUT', `/api/documents/${documentId}`, {
      bytes,
      headers: { 'Idempotency-Key': randomUUID(), 'X-Content-SHA256': sha256(bytes) },
      ...(token === undefined ? {} : { token }),
    });
  expect(await lab.http.refusal(await put(await agent.token()))).toEqual({ status: 403, code: 'not-allowed' });
  expect(await lab.http.refusal(await put())).toEqual({ status: 401, code: 'expired' });
  expect(await filesOf(lab)).toEqual([]);
});

test('a file that no page refers to is swept after ten minutes, those of pages stay', async () => {
  const { lab, kiosk, agent, documentId } = await asked();
  expect((await kiosk.upload(documentId, await jpeg())).status).toBe(201);
  const orphan = await lab.app.parts.documents.storePiece(await jpeg({ width: 500 }), 0);
  const old = lab.clock.now() / 1000 - 11 * 60;
  for (const name of await filesOf(lab)) await utimes(join(lab.dataDir, 'documents', name), old, old);
  expect(await filesOf(lab)).toHaveLength(3);
  const [page] = await pagesOf(lab);
  lab.clock.jump(61_000);
  await expect
    .poll(async () => new Set(await filesOf(lab)), { timeout: 10_000 })
    .toEqual(new Set([page?.file, page?.thumbnail_file]));
  expect(await filesOf(lab)).not.toContain(orphan);
  expect((await agent.page(documentId, 1)).status).toBe(200);
});

test('pictures are on disk only encrypted, in the age format', async () => {
  const { lab, kiosk, agent, documentId } = await asked();
  expect((await kiosk.upload(documentId, await jpeg())).status).toBe(201);
  const names = await filesOf(lab);
  expect(names).toHaveLength(2);
  // Seven bytes: three alone turn up by chance in one encrypted file out of a hundred.
  const startOfEveryJpeg = Buffer.from('ffd8ffdb004300', 'hex');
  const seen = Buffer.from(await (await agent.page(documentId, 1)).arrayBuffer());
  expect(seen.subarray(0, 7)).toEqual(startOfEveryJpeg);
  for (const name of names) {
    const stored = await readFile(join(lab.dataDir, 'documents', name));
    expect(stored.subarray(0, 22).toString()).toBe('age-encryption.org/v1\n');
    expect(name).toBe(sha256(stored));
    expect(stored.includes(startOfEveryJpeg)).toBe(false);
  }
});

test('a file that comes in pieces is one page; the pieces are acknowledged one by one, and seen at the desk', async () => {
  const { lab, kiosk, agent, documentId } = await asked();
  const bytes = await jpeg({ width: 1200, height: 900 });
  const uploadId = randomUUID();
  const half = Math.floor(bytes.length / 2);
  const first = await kiosk.uploadInPieces(documentId, bytes, { uploadId, piece: half });
  expect(first.status).toBe(201);
  expect(await first.json()).toEqual({ received: bytes.length, done: true });
  expect(await pagesOf(lab)).toHaveLength(1);
  expect(await lab.journal({ kind: 'document.arriving' })).toHaveLength(1);
  expect(await lab.journal({ kind: 'document.captured' })).toHaveLength(1);

  await agent.must('document:return', { documentId, reason: 'glare', note: '' });
  const next = { uploadId: randomUUID(), piece: 20_000 };
  const answer = await kiosk.uploadInPieces(documentId, bytes, { ...next, until: 20_000 });
  expect([answer.status, await answer.json()]).toEqual([202, { received: 20_000, done: false }]);
  await agent.until(({ documents }) => documents[0]?.arriving?.received === 20_000);
  expect(await stateOf(lab, documentId)).toBe('returned');
  // A piece again, one too far on, and the first ones of another file under the same name.
  const piece = (start: number, of = bytes) =>
    kiosk.upload(documentId, of.subarray(start, start + 20_000), {
      uploadId: next.uploadId,
      sha256: sha256(of),
      range: `bytes ${start}-${start + 19_999}/${of.length}`,
    });
  for (const start of [0, 40_000]) {
    const again = await piece(start);
    expect([again.status, await again.json()]).toEqual([202, { received: 20_000, done: false }]);
  }
  const other = await jpeg({ width: 1300, height: 900 });
  expect(await lab.http.refusal(await piece(20_000, other))).toEqual({ status: 409, code: 'conflict' });
  expect((await kiosk.uploadInPieces(documentId, bytes, next)).status).toBe(201);
  await agent.until(({ documents }) => documents[0]?.state.at === 'captured' && documents[0].arriving === null);
  expect((await pagesOf(lab)).map(({ number }) => number)).toEqual([1, 2]);
  const { rows } = await lab.database.pool.query('select 1 from documents.upload');
  expect(rows).toEqual([]);
});

test('pieces that make no whole are dropped, so that the upload can begin anew', async () => {
  const { lab, kiosk, documentId } = await asked();
  const bytes = await jpeg({ width: 800, height: 600 });
  const uploadId = randomUUID();
  const wrong = await kiosk.uploadInPieces(documentId, bytes, {
    uploadId,
    piece: 9_000,
    sha256: sha256(bytes.subarray(1)),
  });
  expect(await lab.http.refusal(wrong)).toEqual({ status: 400, code: 'invalid-value' });
  expect(await (await kiosk.uploadState(documentId, uploadId)).json()).toEqual({ received: 0, done: false });
  const cut = await kiosk.uploadInPieces(documentId, bytes.subarray(0, -500), { uploadId, piece: 9_000 });
  expect(await lab.http.refusal(cut)).toEqual({ status: 422, code: 'unreadable-image' });
  expect((await kiosk.uploadInPieces(documentId, bytes, { uploadId, piece: 9_000 })).status).toBe(201);
  expect(await pagesOf(lab)).toHaveLength(1);
});

test('what is no picture is refused with its first piece', async () => {
  const { lab, kiosk, documentId } = await asked();
  const answer = await kiosk.uploadInPieces(documentId, randomBytes(50_000), { uploadId: randomUUID(), piece: 10_000 });
  expect(await lab.http.refusal(answer)).toEqual({ status: 415, code: 'not-an-image' });
  expect(await filesOf(lab)).toEqual([]);
});

test('a paper has many pages, until the customer says that they are all; sent back it begins a new round', async () => {
  const { lab, kiosk, agent, caseId } = await asked();
  const { documentId } = await agent.must('document:ask', { caseId, kind: 'contract', camera: 'document' });
  expect(await kiosk.ask('document:done', { documentId })).toMatchObject({ error: { code: 'wrong-state' } });
  const more = { query: '?more=1' };
  for (let page = 1; page <= 3; page += 1)
    expect((await kiosk.upload(documentId, await jpeg({ width: 300 + page }), more)).status).toBe(201);
  const viewOf = async () =>
    (await lab.app.parts.documents.ofCase(caseId)).find((one) => one.documentId === documentId);
  expect(await viewOf()).toMatchObject({
    state: { at: 'collecting' },
    pages: [{ round: 1 }, { round: 1 }, { round: 1 }],
  });
  expect(await agent.ask('document:accept', { documentId })).toMatchObject({ error: { code: 'wrong-state' } });
  await kiosk.must('document:done', { documentId });
  await agent.must('document:return', { documentId, reason: 'cut-off', note: '' });
  expect((await kiosk.upload(documentId, await jpeg({ width: 320 }), more)).status).toBe(201);
  expect((await kiosk.upload(documentId, await jpeg({ width: 321 }))).status).toBe(201);
  expect((await viewOf())?.state.at).toBe('captured');
  expect((await viewOf())?.pages.map(({ number, round }) => [number, round])).toEqual([
    [1, 1],
    [2, 1],
    [3, 1],
    [4, 2],
    [5, 2],
  ]);
});

test("a card's side is one page, whatever is said of more", async () => {
  const { lab, kiosk, documentId } = await asked();
  expect((await kiosk.upload(documentId, await jpeg(), { query: '?more=1' })).status).toBe(201);
  expect(await stateOf(lab, documentId)).toBe('captured');
});

test('a page with its corners is kept straightened beside the picture that was taken', async () => {
  const { lab, kiosk, agent, documentId } = await asked();
  const bytes = await jpeg({ width: 800, height: 600 });
  const query = '?corners=0.25,0.25,0.75,0.25,0.75,0.75,0.25,0.75';
  expect((await kiosk.upload(documentId, bytes, { query })).status).toBe(201);
  const sizeOf = async (shape: string) => {
    const { width, height } = await sharp(
      Buffer.from(await (await agent.page(documentId, 1, shape)).arrayBuffer()),
    ).metadata();
    return [width, height];
  };
  expect(await sizeOf('best')).toEqual([400, 300]);
  expect(await sizeOf('taken')).toEqual([800, 600]);
  expect(await sizeOf('thumbnail')).toEqual([320, 240]);
  expect((await agent.page(documentId, 1, 'secret')).status).toBe(404);
  const [captured] = await lab.journal({ kind: 'document.captured' });
  // The kiosk is sent what is kept; what staff are sent is stamped.
  const best = Buffer.from(await (await kiosk.page(documentId, 1, 'best')).arrayBuffer());
  const taken = Buffer.from(await (await kiosk.page(documentId, 1, 'taken')).arrayBuffer());
  expect(captured?.data).toMatchObject({ sha256: sha256(taken), straightened: sha256(best) });
  // A thumbnail is not a look: nothing in it can be read.
  const looks = await lab.journal({ kind: 'document.viewed' });
  expect(looks.map(({ data }) => data?.['shape'])).toEqual(['best', 'taken', 'best', 'taken']);
});

test('a PDF is kept as pictures of its pages, and as nothing else', async () => {
  const { lab, kiosk, agent, caseId } = await asked();
  const { documentId } = await agent.must('document:ask', { caseId, kind: 'contract', camera: 'document' });
  const bytes = pdf({ pages: 4, script: 'app.alert("run")', attachment: 'MZ an attachment' });
  const uploadId = randomUUID();
  expect((await kiosk.uploadInPieces(documentId, bytes, { uploadId, piece: 1_000 })).status).toBe(201);
  const again = await kiosk.uploadInPieces(documentId, bytes, { uploadId, piece: 1_000 });
  expect(await again.json()).toMatchObject({ done: true });
  expect(await pagesOf(lab)).toHaveLength(4);
  expect(await lab.journal({ kind: 'document.page-taken' })).toHaveLength(3);
  for (let page = 1; page <= 4; page += 1) {
    const kept = Buffer.from(await (await agent.page(documentId, page)).arrayBuffer());
    expect((await sharp(kept).metadata()).format).toBe('jpeg');
    expect(kept.includes('attachment') || kept.includes('alert')).toBe(false);
  }
});
