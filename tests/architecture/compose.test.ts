import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { readConfig } from '../../server/src/config/index.ts';
import { root, workspaces } from './cruise.ts';

type Service = {
  image: string;
  user?: string;
  restart: string;
  read_only: boolean;
  init: boolean;
  cap_drop: string[];
  security_opt: string[];
  stop_grace_period?: string;
  environment?: Record<string, string>;
  volumes?: string[];
  ports?: string[];
  networks?: string[];
  depends_on?: Record<string, { condition: string }>;
  healthcheck: { test?: string[]; disable?: boolean };
  deploy: { resources: { limits: { cpus: string; memory: string; pids: number } } };
};
type Compose = {
  services: Record<string, Service>;
  networks: Record<string, { internal?: boolean } | null>;
  volumes: object;
};

const read = (path: string) => readFileSync(join(root, path), 'utf8');
const compose = parse(read('docker-compose.yml'), { merge: true }) as Compose;
const services = Object.entries(compose.services);
/** Every variable of the example, with something in it. */
const env = new Map(
  [...read('.env.example').matchAll(/^([A-Z0-9_]+)=(.*)$/gm)].map(([, name = '', value = '']) => [
    name,
    value || `${name.toLowerCase().replaceAll('_', '')}0123456789abcdef`,
  ]),
);
const filled = (text: string) =>
  text.replaceAll(/\$\{([A-Z0-9_]+):\?\}/g, (_all, name: string) => env.get(name) ?? `<${name}>`);

describe.each(services)('the service %s', (_name, service) => {
  test('has no rights that it does not need, and no more of the machine than its share', () => {
    expect(service).toMatchObject({ read_only: true, init: true, cap_drop: ['ALL'] });
    expect(service.security_opt).toContain('no-new-privileges:true');
    expect(service.deploy.resources.limits).toEqual({
      cpus: expect.any(String) as string,
      memory: expect.stringMatching(/^\d+[mg]$/) as string,
      pids: expect.any(Number) as number,
    });
  });

  test('is of a version, watched, and started again', () => {
    expect(service.image).toMatch(/:[\w.-]+$/);
    expect(service.image).not.toContain(':latest');
    const seen = [service.restart, service.healthcheck.test?.[0]?.slice(0, 3), service.healthcheck.disable];
    // What does one thing and ends is neither watched nor started again.
    expect([
      ['unless-stopped', 'CMD', undefined],
      ['no', undefined, true],
    ]).toContainEqual(seen);
  });

  test('is not root; but for the one that ends after giving a volume away', () => {
    const isRoot = service.user === 'root' || service.user === undefined;
    expect(isRoot && service.restart !== 'no').toBe(false);
  });
});

test('Postgres, Redis and the store are on a network without a way out, and publish nothing', () => {
  expect(compose.networks['back']).toEqual({ internal: true });
  for (const name of ['postgres', 'redis', 'store']) {
    expect(compose.services[name]?.networks).toEqual(['back']);
    expect(compose.services[name]?.ports).toBeUndefined();
  }
});

test('everything that is waited for, and every volume, is there', () => {
  const named = new Set([...Object.keys(compose.volumes), ...Object.keys(compose.services)]);
  for (const [, { volumes = [], depends_on: waits = {} }] of services) {
    for (const name of Object.keys(waits)) expect(named).toContain(name);
    const sources = volumes.map((volume) => volume.split(':')[0] ?? '').filter((source) => !source.startsWith('$'));
    const missing = sources.filter((source) =>
      source.startsWith('./') ? !existsSync(join(root, source)) : !named.has(source),
    );
    expect(missing).toEqual([]);
  }
});

test('the example names every variable that is asked for, and no other', () => {
  const asked = new Set([...read('docker-compose.yml').matchAll(/\$\{([A-Z0-9_]+)/g)].map(([, name]) => name));
  expect(asked).toEqual(new Set(env.keys()));
});

test('both servers start with it: two nodes of one cluster behind the proxy, ports published as they are announced', () => {
  const folder = mkdtempSync(join(tmpdir(), 'openvtm-compose-'));
  writeFileSync(join(folder, 'openvtm.json'), read('deploy/openvtm.json'));
  const configs = ['server-a', 'server-b'].map((name) => {
    const service = compose.services[name];
    const own = Object.entries(service?.environment ?? {}).map(([key, value]) => [key, filled(value)]);
    const config = readConfig({ ...Object.fromEntries(own), OPENVTM_CONFIG: join(folder, 'openvtm.json') });
    const last = config.media.basePort + config.media.workers - 1;
    const range = `${config.media.basePort}-${last}:${config.media.basePort}-${last}`;
    expect(service?.ports).toEqual([`${range}/udp`, `${range}/tcp`]);
    expect(service?.stop_grace_period).toBe(`${(config.cluster?.drainSeconds ?? 0) + 30}s`);
    expect(config).toMatchObject({ demo: false, port: 8080, tls: 'by-proxy', trustProxy: true });
    expect(config.cluster?.address).toBe(`http://${name}:8080`);
    return config;
  });
  const [a, b] = configs;
  expect(a?.databaseUrl).toBe(b?.databaseUrl);
  expect(a?.s3).toMatchObject({ endpoint: 'http://store:9000', bucket: 'openvtm' });
  expect([a?.cluster?.name, b?.cluster?.name]).toEqual(['a', 'b']);
});

test('the image is made of what is there: each workspace with its own package.json, and no test', () => {
  const dockerfile = read('Dockerfile');
  for (const workspace of workspaces) expect(dockerfile).toContain(`COPY ${workspace}/package.json ${workspace}/\n`);
  for (const [, script = ''] of dockerfile.matchAll(/node (scripts\/setup\/[\w-]+\.mjs)/g))
    expect([script, existsSync(join(root, script))]).toEqual([script, true]);
  expect(read('.dockerignore').split('\n')).toEqual(
    expect.arrayContaining(['**/node_modules', '.data', '.env', 'tests']),
  );
  expect(dockerfile).toMatch(/^USER node$/m);
});
