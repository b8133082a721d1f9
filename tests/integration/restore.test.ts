import { execFileSync, spawnSync } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { DEMO_KIOSKS, DEMO_PASSWORD } from '../../server/src/flows/seed-demo.ts';
import { openS3Stores } from '../../server/src/kernel/files/s3.ts';
import { startS3Server } from '../../server/src/kernel/files/s3-server.fixture.ts';
import { startDebianPostgres } from '../debian-postgres.ts';
import { startServer } from '../e2e/lab/server.ts';
import { freePorts } from '../ports.ts';
import { createHttp } from './lab/http.ts';
import { enrolLabKiosk } from './lab/kiosk.ts';
import { jpeg } from './lab/pictures.ts';
import { signInLabStaff } from './lab/staff.ts';
import { askDocument, startCall } from './lab/stories.ts';

const BINARIES = '/usr/lib/postgresql/15/bin';
const VERIFY = fileURLToPath(new URL('../../server/src/verify-journal.ts', import.meta.url));

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});
async function folder(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'openvtm-restore-'));
  cleanups.push(() => rm(made, { recursive: true, force: true }));
  return made;
}

test('a backup made while it runs is a server elsewhere: people, the running call, its pictures, the journal; the files in an S3 store', async () => {
  const postgres = await startDebianPostgres();
  cleanups.push(() => postgres.close());
  const at = (database: string) => postgres.url.replace(/postgres$/, database);
  for (const name of ['first', 'second'])
    execFileSync(join(BINARIES, 'createdb'), ['--maintenance-db', at('postgres'), name]);
  const [data, backup, dataElsewhere] = [await folder(), await folder(), await folder()];
  const first = await startServer({ env: () => ({ DATABASE_URL: at('first'), OPENVTM_DATA: data }) });
  cleanups.push(() => first.close());

  const needs = (url: string) => ({ url, http: createHttp(url), now: () => Date.now() });
  const kiosk = await enrolLabKiosk({ ...needs(first.url), code: DEMO_KIOSKS[0]?.code ?? '' });
  const agent = await signInLabStaff({ ...needs(first.url), username: 'li.na', password: DEMO_PASSWORD });
  cleanups.push(async () => [kiosk, agent].forEach((one) => one.leave()));
  await Promise.all([kiosk.open(), agent.open()]);
  await agent.must('queue:ready', {});
  const { caseId, callId } = await startCall({ kiosk, agent });
  const documentId = await askDocument({ kiosk, agent }, caseId);
  expect((await kiosk.upload(documentId, await jpeg())).status).toBe(201);
  const seen = Buffer.from(await (await kiosk.page(documentId, 1)).arrayBuffer());

  // As docs/running.md says: the keys, the database, then the files.
  await cp(join(data, 'keys'), join(dataElsewhere, 'keys'), { recursive: true });
  execFileSync(join(BINARIES, 'pg_dump'), ['--format=custom', '--file', join(backup, 'openvtm.dump'), at('first')]);
  for (const name of ['documents', 'papers']) await cp(join(data, name), join(backup, name), { recursive: true });
  await first.kill('SIGKILL');

  execFileSync(join(BINARIES, 'pg_restore'), ['--no-owner', '--dbname', at('second'), join(backup, 'openvtm.dump')]);
  // What any S3 tool does that copies a folder.
  const s3 = await startS3Server(await freePorts());
  cleanups.push(() => s3.close());
  const stores = await openS3Stores(s3.place);
  for (const kind of ['documents', 'papers'] as const)
    for (const name of await readdir(join(backup, kind)))
      await stores.of(kind).put(name, await readFile(join(backup, kind, name)));
  stores.close();

  const env = { DATABASE_URL: at('second'), OPENVTM_DATA: dataElsewhere, S3_URL: s3.url };
  const second = await startServer({ env: () => env });
  cleanups.push(() => second.close());
  const elsewhere = await signInLabStaff({ ...needs(second.url), username: 'li.na', password: DEMO_PASSWORD });
  cleanups.push(async () => elsewhere.leave());
  await elsewhere.open();
  expect(elsewhere.shown.call?.callId).toBe(callId);
  expect(elsewhere.shown.documents.map((one) => one.documentId)).toEqual([documentId]);
  expect((await elsewhere.page(documentId, 1)).status).toBe(200);
  const again = await createHttp(second.url).send('GET', `/api/documents/${documentId}/pages/1`, {
    // The keys came along, so that it is known here.
    token: await kiosk.token(),
  });
  expect(Buffer.from(await again.arrayBuffer()).equals(seen)).toBe(true);
  await second.kill('SIGTERM');
  const verified = spawnSync(process.execPath, [VERIFY], { env: { ...process.env, ...env }, encoding: 'utf8' });
  expect([verified.status, verified.stdout + verified.stderr]).toEqual([
    0,
    expect.stringContaining('all as they were written'),
  ]);
}, 120_000);
