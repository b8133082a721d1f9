import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { freePorts } from '../../../../tests/ports.ts';
import { Refusal } from '../errors.ts';
import { Secret } from '../secret.ts';
import { openFolderStores } from './folder.ts';
import { FileMissing, FilesAway, FileStoreUnusable, openFiles, openStores, type Files } from './index.ts';
import { openS3Stores, type S3Place } from './s3.ts';
import { startS3Server, type S3Server } from './s3-server.fixture.ts';
import type { FileStores } from './store.ts';

const PLAIN = Buffer.from('a picture of an ID card');
const MINUTE = 60_000;
const NO_NAMES = ['../keys/files.agekey', '..', '', 'a'.repeat(63), `${'a'.repeat(64)}/x`, 'A'.repeat(64)];

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'openvtm-files-'));
});
afterEach(() => rm(root, { recursive: true }));

type Lab = {
  stores(): Promise<FileStores>;
  /** The stored bytes, as they lie there. */
  stored(name: string): Promise<Buffer>;
  overwrite(name: string, bytes: Buffer): Promise<void>;
  names(): Promise<string[]>;
  age(names: string[], at: number): Promise<void>;
};

let s3: S3Server;
beforeAll(async () => {
  s3 = await startS3Server(await freePorts());
});
afterAll(() => s3.close());

const inFolder: Lab = {
  stores: () => openFolderStores(root),
  stored: (name) => readFile(join(root, 'documents', name)),
  overwrite: (name, bytes) => writeFile(join(root, 'documents', name), bytes),
  names: () => readdir(join(root, 'documents')),
  age: async (names, at) => {
    for (const name of names) await utimes(join(root, 'documents', name), at / 1000, at / 1000);
  },
};
const inS3: Lab = {
  stores: () => openS3Stores(s3.place),
  stored: async (name) => Buffer.from(await (await openS3Stores(s3.place)).of('documents').get(name)),
  overwrite: async (name, bytes) => (await openS3Stores(s3.place)).of('documents').put(name, bytes),
  names: () => s3.names('documents'),
  age: (names, at) => s3.age('documents', names, at),
};

describe.each([
  { where: 'a folder', lab: inFolder },
  { where: 'an S3-compatible store', lab: inS3 },
])('files in $where', ({ lab }) => {
  let stores: FileStores;
  let files: Files;
  const open = async (kind: 'documents' | 'papers' = 'documents', keys = 'keys') =>
    openFiles({ store: stores.of(kind), keyFolder: join(root, keys) });
  beforeEach(async () => {
    stores = await lab.stores();
    files = await open();
    for (const name of await lab.names()) await files.remove(name);
  });
  afterEach(() => stores.close());

  test('what is put is got again, by this and by the next process', async () => {
    const name = await files.put(PLAIN);
    expect(Buffer.from(await files.get(name))).toEqual(PLAIN);
    const next = await openFiles({ store: (await lab.stores()).of('documents'), keyFolder: join(root, 'keys') });
    expect(Buffer.from(await next.get(name))).toEqual(PLAIN);
    expect(await stores.state()).toBe('well');
  });

  test('a file of 12 MB and an empty one come back as they were; twenty at once, too', async () => {
    for (const plain of [Buffer.alloc(12 * 1024 * 1024, 7), Buffer.alloc(0)])
      expect(Buffer.from(await files.get(await files.put(plain))).equals(plain)).toBe(true);
    const plains = Array.from({ length: 20 }, (_, i) => Buffer.alloc(50_000, i));
    const names = await Promise.all(plains.map((plain) => files.put(plain)));
    const back = await Promise.all(names.map((name) => files.get(name)));
    expect(back.every((bytes, i) => plains[i]?.equals(Buffer.from(bytes)))).toBe(true);
  });

  test('what lies there is encrypted, under the digest of its own bytes, another one each time, and nothing beside it', async () => {
    const names = [await files.put(PLAIN), await files.put(PLAIN)];
    expect(new Set(names).size).toBe(2);
    for (const name of names) {
      const stored = await lab.stored(name);
      expect(createHash('sha256').update(stored).digest('hex')).toBe(name);
      expect(stored.subarray(0, 22).toString()).toBe('age-encryption.org/v1\n');
      expect(stored.includes('picture')).toBe(false);
    }
    expect((await lab.names()).toSorted()).toEqual(names.toSorted());
  });

  test('a file whose bytes were changed, or that another key made, is not opened', async () => {
    const name = await files.put(PLAIN);
    const stored = await lab.stored(name);
    stored[stored.length - 1]! ^= 1;
    await lab.overwrite(name, stored);
    await expect(files.get(name)).rejects.toThrow(Error);
    const other = await open('documents', 'other-keys');
    await expect(other.get(await files.put(PLAIN))).rejects.toThrow(Error);
  });

  test('one that is not there is missing, and can be removed all the same; kinds are apart', async () => {
    await expect(files.get('0'.repeat(64))).rejects.toThrow(FileMissing);
    await files.remove('0'.repeat(64));
    const name = await files.put(PLAIN);
    const papers = await open('papers');
    await expect(papers.get(name)).rejects.toThrow(FileMissing);
    await papers.remove(name);
    await files.remove(name);
    await expect(files.get(name)).rejects.toThrow(FileMissing);
    expect(await stores.state()).toBe('well');
  });

  test.for(NO_NAMES)('a name that is none is not opened: %s', async (name) => {
    await expect(files.get(name)).rejects.toThrow("not a stored file's name");
    await files.remove(name);
    expect(await readdir(join(root, 'keys'))).toEqual(['files.agekey']);
  });

  test('old files are found by their age, and removed', async () => {
    const names = await Promise.all(Array.from({ length: 12 }, () => files.put(PLAIN)));
    const old = names.slice(0, 5).toSorted();
    await lab.age(old, Date.now() - 11 * MINUTE);
    await lab.age(names.slice(5), Date.now() - 9 * MINUTE);
    expect((await files.older(10 * MINUTE)).toSorted()).toEqual(old);
    for (const name of await files.older(10 * MINUTE)) await files.remove(name);
    expect((await lab.names()).toSorted()).toEqual(names.slice(5).toSorted());
  });
});

