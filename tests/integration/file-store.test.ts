import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test, vi } from 'vitest';
import { startApp } from '../../server/src/app.ts';
import { DEMO_KIOSKS, DEMO_PASSWORD } from '../../server/src/flows/seed-demo.ts';
import { startS3Server } from '../../server/src/kernel/files/s3-server.fixture.ts';
import { createLog } from '../../server/src/kernel/log.ts';
import { startServer } from '../e2e/lab/server.ts';
import { freePorts } from '../ports.ts';
import { createHttp } from './lab/http.ts';
import { startLab } from './lab/index.ts';
import { enrolLabKiosk, sha256 } from './lab/kiosk.ts';
import { confirmedCall, sealPaper } from './lab/papers.ts';
import { jpeg } from './lab/pictures.ts';
import { signInLabStaff } from './lab/staff.ts';
import { askDocument, startCall } from './lab/stories.ts';

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

async function s3Server() {
  const s3 = await startS3Server(await freePorts());
  cleanups.push(() => s3.close());
  return s3;
}
async function asked() {
  const s3 = await s3Server();
  const lab = await startLab({ s3: s3.place });
  const kiosk = await lab.kiosk();
  const agent = await lab.readyAgent('li.na');
  const call = await startCall({ kiosk, agent });
  return { s3, lab, kiosk, agent, ...call, documentId: await askDocument({ kiosk, agent }, call.caseId) };
}

test('pictures and papers lie in the store and nowhere on the disk; pages are seen, papers signed and sealed', async () => {
  const { s3, lab, kiosk, agent, documentId, callId } = await asked();
  expect((await kiosk.upload(documentId, await jpeg())).status).toBe(201);
  expect((await agent.page(documentId, 1)).status).toBe(200);
  expect(await s3.names('documents')).toHaveLength(2);
  await agent.must('call:end', { callId });
  await agent.must('queue:wrap-up', { callId, outcome: 'complete', note: '', then: 'ready' });

  const second = await lab.kiosk(2);
  const both = { kiosk: second, agent };
  const { caseId } = await confirmedCall(both);
  const { paperId, sha256: read } = await sealPaper(both, caseId);
  // As it was read, signed, and sealed.
  expect(await s3.names('papers')).toHaveLength(3);
  const pdf = await lab.http.send('GET', `/api/papers/${paperId}/read`, { token: await agent.token() });
  expect(sha256(Buffer.from(await pdf.arrayBuffer()))).toBe(read);
  expect(await readdir(lab.dataDir)).not.toContain('documents');
  expect(await readdir(lab.dataDir)).not.toContain('papers');
});

test('an upload that was begun at one node goes on at the other, which has its own disk', async () => {
  const { s3, lab, kiosk, documentId } = await asked();
  const dataDir = await mkdtemp(join(tmpdir(), 'openvtm-store-b-'));
  await cp(join(lab.dataDir, 'keys'), join(dataDir, 'keys'), { recursive: true });

  const bytes = await jpeg({ width: 1200, height: 900 });
  const uploadId = randomUUID();
  const half = Math.ceil(bytes.length / 2);
  expect((await kiosk.uploadInPieces(documentId, bytes, { uploadId, piece: half, until: half })).status).toBe(202);
  await lab.app.close('it goes');
  const heir = await startApp({
    config: { ...lab.config, dataDir, port: 0, media: { ...lab.config.media, basePort: await freePorts() } },
    connection: lab.connection,
    clock: lab.clock.now,
    log: createLog({ level: 'silent' }),
    version: '0.0.0-lab',
  });
  cleanups.push(
    () => rm(dataDir, { recursive: true, force: true }),
    () => heir.close('the test is over'),
  );
  const http = createHttp(heir.url);
  const token = await kiosk.token();
  const answer = await http.send('PUT', `/api/documents/${documentId}`, {
    token,
    bytes: bytes.subarray(half),
    headers: {
      'Idempotency-Key': uploadId,
      'X-Content-SHA256': sha256(bytes),
      'Content-Range': `bytes ${half}-${bytes.length - 1}/${bytes.length}`,
    },
  });
  expect(await answer.json()).toEqual({ received: bytes.length, done: true });
  const agent = await signInLabStaff({
    url: heir.url,
    http,
    now: lab.clock.now,
    username: 'li.na',
    password: DEMO_PASSWORD,
  });
  expect((await agent.page(documentId, 1)).status).toBe(200);
  expect(await s3.names('documents')).not.toEqual([]);
  expect(await readdir(dataDir)).not.toContain('documents');
});

