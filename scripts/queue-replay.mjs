// `npm run queue:replay [-- OPTIONS]`: brings Node and the dependencies where missing, then runs a day through changed rules.
import { join } from 'node:path';
import { inForeground } from './foreground.mjs';
import { setUp } from './setup/index.mjs';
import { root } from './setup/places.mjs';
import { runMain } from './setup/tell.mjs';

await runMain(async () => {
  const { node, env } = await setUp({ needs: [] });
  const replay = [join(root, 'server', 'src', 'replay-queue.ts'), ...process.argv.slice(2)];
  process.exitCode = await inForeground(node, replay, { cwd: root, env });
});
