import { existsSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from './command.mjs';
import { needPackages, notInstalled } from './debian.mjs';
import { withLock } from './lock.mjs';
import { prepareNode } from './node.mjs';
import { cache, checkoutLock, root } from './places.mjs';
import { done, explain, isMain, runMain, working } from './tell.mjs';

const step = 'Voice';
const packages = ['espeak-ng', 'opus-tools'];
const purpose = 'to render what the kiosk says';
const folder = join(root, 'client-kiosk', 'sounds');
/** Says that the packages could not be had: they are not asked for again at every start. */
const mark = join(folder, '.without');

/** Renders what the kiosk says, as far as it is not yet. A machine that cannot goes on without sound, and says so. */
export async function prepareVoice({ node, env, again = false }) {
  if (!(await hasPackages({ again }))) return;
  let said = '';
  const onWait = () => working(step, 'waiting for another set-up of this checkout');
  await withLock(checkoutLock, { onWait }, () =>
    run(node, [join(root, 'scripts', 'render-voice.ts'), folder, join(cache, 'voice')], {
      step,
      cwd: root,
      env,
      progress: (line) => (said = line),
      failure: { message: 'rendering failed; what it said is above', type: 'node scripts/setup/voice.mjs' },
    }),
  );
  done(step, said);
}

async function hasPackages({ again }) {
  try {
    const missing = notInstalled(packages, { step, purpose });
    if (missing.length > 0 && existsSync(mark) && !again) {
      working(step, `none, for want of ${missing.join(' and ')}; to try again: node scripts/setup/voice.mjs`);
      return false;
    }
    await needPackages(packages, { step, purpose });
    return true;
  } catch (error) {
    explain(error);
    working(step, 'none: the kiosk speaks only where its device has a voice of its own');
    if (process.getuid() === 0) {
      await mkdir(folder, { recursive: true });
      writeFileSync(mark, '');
    }
    return false;
  }
}

if (isMain(import.meta.url)) await runMain(async () => prepareVoice({ ...(await prepareNode()), again: true }));