test('in a folder they are for their owner only, and what a dead process was writing goes with the old ones', async () => {
  const stores = await openStores({ s3: null, dataDir: root });
  const files = await openFiles({ store: stores.of('documents'), keyFolder: join(root, 'keys') });
  const name = await files.put(PLAIN);
  expect((await stat(join(root, 'documents', name))).mode & 0o777).toBe(0o600);
  const draft = `.${'0'.repeat(8)}-0000-4000-8000-${'0'.repeat(12)}`;
  for (const one of [draft, 'notes.txt']) await writeFile(join(root, 'documents', one), 'half');
  await inFolder.age([draft, 'notes.txt'], 1_000);
  expect(await files.older(MINUTE)).toEqual([draft]);
  await files.remove(draft);
  await files.remove('notes.txt');
  expect((await readdir(join(root, 'documents'))).toSorted()).toEqual([name, 'notes.txt'].toSorted());
});

test('ten that start at once on an empty folder have one key', async () => {
  const stores = await openFolderStores(root);
  const open = () => openFiles({ store: stores.of('documents'), keyFolder: join(root, 'keys') });
  const all = await Promise.all(Array.from({ length: 10 }, open));
  const name = await all[0]!.put(PLAIN);
  for (const files of all) expect(Buffer.from(await files.get(name))).toEqual(PLAIN);
  expect(await readdir(join(root, 'keys'))).toEqual(['files.agekey']);
});

