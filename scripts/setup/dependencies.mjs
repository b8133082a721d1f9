import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './command.mjs';
import { withLock } from './lock.mjs';
import { npm, prepareNode } from './node.mjs';
import { checkoutLock, root } from './places.mjs';
import { done, isMain, runMain, working } from './tell.mjs';

const step = 'Dependencies';
const scriptsStamp = join(root, 'node_modules', '.openvtm-scripts');

/** Makes node_modules what package-lock.json says, and runs the few install scripts that are needed. */
export async function prepareDependencies({ node, env }) {
  const complete = () => matchesLock() && scriptsRan();
  if (!complete()) {
    const onWait = () => working(step, 'waiting for another set-up of this checkout');
    await withLock(checkoutLock, { onWait }, async () => {
      if (!matchesLock()) await install({ node, env });
      if (!scriptsRan()) await runScripts({ node, env });
    });
  }
  done(step, 'as package-lock.json says');
}

const readJson = (...path) => JSON.parse(readFileSync(join(root, ...path), 'utf8'));

/** npm leaves a list of what it has installed; it is written last, so an interrupted install has none. */
function matchesLock() {
  const listed = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(listed)) return false;
  const wanted = readJson('package-lock.json').packages;
  const installed = readJson('node_modules', '.package-lock.json').packages;
  const missing = Object.keys(wanted).some((path) => path !== '' && !wanted[path].optional && !installed[path]);
  return !missing && Object.keys(installed).every((path) => installed[path].version === wanted[path]?.version);
}

/** Those of package.json's `allowScripts` that exist on this kind of machine, as `name@version`. */
function allowedScripts() {
  return Object.entries(readJson('package.json').allowScripts)
    .filter(([name, allowed]) => allowed && existsSync(join(root, 'node_modules', name)))
    .map(([name]) => `${name}@${readJson('node_modules', name, 'package.json').version}`);
}

const scriptsRan = () => existsSync(scriptsStamp) && readFileSync(scriptsStamp, 'utf8') === allowedScripts().join('\n');

async function install({ node, env }) {
  working(step, 'npm ci (a minute or so; progress is silent)');
  const { command, args } = npm(node);
  await run(command, [...args, 'ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=warn'], {
    step,
    cwd: root,
    env,
    failure: {
      message: 'npm ci failed; what it said is above (is the npm registry reachable?)',
      type: 'node scripts/setup/dependencies.mjs',
    },
  });
}

async function runScripts({ node, env }) {
  const allowed = allowedScripts();
  if (allowed.length > 0) {
    working(step, `install scripts of ${allowed.join(', ')}`);
    const names = allowed.map((entry) => entry.slice(0, entry.lastIndexOf('@')));
    const { command, args } = npm(node);
    const type = `npm rebuild --ignore-scripts=false ${names.join(' ')}`;
    await run(command, [...args, 'rebuild', '--ignore-scripts=false', ...names], {
      step,
      cwd: root,
      env,
      failure: { type },
    });
  }
  writeFileSync(scriptsStamp, allowed.join('\n'));
}

if (isMain(import.meta.url)) await runMain(async () => prepareDependencies(await prepareNode()));
