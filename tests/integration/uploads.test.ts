import { randomBytes, randomUUID } from 'node:crypto';
import { readdir, readFile, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { MAX_PAGE_BYTES, type DocumentId } from '@openvtm/protocol';
import sharp from 'sharp';
import { expect, test } from 'vitest';
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
  const { rows } = await lab.database.pool.query<{ number: number; file: string }>(
    'select number, file from documents.page order by document_id, number',
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
  const text = Buffer.from('%PDF-1.7 this only claims to be a picture');
  const refusals: Record<string, [Uint8Array, { status: number; code: string }, UploadWish?]> = {
    'text that says image/jpeg': [text, { status: 415, code: 'not-an-image' }],
    'a script in a picture': [
      Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
      { status: 415, code: 'not-an-image' },
      { type: 'image/svg+xml' },
    ],
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
  expect(await filesOf(lab)).toHaveLength(1);

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
  const orphan = await lab.app.parts.documents.storePicture(await jpeg({ width: 500 }), {
    uploadId: randomUUID(),
    uploadedSha256: 'never-used',
  });
  const old = lab.clock.now() / 1000 - 11 * 60;
  for (const name of await filesOf(lab)) await utimes(join(lab.dataDir, 'documents', name), old, old);
  expect(await filesOf(lab)).toHaveLength(2);
  lab.clock.jump(61_000);
  await expect.poll(() => filesOf(lab), { timeout: 10_000 }).toEqual((await pagesOf(lab)).map(({ file }) => file));
  expect(await filesOf(lab)).not.toContain(orphan.file);
  expect((await agent.page(documentId, 1)).status).toBe(200);
});

test('pictures are on disk only encrypted, in the age format', async () => {
  const { lab, kiosk, documentId } = await asked();
  const bytes = await jpeg();
  expect((await kiosk.upload(documentId, bytes)).status).toBe(201);
  const names = await filesOf(lab);
  expect(names).toHaveLength(1);
  const stored = await readFile(join(lab.dataDir, 'documents', names[0] ?? ''));
  expect(stored.subarray(0, 22).toString()).toBe('age-encryption.org/v1\n');
  expect(names[0]).toBe(sha256(stored));
  expect(stored.includes(Buffer.from([0xff, 0xd8, 0xff]))).toBe(false);
  expect(stored.includes('JFIF')).toBe(false);
});
