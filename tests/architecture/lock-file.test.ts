import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync, cpSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from './cruise.ts';

const check = (checkout: string) =>
  execFileSync(process.execPath, [join(checkout, 'scripts/complete-lock.mjs'), '--check'], { stdio: 'pipe' });

test('npm ci accepts the lock file on every platform', () => {
  expect(() => check(root)).not.toThrow();
});

test('a package that a mirror did not have is noticed, and put back', () => {
  const checkout = mkdtempSync(join(tmpdir(), 'openvtm-lock-'));
  try {
    mkdirSync(join(checkout, 'scripts/setup'), { recursive: true });
    for (const file of ['scripts/complete-lock.mjs', 'scripts/setup/places.mjs']) {
      cpSync(join(root, file), join(checkout, file));
    }
    const lock = join(checkout, 'package-lock.json');
    const content = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
    const name = 'node_modules/@oxlint/binding-linux-x64-musl';
    delete content.packages[name];
    writeFileSync(lock, JSON.stringify(content));
    expect(() => check(checkout)).toThrow('@oxlint/binding-linux-x64-musl');
    execFileSync(process.execPath, [join(checkout, 'scripts/complete-lock.mjs')]);
    expect(() => check(checkout)).not.toThrow();
    const back = JSON.parse(readFileSync(lock, 'utf8')).packages[name];
    expect(back).toMatchObject({ cpu: ['x64'], libc: ['musl'], optional: true, os: ['linux'] });
  } finally {
    rmSync(checkout, { recursive: true });
  }
});
