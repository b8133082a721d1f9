import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { arch, platform, release } from 'node:os';
import { dirname, join } from 'node:path';
import { run } from './command.mjs';
import { distribution, needPackages } from './debian.mjs';
import { withLock } from './lock.mjs';
import { cache, root } from './places.mjs';
import { done, isMain, runMain, SetupError, working } from './tell.mjs';

const step = 'mediasoup worker';
const packageFolder = join(root, 'node_modules', 'mediasoup');
const buildPackages =
  'g++ meson ninja-build pkg-config libuv1-dev libssl-dev libsrtp2-dev libabsl-dev libflatbuffers-dev flatbuffers-compiler';
/** How long the place of the prebuilt workers may take to answer, and then to deliver about 4 MB. */
const ANSWER_MS = 5_000;
const DELIVER_MS = 60_000;
const START_MS = 10_000;
const ALONE = 'node scripts/setup/worker.mjs';

/**
 * Gives the path of a mediasoup worker that runs on this machine: MEDIASOUP_WORKER_BIN, else the cached one, else the
 * prebuilt one of mediasoup's makers, else one built from the source inside the npm package (5 minutes on 2 cores).
 */
export async function prepareWorker() {
  const version = await mediasoupVersion();
  const given = process.env.MEDIASOUP_WORKER_BIN;
  if (given) {
    const problem = await whyNot(given, version);
    if (problem)
      throw new SetupError(`${step}: MEDIASOUP_WORKER_BIN is ${given}, which ${problem}`, {
        type: 'unset MEDIASOUP_WORKER_BIN',
      });
    done(step, `${given} (MEDIASOUP_WORKER_BIN)`);
    return given;
  }
  const folder = join(cache, 'mediasoup-worker', `${version}-${distribution()}`);
  const worker = join(folder, 'mediasoup-worker');
  if (await whyNot(worker, version)) {
    const onWait = () => working(step, 'waiting for another set-up that is making it');
    await withLock(`${folder}.lock`, { onWait }, () => make({ worker, version }));
  }
  done(step, `${version} in ${folder}`);
  return worker;
}

async function make({ worker, version }) {
  if (!(await whyNot(worker, version))) return;
  const folder = dirname(worker);
  await mkdir(folder, { recursive: true });
  // what a set-up that was killed has left behind
  for (const name of await readdir(folder)) await rm(join(folder, name), { recursive: true, force: true });
  const part = await mkdtemp(join(folder, 'part-'));
  try {
    const prebuilt = await download({ part, version });
    await rename(prebuilt ?? (await build({ part, version })), worker);
  } finally {
    await rm(part, { recursive: true, force: true });
  }
}

/** Resolves to undefined where there is no prebuilt worker to be had, which is no failure. */
async function download({ part, version }) {
  const base =
    process.env.MEDIASOUP_WORKER_PREBUILT_DOWNLOAD_BASE_URL ||
    'https://github.com/versatica/mediasoup/releases/download';
  const kernel = platform() === 'linux' ? `-kernel${release().split('.')[0]}` : '';
  const url = `${base}/${version}/mediasoup-worker-${version}-${platform()}-${arch()}${kernel}.tgz`;
  working(step, `asking for the prebuilt one, ${url}`);
  try {
    const archive = join(part, 'worker.tgz');
    await writeFile(archive, await get(url));
    await run('tar', ['-xzf', archive, '-C', part, 'mediasoup-worker'], { step });
  } catch (error) {
    working(step, `no prebuilt one (${error.cause?.code ?? error.message}), so it is built here`);
    return undefined;
  }
  const worker = join(part, 'mediasoup-worker');
  await chmod(worker, 0o755);
  const problem = await whyNot(worker, version);
  if (!problem) return worker;
  working(step, `the prebuilt one ${problem}, so it is built here`);
  return undefined;
}

async function get(url) {
  const abort = new AbortController();
  let timer = setTimeout(() => abort.abort(new Error(`no answer in ${ANSWER_MS / 1000} s`)), ANSWER_MS);
  try {
    const answer = await fetch(url, { signal: abort.signal });
    if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
    clearTimeout(timer);
    timer = setTimeout(() => abort.abort(new Error(`not there after ${DELIVER_MS / 1000} s`)), DELIVER_MS);
    return Buffer.from(await answer.arrayBuffer());
  } finally {
    clearTimeout(timer);
  }
}

async function build({ part, version }) {
  await needPackages(buildPackages.split(' '), { step, purpose: 'to build the mediasoup worker' });
  working(step, `building ${version} from source, about 5 minutes on 2 cores`);
  const worker = join(part, 'built-worker');
  await run(join(root, 'scripts', 'mediasoup-worker', 'build.sh'), [packageFolder, worker], {
    step,
    progress: (line) => /^\[(\d+)\/(\d+)\]/.exec(line)?.slice(1).join(' of '),
    failure: { message: 'the build failed; what it said is above', type: ALONE },
  });
  const problem = await whyNot(worker, version);
  if (problem) throw new SetupError(`${step}: the one just built ${problem}`, { type: ALONE });
  return worker;
}

/**
 * Starts a worker as mediasoup does and waits for its first word, which proves that its libraries are here.
 * Resolves to undefined, or to the reason why it cannot be used, put as the end of a sentence.
 */
async function whyNot(worker, version) {
  // it reads commands on descriptor 3 and answers on 4
  const stdio = ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'];
  const child = spawn(worker, ['--logLevel=none'], { env: { MEDIASOUP_VERSION: version }, stdio });
  let complaint = '';
  child.stderr.on('data', (data) => (complaint += data));
  for (const pipe of child.stdio) pipe?.on('error', () => undefined);
  const timer = setTimeout(() => child.kill('SIGKILL'), START_MS);
  try {
    return await Promise.race([
      once(child.stdio[4], 'data').then(() => undefined),
      once(child, 'close').then(
        ([code, signal]) => `does not start (${complaint.trim() || (signal ?? `exit code ${code}`)})`,
      ),
    ]);
  } catch (error) {
    return `cannot be run (${error.code ?? error.message})`;
  } finally {
    clearTimeout(timer);
    child.kill('SIGKILL');
  }
}

async function mediasoupVersion() {
  try {
    return JSON.parse(await readFile(join(packageFolder, 'package.json'), 'utf8')).version;
  } catch {
    throw new SetupError(`${step}: the npm package mediasoup is not installed`, {
      type: 'node scripts/setup/dependencies.mjs',
    });
  }
}

if (isMain(import.meta.url)) await runMain(prepareWorker);
