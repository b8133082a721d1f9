// `npm start`: makes this machine ready, then runs the server in our place.
import { join } from 'node:path';
import { inForeground } from './foreground.mjs';
import { setUp } from './setup/index.mjs';
import { root } from './setup/places.mjs';
import { runMain } from './setup/tell.mjs';

await runMain(async () => {
  const { node, env } = await setUp({ needs: ['worker', 'clients', 'voice'] });
  const server = [join(root, 'server', 'src', 'main.ts'), ...process.argv.slice(2)];
  process.exitCode = await inForeground(node, server, { cwd: root, env });
});
