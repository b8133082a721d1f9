import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readConfig } from './index.ts';

const fileWith = (json: unknown): string => {
  const path = join(mkdtempSync(join(tmpdir(), 'config-')), 'openvtm.json');
  writeFileSync(path, typeof json === 'string' ? json : JSON.stringify(json));
  return path;
};

test('without a configuration it is demo mode, on loopback only', () => {
  const config = readConfig({});
  expect(config).toMatchObject({ demo: true, host: '127.0.0.1', tls: 'none', media: { listenIp: '127.0.0.1' } });
});

test('a file makes it real: HTTPS, and never the folder of the demonstration', () => {
  const config = readConfig({ OPENVTM_CONFIG: fileWith({ port: 9443 }) });
  expect(config).toMatchObject({ demo: false, port: 9443, tls: 'self-signed' });
  expect(config.dataDir).not.toContain('demo');
});

test('an unknown key stops the start with its name, in the file and in the environment', () => {
  expect(() => readConfig({ OPENVTM_CONFIG: fileWith({ prot: 1 }) })).toThrow(/unknown key prot/);
  expect(() => readConfig({ OPENVTM_CONFIG: fileWith({ media: { base: 1 } }) })).toThrow(/unknown key media\.base/);
  expect(() => readConfig({ OPENVTM_PROT: '1' })).toThrow(/unknown key OPENVTM_PROT/);
});

test('a wrong value stops the start with its key; a broken file with its name', () => {
  expect(() => readConfig({ OPENVTM_CONFIG: fileWith({ port: 'many' }) })).toThrow(/port/);
  expect(() => readConfig({ OPENVTM_CONFIG: fileWith('{') })).toThrow(/not JSON/);
  expect(() => readConfig({ OPENVTM_CONFIG: '/nowhere/openvtm.json' })).toThrow(/not there/);
});
