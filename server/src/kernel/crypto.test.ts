import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { keysFrom, openKeys } from './crypto.ts';

const keys = keysFrom(Buffer.alloc(32, 1));

describe('a sealed value', () => {
  test('opens to what it was, under its own context', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (plain, context) => {
        expect(keys.unseal(keys.seal(plain, context), context).open()).toBe(plain);
      }),
    );
  });

  test('does not open when any one bit of it was changed', () => {
    const sealed = keys.seal('王小明', 'row 1');
    for (let bit = 0; bit < sealed.length * 8; bit += 1) {
      const changed = Buffer.from(sealed);
      changed[bit >> 3]! ^= 1 << (bit & 7);
      expect(() => keys.unseal(changed, 'row 1')).toThrow('unable to authenticate');
    }
  });

  test('does not open under another context, another key, shortened or empty', () => {
    const sealed = keys.seal('x', 'row 1');
    expect(() => keys.unseal(sealed, 'row 2')).toThrow('unable to authenticate');
    expect(() => keysFrom(Buffer.alloc(32, 2)).unseal(sealed, 'row 1')).toThrow('unable to authenticate');
    for (let length = 0; length < sealed.length; length += 1) {
      expect(() => keys.unseal(sealed.subarray(0, length), 'row 1')).toThrow(Error);
    }
  });

  test('is another one each time, and does not show the plain one', () => {
    const sealed = Array.from({ length: 100 }, () => keys.seal('the same value', 'row').toString('hex'));
    expect(new Set(sealed).size).toBe(100);
    expect(sealed.some((one) => one.includes(Buffer.from('same').toString('hex')))).toBe(false);
  });

  test('opens as a secret that no log line prints', () => {
    expect(String(keys.unseal(keys.seal('x', 'c'), 'c'))).toBe('[secret]');
  });
});

test('keys for different uses are different, and the same for the same use', () => {
  expect(keys.derive('a')).toEqual(keys.derive('a'));
  expect(keys.derive('a')).not.toEqual(keys.derive('b'));
  expect(keys.derive('a')).not.toEqual(keysFrom(Buffer.alloc(32, 2)).derive('a'));
  expect(keys.derive('a')).toHaveLength(32);
});

describe('the master key', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'openvtm-keys-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  test('is made once, for its owner only, and stays', async () => {
    const first = await openKeys(join(folder, 'keys'));
    const again = await openKeys(join(folder, 'keys'));
    expect(again.unseal(first.seal('x', 'c'), 'c').open()).toBe('x');
    expect((await stat(join(folder, 'keys', 'master.key'))).mode & 0o777).toBe(0o600);
    expect((await stat(join(folder, 'keys'))).mode & 0o777).toBe(0o700);
  });

  test('is another one in each folder', async () => {
    const [one, two] = [await openKeys(join(folder, '1')), await openKeys(join(folder, '2'))];
    expect(one.derive('x')).not.toEqual(two.derive('x'));
  });

  test('that is damaged stops the start, names its file, and is not replaced', async () => {
    const file = join(folder, 'master.key');
    for (const damaged of ['', 'AAAA', 'not base64 at all !!', Buffer.alloc(31).toString('base64')]) {
      await writeFile(file, damaged);
      await expect(openKeys(folder)).rejects.toThrow(`${file} does not hold a key of 32 bytes`);
      expect(await readFile(file, 'utf8')).toBe(damaged);
    }
  });
});
