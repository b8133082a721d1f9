import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { run } from './command.mjs';
import { withLock } from './lock.mjs';
import { cache } from './places.mjs';
import { done, isMain, runMain, SetupError, working } from './tell.mjs';

const VERSION = '24.21.0';
const LEAST_MAJOR = 24;
const step = 'Node.js';
const folder = join(cache, 'node');
const binary = join(folder, 'node_modules', 'node', 'bin', 'node');

/**
 * Gives a Node.js that runs this project: the running one if it is new enough, else one from the npm registry, kept
 * outside the checkout. Returns its path and the environment in which `node` and `npm` mean that one.
 */
export async function prepareNode() {
  if (Number.parseInt(process.versions.node, 10) >= LEAST_MAJOR) {
    done(step, `${process.versions.node} is running`);
    return { node: process.execPath, env: environment(process.execPath) };
  }
  if (versionOf(binary) === VERSION) {
    done(step, `${VERSION} in ${folder}`);
  } else {
    await withLock(
      `${folder}.lock`,
      { onWait: () => working(step, 'waiting for another set-up to bring it') },
      install,
    );
  }
  const headers = join(folder, 'node_modules', 'node', 'node_modules', `node-${process.platform}-${process.arch}`);
  // addons compiled against another Node's headers fail to load, and npm looks for headers beside the system's Node
  return { node: binary, env: { ...environment(binary), npm_config_nodedir: headers } };
}

/** How to call npm under `node`: the npm that started us, else the one in PATH (which then runs on PATH's Node). */
export function npm(node) {
  const started = process.env.npm_execpath ?? '';
  return started.endsWith('npm-cli.js') ? { command: node, args: [started] } : { command: 'npm', args: [] };
}

const environment = (node) => ({ ...process.env, PATH: `${dirname(node)}${delimiter}${process.env.PATH}` });

function versionOf(node) {
  try {
    return execFileSync(node, ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
      .trim()
      .slice(1);
  } catch {
    return undefined;
  }
}

async function install() {
  if (versionOf(binary) === VERSION) return;
  working(
    step,
    `this is ${process.versions.node}, OpenVTM needs ${LEAST_MAJOR}; bringing ${VERSION} from the npm registry into ${folder}`,
  );
  await mkdir(cache, { recursive: true });
  const part = await mkdtemp(join(cache, 'node.part-'));
  try {
    const manifest = { private: true, dependencies: { node: VERSION }, allowScripts: { node: true } };
    await writeFile(join(part, 'package.json'), JSON.stringify(manifest));
    const { command, args } = npm(process.execPath);
    // the package's own install script fetches the binary for this kind of machine
    const options = ['--prefix', part, '--ignore-scripts=false', '--no-audit', '--no-fund', '--loglevel=warn'];
    const type = `npm install --prefix ${folder} --ignore-scripts=false node@${VERSION}`;
    await run(command, [...args, 'install', ...options], {
      step,
      cwd: part,
      failure: { message: 'the npm registry did not give it (is the network, or the proxy in .npmrc, right?)', type },
    });
    const got = versionOf(join(part, 'node_modules', 'node', 'bin', 'node'));
    if (got !== VERSION)
      throw new SetupError(
        `${step}: what npm brought does not run here (asked for ${VERSION}, got ${got ?? 'nothing'})`,
        { type },
      );
    await rm(folder, { recursive: true, force: true });
    await rename(part, folder);
  } finally {
    await rm(part, { recursive: true, force: true });
  }
  done(step, `${VERSION} in ${folder}`);
}

if (isMain(import.meta.url)) await runMain(prepareNode);
