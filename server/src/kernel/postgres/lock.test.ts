import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { lockFolder } from './lock.ts';

const folder = mkdtempSync(join(tmpdir(), 'openvtm-lock-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Drops what it is given, as the lock must not depend on who remembers it. */
const HOLD = `
  const { lockFolder } = await import(${JSON.stringify(new URL('./lock.ts', import.meta.url).href)});
  try { lockFolder(process.argv[1]); console.log('held'); setInterval(() => {}, 1000); }
  catch (error) { console.log(error.name); }`;

async function hold() {
  const child = spawn(process.execPath, ['--input-type=module', '-e', HOLD, folder]);
  const ended = new Promise((resolve) => child.once('close', resolve));
  const said = await new Promise<string>((resolve) =>
    child.stdout.once('data', (chunk) => resolve(String(chunk).trim())),
  );
  return { child, said, kill: () => (child.kill('SIGKILL'), ended) };
}

it('is free at once when its holder was killed, even if the id it left is that of a living process', async () => {
  const holder = await hold();
  expect(holder.said).toBe('held');
  expect(() => lockFolder(folder)).toThrow(
    expect.objectContaining({ name: 'DataFolderInUse', folder, pid: holder.child.pid }),
  );
  await holder.kill();
  writeFileSync(join(folder, 'openvtm.pid'), '1\n');
  const lock = lockFolder(folder);
  expect(readFileSync(join(folder, 'openvtm.pid'), 'utf8')).toBe(`${process.pid}\n`);
  lock.release();
});

it('is had by exactly one of those who come at the same moment', async () => {
  const comers = await Promise.all(Array.from({ length: 6 }, hold));
  expect(comers.map(({ said }) => said).sort()).toEqual([...Array(5).fill('DataFolderInUse'), 'held']);
  await Promise.all(comers.map(({ kill }) => kill()));
});

it('is held against its own process too, and may be released twice', () => {
  const lock = lockFolder(folder);
  expect(() => lockFolder(folder)).toThrow('is in use');
  lock.release();
  lock.release();
  lockFolder(folder).release();
});
