// `npm run document:verify -- FILE.pdf`: brings Node and the dependencies where missing, then checks a sealed paper.
import { join, resolve } from 'node:path';
import { inForeground } from './foreground.mjs';
import { setUp } from './setup/index.mjs';
import { root } from './setup/places.mjs';
import { runMain } from './setup/tell.mjs';

await runMain(async () => {
  const { node, env } = await setUp({ needs: [] });
  // npm changes to the checkout; a name is meant where it was typed.
  const from = process.env.INIT_CWD ?? process.cwd();
  const args = process.argv.slice(2).map((arg) => (arg.startsWith('--') ? arg : resolve(from, arg)));
  const verifier = [join(root, 'server', 'src', 'verify-document.ts'), ...args];
  process.exitCode = await inForeground(node, verifier, { cwd: root, env });
});
