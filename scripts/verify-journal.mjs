// `npm run journal:verify [-- NUMBER:HASH …]`: brings Node and the dependencies where missing, then runs the verifier.
import { join } from 'node:path';
import { inForeground } from './foreground.mjs';
import { setUp } from './setup/index.mjs';
import { root } from './setup/places.mjs';
import { runMain } from './setup/tell.mjs';

await runMain(async () => {
  const { node, env } = await setUp({ needs: [] });
  const verifier = [join(root, 'server', 'src', 'verify-journal.ts'), ...process.argv.slice(2)];
  process.exitCode = await inForeground(node, verifier, { cwd: root, env });
});
