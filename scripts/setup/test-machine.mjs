import { needPackages } from './debian.mjs';
import { done, isMain, runMain } from './tell.mjs';

const step = 'Test machine';
const packages = [
  'chromium',
  'coturn',
  'ffmpeg',
  'fonts-noto-cjk',
  'haproxy',
  'poppler-utils',
  'postgresql-15',
  'redis-server',
];

/** Brings what only the tests need: a browser, a TURN server, ffmpeg, Chinese fonts, PDF tools, Postgres 15, Redis and HAProxy, from Debian. */
export async function prepareTestMachine() {
  await needPackages(packages, { step, purpose: 'for the tests' });
  done(step, packages.join(', '));
}

if (isMain(import.meta.url)) await runMain(prepareTestMachine);