test('a store that is away is said so, what was acknowledged stays, calls go on, and with the store it goes on', async () => {
  const { s3, lab, kiosk, agent, documentId, callId } = await asked();
  lab.expectError(/a call failed|a request failed|could not be done|not read/);
  const bytes = await jpeg({ width: 1200, height: 900 });
  const uploadId = randomUUID();
  const half = Math.ceil(bytes.length / 2);
  expect((await kiosk.uploadInPieces(documentId, bytes, { uploadId, piece: half, until: half })).status).toBe(202);
  await s3.kill();
  const away = { status: 503, code: 'unavailable' };
  expect(await lab.http.refusal(await kiosk.uploadInPieces(documentId, bytes, { uploadId, piece: half }))).toEqual(
    away,
  );
  const ready = () => lab.http.json('GET', '/readyz');
  await expect.poll(ready, { timeout: 8_000 }).toEqual({ ok: true, database: true, media: true, files: 'away' });
  const figures = await (await lab.http.send('GET', '/metrics')).text();
  expect(figures).toContain('openvtm_up{what="files"} 0');
  expect(figures).toContain('openvtm_up{what="database"} 1');
  expect(figures).toMatch(/openvtm_files_seconds_count\{what="get",result="away"\} [1-9]/);
  await agent.must('call:hold', { callId });
  await agent.must('call:resume', { callId });
  expect(await (await kiosk.uploadState(documentId, uploadId)).json()).toEqual({ received: half, done: false });
  await s3.start();
  await vi.waitUntil(
    async () => (await kiosk.uploadInPieces(documentId, bytes, { uploadId, piece: half })).status === 201,
    { timeout: 10_000, interval: 300 },
  );
  expect((await agent.page(documentId, 1)).status).toBe(200);
  await expect.poll(ready, { timeout: 8_000 }).toMatchObject({ files: 'well' });
});

test('an object that nothing refers to is swept after ten minutes, those of pages stay', async () => {
  const { s3, lab, kiosk, agent, documentId } = await asked();
  expect((await kiosk.upload(documentId, await jpeg())).status).toBe(201);
  const needed = await s3.names('documents');
  const orphan = await lab.app.parts.documents.storePiece(await jpeg({ width: 500 }), 0);
  await s3.age('documents', [...needed, orphan], Date.now() - 11 * 60_000);
  const young = await lab.app.parts.documents.storePiece(await jpeg({ width: 510 }), 0);
  lab.clock.jump(61_000);
  await expect
    .poll(async () => (await s3.names('documents')).toSorted(), { timeout: 10_000 })
    .toEqual([...needed, young].toSorted());
  expect((await agent.page(documentId, 1)).status).toBe(200);
});

test('kill -9 amid uploads: what was acknowledged is there after the next start, and every picture arrives once', async () => {
  const s3 = await s3Server();
  const server = await startServer({ env: () => ({ S3_URL: s3.url }) });
  cleanups.push(() => server.close());
  const needs = { url: server.url, http: createHttp(server.url), now: () => Date.now() };
  const kiosk = await enrolLabKiosk({ ...needs, code: DEMO_KIOSKS[0]?.code ?? '' });
  const agent = await signInLabStaff({ ...needs, username: 'li.na', password: DEMO_PASSWORD });
  cleanups.push(async () => [kiosk, agent].forEach((one) => one.leave()));
  await Promise.all([kiosk.open(), agent.open()]);
  await agent.must('queue:ready', {});
  const { caseId } = await startCall({ kiosk, agent });
  const { documentId } = await agent.must('document:ask', { caseId, kind: 'contract', camera: 'document' });
  const bytes = await jpeg({ width: 1600, height: 1200 });
  const piece = Math.ceil(bytes.length / 4);
  for (let round = 1; round <= 5; round += 1) {
    const wish = { uploadId: randomUUID(), piece, query: '?more=1' };
    const dying = (async () => {
      await delay(round * 25);
      await server.kill('SIGKILL');
    })();
    let kept = 0;
    for (let until = piece; until < bytes.length; until += piece) {
      const answer = await kiosk.uploadInPieces(documentId, bytes, { ...wish, until }).catch(() => null);
      if (!answer?.ok) break;
      kept = ((await answer.json().catch(() => ({ received: kept }))) as { received: number }).received;
    }
    await dying;
    await server.start();
    const { received } = (await (await kiosk.uploadState(documentId, wish.uploadId)).json()) as { received: number };
    expect(received).toBeGreaterThanOrEqual(kept);
    expect((await kiosk.uploadInPieces(documentId, bytes, wish)).status).toBe(201);
    await agent.open();
    expect((await agent.page(documentId, round)).status).toBe(200);
    expect((await agent.page(documentId, round + 1)).status).toBe(404);
  }
}, 120_000);

test('a server that can not use its store does not start, and says why in one sentence without the secret', async () => {
  const s3 = await s3Server();
  const dataDir = await mkdtemp(join(tmpdir(), 'openvtm-no-store-'));
  cleanups.push(() => rm(dataDir, { recursive: true, force: true }));
  const start = async (url: string) => {
    const lab = await startLab();
    const env = {
      ...process.env,
      S3_URL: url,
      OPENVTM_DATA: dataDir,
      OPENVTM_PORT: String(await freePorts()),
      DATABASE_URL: `postgres://${lab.database.pool.options.user}@localhost/${lab.database.pool.options.database}?host=${lab.database.pool.options.host}&port=${lab.database.pool.options.port}`,
    };
    const main = fileURLToPath(new URL('../../server/src/main.ts', import.meta.url));
    const child = spawn(process.execPath, [main], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stderr.on('data', (chunk) => (output += String(chunk)));
    await vi.waitUntil(() => child.exitCode !== null, { timeout: 20_000 });
    return { code: child.exitCode, output };
  };
  const missing = await start(s3.url.replace(/openvtm$/, 'elsewhere').replace(':S3RVER@', ':hush-hush@'));
  expect(missing.code).toBe(1);
  expect(missing.output).toContain("OpenVTM can't start: There is no bucket elsewhere in the file store at http://");
  expect(missing.output).not.toContain('hush-hush');
  expect(missing.output).not.toContain('    at ');
});
