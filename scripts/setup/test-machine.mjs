import { needPackages } from './debian.mjs';
import { done, isMain, runMain } from './tell.mjs';

const step = 'Test machine';
const packages = ['chromium', 'ffmpeg', 'fonts-noto-cjk', 'postgresql-15', 'redis-server'];

/** Brings what only the tests need: a browser, ffmpeg, Chinese fonts, Postgres 15 and Redis, from Debian. */
export async function prepareTestMachine() {
  await needPackages(packages, { step, purpose: 'for the tests' });
  done(step, packages.join(', '));
}

if (isMain(import.meta.url)) await runMain(prepareTestMachine);
