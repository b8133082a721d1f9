import { randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { MAX_PAGE_BYTES } from '@openvtm/protocol';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { openFiles } from '../../server/src/kernel/files/index.ts';
import { openFolderStores } from '../../server/src/kernel/files/folder.ts';
import { hostileFiles, PAYLOAD } from './lab/hostile-files.ts';
import { startLab } from './lab/index.ts';
import { jpeg } from './lab/pictures.ts';
import { startCall } from './lab/stories.ts';

const MEMORY_GROWTH_MB = 300;
const LOOP_P99_MS = 200;

test(
  'of forty hostile files none is kept as it came, and the server neither swells nor stands still',
  { timeout: 120_000 },
  async () => {
    const files = await hostileFiles();
    expect(files.length).toBeGreaterThanOrEqual(40);
    for (const { name, bytes } of files) expect([name, bytes.length < MAX_PAGE_BYTES]).toEqual([name, true]);
    const lab = await startLab();
    const kiosk = await lab.kiosk();
    const agent = await lab.readyAgent('li.na');
    const { caseId } = await startCall({ kiosk, agent });
    const { documentId } = await agent.must('document:ask', { caseId, kind: 'other', camera: 'document' });
    await kiosk.upload(documentId, await jpeg(), { query: '?more=1' });

    globalThis.gc?.();
    const before = process.memoryUsage.rss();
    let most = 0;
    const watch = setInterval(() => (most = Math.max(most, process.memoryUsage.rss() - before)), 50);
    const delay = monitorEventLoopDelay({ resolution: 10 });
    delay.enable();
    const ends: [string, string][] = [];
    // Four at a time, as kiosks of a branch would.
    const queue = [...files];
    const sender = async () => {
      for (let next = queue.shift(); next; next = queue.shift()) {
        const wish = { uploadId: randomUUID(), query: '?more=1', piece: 1_000_000 };
        const answer =
          next.bytes.length % 2 === 0
            ? await kiosk.upload(documentId, next.bytes, wish)
            : await kiosk.uploadInPieces(documentId, next.bytes, wish);
        if (answer.status >= 500) ends.push([next.name, `broke: ${answer.status}`]);
        else ends.push([next.name, answer.ok ? 'anew' : 'refused']);
      }
    };
    await Promise.all(Array.from({ length: 4 }, sender));
    delay.disable();
    clearInterval(watch);

    const order = ([one]: [string, string], [other]: [string, string]) => one.localeCompare(other);
    expect(ends.toSorted(order)).toEqual(
      files.map(({ name, ends: expected }): [string, string] => [name, expected]).toSorted(order),
    );
    const p99 = delay.percentile(99) / 1e6;
    process.stderr.write(`memory +${Math.round(most / 1e6)} MB at most, event loop p99 ${p99.toFixed(0)} ms\n`);
    expect(most / 1e6).toBeLessThan(MEMORY_GROWTH_MB);
    expect(p99).toBeLessThan(LOOP_P99_MS);

    // What is on the disk of it is pictures that we made, but for the pieces of what was refused: of those nothing is left.
    const { rows: left } = await lab.database.pool.query('select 1 from documents.piece');
    expect(left).toEqual([]);
    const { rows } = await lab.database.pool.query<{ file: string; thumbnail_file: string }>(
      'select file, thumbnail_file from documents.page where document_id = $1',
      [documentId],
    );
    expect(rows).toHaveLength(1 + files.filter((file) => file.ends === 'anew').length);
    const folder = join(lab.dataDir, 'documents');
    const stores = await openFolderStores(lab.dataDir);
    const store = await openFiles({ store: stores.of('documents'), keyFolder: join(lab.dataDir, 'keys') });
    for (const name of rows.flatMap((row) => [row.file, row.thumbnail_file])) {
      const kept = Buffer.from(await store.get(name));
      expect((await sharp(kept).metadata()).format).toBe('jpeg');
      for (const word of [PAYLOAD, '<script', '%PDF', 'PK\x03\x04', '<?php']) expect(kept.includes(word)).toBe(false);
      expect(files.some(({ bytes }) => bytes.equals(kept))).toBe(false);
    }
    // Names are of our making, whatever a file calls itself.
    for (const name of await readdir(folder)) expect(name).toMatch(/^[0-9a-f]{64}$/);
    for (const name of await readdir(folder))
      expect((await readFile(join(folder, name))).subarray(0, 21).toString()).toBe('age-encryption.org/v1');
    // And the decoder still decodes.
    expect((await kiosk.upload(documentId, await jpeg())).status).toBe(201);
  },
);
