// `node scripts/run.mjs FILE [ARGUMENTS]`: makes this machine ready for tests, then runs a TypeScript file of this project.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { inForeground } from './foreground.mjs';
import { everything, setUp } from './setup/index.mjs';
import { root } from './setup/places.mjs';
import { runMain, SetupError } from './setup/tell.mjs';

await runMain(async () => {
  const [file, ...args] = process.argv.slice(2);
  if (!file) throw new SetupError('Which file?', { type: 'node scripts/run.mjs tests/bench/first-frame.ts' });
  const path = resolve(root, file);
  if (!existsSync(path)) throw new SetupError(`There is no ${path}`);
  const { node, env } = await setUp({ needs: everything });
  process.exitCode = await inForeground(node, [path, ...args], { cwd: root, env });
});
