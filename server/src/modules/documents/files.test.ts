import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openFiles, type Files } from './files.ts';

let folder: string;
let keyFolder: string;
let files: Files;
const PLAIN = Buffer.from('a picture of an ID card');

beforeEach(async () => {
  const root = await mkdtemp(join(tmpdir(), 'openvtm-files-'));
  folder = join(root, 'documents');
  keyFolder = join(root, 'keys');
  files = await openFiles({ folder, keyFolder });
});
afterEach(() => rm(join(folder, '..'), { recursive: true }));

test('what is put is got again, by this and by the next process', async () => {
  const name = await files.put(PLAIN);
  expect(Buffer.from(await files.get(name))).toEqual(PLAIN);
  const next = await openFiles({ folder, keyFolder });
  expect(Buffer.from(await next.get(name))).toEqual(PLAIN);
});

test('on disk it is encrypted, for its owner only, under the digest of its own bytes, and another one each time', async () => {
  const names = [await files.put(PLAIN), await files.put(PLAIN)];
  expect(new Set(names).size).toBe(2);
  for (const name of names) {
    const stored = await readFile(join(folder, name));
    expect(createHash('sha256').update(stored).digest('hex')).toBe(name);
    expect(stored.includes('picture')).toBe(false);
    expect((await stat(join(folder, name))).mode & 0o777).toBe(0o600);
  }
  expect((await readdir(folder)).sort()).toEqual(names.toSorted());
});

test('a file whose bytes were changed, or that another key made, is not opened', async () => {
  const name = await files.put(PLAIN);
  const stored = await readFile(join(folder, name));
  stored[stored.length - 1]! ^= 1;
  await writeFile(join(folder, name), stored);
  await expect(files.get(name)).rejects.toThrow(Error);
  const other = await openFiles({ folder, keyFolder: join(folder, '..', 'other-keys') });
  const good = await files.put(PLAIN);
  await expect(other.get(good)).rejects.toThrow(Error);
});

test.for(['../keys/files.agekey', '..', '', 'a'.repeat(63), `${'a'.repeat(64)}/x`, 'A'.repeat(64)])(
  'a name that is none is not opened: %s',
  async (name) => {
    await expect(files.get(name)).rejects.toThrow("not a stored file's name");
    await files.remove(name);
    expect(await readdir(keyFolder)).toEqual(['files.agekey']);
  },
);

test('old files and drafts are found by their age, and removed', async () => {
  const [old, young] = [await files.put(PLAIN), await files.put(PLAIN)];
  const draft = `.${'0'.repeat(8)}-0000-4000-8000-${'0'.repeat(12)}`;
  await writeFile(join(folder, draft), 'half');
  for (const name of [old, draft]) await utimes(join(folder, name), 1_000, 1_000);
  expect((await files.older(2_000_000)).sort()).toEqual([draft, old]);
  for (const name of await files.older(2_000_000)) await files.remove(name);
  expect(await readdir(folder)).toEqual([young]);
});
