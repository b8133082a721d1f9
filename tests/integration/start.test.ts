import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startApp } from '../../server/src/app.ts';
import { createLog } from '../../server/src/kernel/log.ts';
import { WrongPurpose } from '../../server/src/kernel/purpose.store.ts';
import { startLab, type Lab } from './lab/index.ts';
import { freePorts } from '../ports.ts';
import { LOST_CARD, startCase } from './lab/stories.ts';

/** A second process on the same database. */
const second = async (lab: Lab, changes: { demo?: boolean; dataDir?: string }) =>
  startApp({
    config: { ...lab.config, ...changes, port: 0, media: { ...lab.config.media, basePort: await freePorts() } },
    connection: lab.connection,
    clock: lab.clock.now,
    log: createLog({ level: 'silent' }),
    version: '0.0.0-second',
    administratorPassword: 'never-used-anywhere',
  });

test('a real installation does not start on the data of a demonstration, and leaves them as they are', async () => {
  const lab = await startLab();
  await expect(second(lab, { demo: false })).rejects.toThrow(WrongPurpose);
  await expect(second(lab, { demo: false })).rejects.toThrow('holds a demonstration');
  expect((await lab.staff('admin')).up).toBe(true);
});

test('a real installation begins with one administrator and no demonstration, and no demonstration starts on it', async () => {
  const live = await startLab({ demo: false });
  expect(live.app.greeting.join()).toContain(live.administratorPassword);
  const login = (username: string, password: string) =>
    live.http.send('POST', '/api/staff/login', { body: { username, password } });
  expect((await login('admin', live.administratorPassword)).status).toBe(200);
  expect((await login('li.na', 'openvtm-demo')).status).toBe(401);
  expect(await live.http.json('GET', '/api/app')).toMatchObject({ demo: false });
  await expect(second(live, { demo: true })).rejects.toThrow('holds real data');
  await live.restart();
  expect(live.app.greeting.join()).not.toContain(live.administratorPassword);
});

test('a second start seeds nothing twice and finds what was there', async () => {
  const lab = await startLab();
  const kiosk = await lab.kiosk();
  const caseId = await startCase(kiosk, { service: LOST_CARD });
  await kiosk.must('case:fill', { caseId, name: 'fullName', value: '王小明' });
  await lab.restart();
  await kiosk.open();
  expect(kiosk.shown.case?.values).toMatchObject([
    { name: 'fullName', value: '王小明', origin: 'customer', changed: null },
  ]);
  expect(await lab.journal({ kind: 'staff.added' })).toHaveLength(8);
});

test('without its keys a server tells nothing of what it holds, and a broken key stops the start in plain words', async () => {
  const lab = await startLab();
  const file = join(lab.dataDir, 'keys', 'master.key');
  const key = await readFile(file);
  const elsewhere = await mkdtemp(join(tmpdir(), 'openvtm-lab-keys-'));
  const kiosk = await lab.kiosk();
  const caseId = await startCase(kiosk, { service: LOST_CARD });
  await kiosk.must('case:fill', { caseId, name: 'fullName', value: '王小明' });
  const other = await second(lab, { dataDir: elsewhere });
  await expect(other.parts.cases.kioskView(kiosk.kioskId)).rejects.toThrow('unable to authenticate');
  await other.close('done');
  await writeFile(file, 'AAAA');
  await expect(second(lab, {})).rejects.toThrow(/master\.key does not hold a key of 32 bytes/);
  await writeFile(file, key);
  await rm(elsewhere, { recursive: true });
});

test('closing ends every line and every process it started, and may be asked for twice', async () => {
  const lab = await startLab();
  const kiosk = await lab.kiosk();
  const [pid = 0] = lab.app.parts.media.workerPids();
  await Promise.all([lab.app.close('test'), lab.app.close('test')]);
  await kiosk.until(() => !kiosk.up);
  expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  await expect(lab.http.send('GET', '/healthz')).rejects.toThrow('fetch failed');
});