describe('an S3-compatible store', () => {
  const refused = async (place: Partial<S3Place>) => {
    const error = await openS3Stores({ ...s3.place, ...place }).catch((thrown: Error) => thrown);
    expect(error).toBeInstanceOf(FileStoreUnusable);
    expect((error as Error).message).not.toContain('hidden');
    return (error as Error).message;
  };

  test('that can not be used says why, and never the secret', async () => {
    expect(await refused({ bucket: 'elsewhere' })).toContain('There is no bucket elsewhere');
    expect(await refused({ accessKey: 'nobody', secretKey: new Secret('hidden') })).toContain(
      'does not know the key nobody',
    );
    expect(await refused({ endpoint: `http://127.0.0.1:${await freePorts()}` })).toContain('ECONNREFUSED');
    expect(await refused({ endpoint: 'http://no-such-host.invalid' })).toMatch(/ENOTFOUND|EAI_AGAIN/);
  });

  test('that is gone is away, what was stored is there when it is back, and it goes on by itself', async () => {
    const stores = await openS3Stores(s3.place);
    const files = await openFiles({ store: stores.of('documents'), keyFolder: join(root, 'keys') });
    const before = await files.put(PLAIN);
    await s3.kill();
    const began = performance.now();
    await expect(files.put(PLAIN)).rejects.toThrow(FilesAway);
    await expect(files.get(before)).rejects.toThrow(FilesAway);
    expect(await stores.state()).toBe('away');
    expect(performance.now() - began).toBeLessThan(5_000);
    await s3.start();
    await expect.poll(() => stores.state(), { timeout: 10_000 }).toBe('well');
    expect(Buffer.from(await files.get(before))).toEqual(PLAIN);
    expect(Buffer.from(await files.get(await files.put(PLAIN)))).toEqual(PLAIN);
    stores.close();
  });

  test('that hangs is away after six seconds, and who comes next is told at once', async () => {
    const stores = await openS3Stores(s3.place);
    const files = await openFiles({ store: stores.of('documents'), keyFolder: join(root, 'keys') });
    s3.freeze();
    try {
      const began = performance.now();
      await expect(files.put(PLAIN)).rejects.toThrow('no answer within 6000 ms');
      expect(performance.now() - began).toBeLessThan(7_500);
      const next = performance.now();
      await expect(files.put(PLAIN)).rejects.toThrow(FilesAway);
      expect(performance.now() - next).toBeLessThan(200);
    } finally {
      s3.wake();
    }
    await expect.poll(() => files.put(PLAIN).catch(() => ''), { timeout: 10_000 }).toMatch(/^[0-9a-f]{64}$/);
    stores.close();
  });

  describe('whose answers are told to this one', () => {
    let stub: Server;
    let answer: { status: number; body?: string; date?: string; to?: 'put' | 'list' | 'probe' };
    let place: S3Place;
    beforeEach(async () => {
      stub = createServer((request, response) => {
        request.resume().on('end', () => {
          const { method, url = '' } = request;
          const to = url.includes('/probe/') ? 'probe' : method === 'PUT' ? 'put' : 'list';
          const { status, body = '' } = answer.to === to ? answer : { status: 200, body: '' };
          response.writeHead(status, { 'content-type': 'application/xml', ...(answer.date && { date: answer.date }) });
          response.end(body);
        });
      }).listen(0, '127.0.0.1');
      await once(stub, 'listening');
      const address = stub.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      place = { ...s3.place, endpoint: `http://127.0.0.1:${port}` };
      answer = { status: 200 };
    });
    afterEach(() => void stub.close());

    test.for([
      { status: 507, code: 'XMinioStorageFull' },
      { status: 403, code: 'QuotaExceeded' },
      { status: 507, code: '' },
    ])('has no room left when it says $status $code', async ({ status, code }) => {
      const stores = await openS3Stores(place);
      answer = { status, to: 'put', body: `<Error><Code>${code}</Code><Message>no</Message></Error>` };
      const error = await stores
        .of('documents')
        .put('a'.repeat(64), PLAIN)
        .catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(Refusal);
      expect(error).toMatchObject({ code: 'storage-full' });
      expect(await stores.state()).toBe('full');
      answer = { status: 200 };
      await stores.of('documents').put('a'.repeat(64), PLAIN);
      expect(await stores.state()).toBe('well');
      stores.close();
    });

    // s3rver does not check signatures.
    test.for([
      { to: 'list', status: 403, code: 'SignatureDoesNotMatch', says: 'secret of the key S3RVER is wrong' },
      { to: 'list', status: 403, code: 'AccessDenied', says: 'may not list the bucket openvtm' },
      { to: 'list', status: 400, code: 'AuthorizationHeaderMalformed', says: 'not in the region us-east-1' },
      { to: 'probe', status: 403, code: 'AccessDenied', says: 'may not write, read and delete' },
    ] as const)('can not be used when it says $code to a $to', async ({ to, status, code, says }) => {
      answer = { to, status, body: `<Error><Code>${code}</Code><Message>no</Message></Error>` };
      expect(await refused({ endpoint: place.endpoint, secretKey: new Secret('hidden') })).toContain(says);
    });

    test('knows the age of a file by its own clock, not by ours', async () => {
      const ahead = Date.now() + 60 * MINUTE;
      const object = (name: string, at: number) =>
        `<Contents><Key>documents/${name}</Key><LastModified>${new Date(at).toISOString()}</LastModified></Contents>`;
      answer = {
        status: 200,
        to: 'list',
        date: new Date(ahead).toUTCString(),
        body: `<ListBucketResult>${object('old', ahead - 11 * MINUTE)}${object('young', ahead - 9 * MINUTE)}</ListBucketResult>`,
      };
      const stores = await openS3Stores(place);
      expect(await stores.of('documents').older(10 * MINUTE)).toEqual(['old']);
      stores.close();
    });
  });
});
