import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, writeFileSync, rmSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { startLab } from './lab/index.ts';
import { jpeg } from './lab/pictures.ts';
import { startCall } from './lab/stories.ts';

const mounted: string[] = [];
const mount = (folder: string, size: string): boolean => {
  const isMounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder]).status === 0;
  if (isMounted) mounted.push(folder);
  return isMounted;
};
afterEach(() => {
  for (const folder of mounted.splice(0)) spawnSync('umount', ['--lazy', folder]);
});

const probe = mkdtempSync(join(tmpdir(), 'openvtm-mount-'));
const mayMount = mount(probe, '1m');
for (const folder of mounted.splice(0)) spawnSync('umount', [folder]);
rmSync(probe, { recursive: true });

// Only root can make a small disk.
test.skipIf(!mayMount)(
  'on a full disk a picture is refused in plain words, what was acknowledged stays, and with room it goes on',
  async () => {
    const lab = await startLab();
    const kiosk = await lab.kiosk();
    const agent = await lab.readyAgent('li.na');
    const { caseId } = await startCall({ kiosk, agent });
    const folder = join(lab.dataDir, 'documents');
    expect(mount(folder, '4m')).toBe(true);
    const { documentId } = await agent.must('document:ask', { caseId, kind: 'contract', camera: 'document' });

    const bytes = await jpeg({ width: 1600, height: 1200 });
    const more = { query: '?more=1' };
    expect((await kiosk.upload(documentId, bytes, more)).status).toBe(201);
    const uploadId = randomUUID();
    const half = Math.ceil(bytes.length / 2);
    expect((await kiosk.uploadInPieces(documentId, bytes, { uploadId, piece: half, until: half })).status).toBe(202);

    // Somebody else fills the disk.
    const filler = join(folder, 'filler');
    spawnSync('dd', ['if=/dev/zero', `of=${filler}`, 'bs=64k'], { stdio: 'ignore' });
    const refused = { status: 507, code: 'storage-full' };
    expect(await lab.http.refusal(await kiosk.upload(documentId, bytes, more))).toEqual(refused);
    expect(await lab.http.refusal(await kiosk.uploadInPieces(documentId, bytes, { uploadId, piece: half }))).toEqual(
      refused,
    );
    // The rest of the bank goes on, and what was acknowledged is there.
    expect((await agent.page(documentId, 1)).status).toBe(200);
    expect(await (await kiosk.uploadState(documentId, uploadId)).json()).toEqual({ received: half, done: false });
    expect((await readdir(folder)).filter((name) => name.startsWith('.'))).toEqual([]);

    writeFileSync(filler, '');
    expect((await kiosk.uploadInPieces(documentId, bytes, { ...more, uploadId, piece: half })).status).toBe(201);
    expect((await agent.page(documentId, 2)).status).toBe(200);
    expect((await kiosk.upload(documentId, await jpeg({ width: 500 }))).status).toBe(201);
  },
);
