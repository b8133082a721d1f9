import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
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

test('behind a proxy that ends TLS it believes who the proxy says asks', () => {
  const config = readConfig({ OPENVTM_CONFIG: fileWith({ tls: 'by-proxy' }) });
  expect(config).toMatchObject({ tls: 'by-proxy', trustProxy: true });
  expect(readConfig({ OPENVTM_CONFIG: fileWith({}) }).trustProxy).toBe(false);
});

test('a background of the bank’s own is a picture that is there; captions have an address and a token, or are not there', () => {
  const own = fileWith({ background: { picture: 'calm.png' }, cleanSound: true });
  expect(() => readConfig({ OPENVTM_CONFIG: own })).toThrow(
    /background\.picture names .*calm\.png, which is not there/,
  );
  writeFileSync(join(own, '../calm.png'), 'a picture');
  expect(readConfig({ OPENVTM_CONFIG: own })).toMatchObject({
    background: { allowed: true, picture: join(own, '../calm.png') },
    cleanSound: true,
    captions: null,
  });
  expect(() => readConfig({ OPENVTM_CONFIG: fileWith({ background: { picture: 'calm.exe' } }) })).toThrow(/\.png/);
  const captions = { url: 'wss://speech.example', token: 'sixteen letters and more' };
  expect(readConfig({ OPENVTM_CONFIG: fileWith({ captions }) }).captions).toEqual(captions);
  expect(() => readConfig({ OPENVTM_CONFIG: fileWith({ captions: { ...captions, url: 'ftp://x' } }) })).toThrow(
    /captions\.url/,
  );
});

test('agents see who listens and customers are told where they consent, unless the bank says otherwise', () => {
  const told = (supervision: object) => readConfig({ OPENVTM_CONFIG: fileWith({ supervision }) }).supervision;
  const byDefault = { tellAgent: true, tellCustomer: 'consent' };
  expect([readConfig({}).supervision, told({})]).toEqual([byDefault, byDefault]);
  expect(told({ tellAgent: false, tellCustomer: 'call' })).toEqual({ tellAgent: false, tellCustomer: 'call' });
  expect(() => told({ tellCustomer: 'never' })).toThrow(/supervision\.tellCustomer/);
  expect(() => told({ tellSupervisor: true })).toThrow(/unknown key supervision\.tellSupervisor/);
});

test('a TURN server has addresses and a secret, in the file or the environment, or there is none', () => {
  expect(readConfig({}).media.turn).toBeNull();
  const turn = { urls: ['turns:turn.example:443?transport=tcp'], secret: 'sixteen letters and more' };
  expect(readConfig({ OPENVTM_CONFIG: fileWith({ media: { turn } }) }).media.turn).toEqual({ ...turn, hours: 12 });
  const over = {
    OPENVTM_TURN_URLS: 'turn:a.example, turns:b.example:443',
    OPENVTM_TURN_SECRET: 'another secret, as long',
  };
  expect(readConfig(over).media.turn?.urls).toEqual(['turn:a.example', 'turns:b.example:443']);
  expect(() =>
    readConfig({ OPENVTM_TURN_URLS: 'https://a.example', OPENVTM_TURN_SECRET: over.OPENVTM_TURN_SECRET }),
  ).toThrow(/https:\/\/a\.example does not begin with turn:/);
  expect(() => readConfig({ OPENVTM_TURN_URLS: 'turn:a.example' })).toThrow(/its secret/);
});

describe('the address of an S3-compatible store', () => {
  const SECRET = 'kX/9+secret';
  const url = `https://AKIA1:${encodeURIComponent(SECRET)}@s3.bank.example:9000/openvtm`;

  test('is taken apart, from the environment before the file, and the secret does not print', () => {
    expect(readConfig({}).s3).toBeNull();
    const file = fileWith({ s3Url: 'http://FILE:secret@other/bucket-of-file' });
    expect(readConfig({ OPENVTM_CONFIG: file }).s3).toMatchObject({ bucket: 'bucket-of-file', region: 'us-east-1' });
    const { s3 } = readConfig({ OPENVTM_CONFIG: file, S3_URL: `${url}?region=cn-north-1` });
    expect(s3).toMatchObject({
      endpoint: 'https://s3.bank.example:9000',
      bucket: 'openvtm',
      region: 'cn-north-1',
      accessKey: 'AKIA1',
    });
    expect(s3?.secretKey.open()).toBe(SECRET);
    expect(JSON.stringify(s3) + String(s3?.secretKey)).not.toContain('secret"');
    expect(JSON.stringify(s3)).not.toContain(SECRET);
  });

  test.for([
    ['ftp://a:b@host/bucket', /begins with https/],
    ['https://host/bucket', /no key or no secret/],
    ['https://a:hidden@host/', /one bucket/],
    ['https://a:hidden@host/bucket/folder', /one bucket/],
    ['https://a:hidden@host/Bucket_1', /one bucket/],
    ['https://a:hidden@host/bucket?regoin=x', /only region/],
  ] as const)('that is wrong stops the start, without its secret: %s', ([wrong, why]) => {
    expect(() => readConfig({ S3_URL: wrong })).toThrow(why);
    expect(() => readConfig({ S3_URL: wrong })).not.toThrow(/hidden/);
  });
});
