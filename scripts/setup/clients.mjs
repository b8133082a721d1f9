import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './command.mjs';
import { fingerprint } from './fingerprint.mjs';
import { withLock } from './lock.mjs';
import { prepareNode } from './node.mjs';
import { checkoutLock, root } from './places.mjs';
import { done, isMain, runMain, SetupError, working } from './tell.mjs';

const clients = ['client-kiosk', 'client-agent'];
const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');

/** Builds each browser app into its dist/, unless what is there was built from the same sources. */
export async function prepareClients({ node, env }) {
  if (!existsSync(vite)) {
    throw new SetupError('Clients: Vite is not installed', { type: 'node scripts/setup/dependencies.mjs' });
  }
  for (const client of clients) await prepareClient(client, { node, env });
}

async function prepareClient(client, { node, env }) {
  const folder = join(root, client);
  const stamp = join(folder, 'dist', '.built-from');
  const sources = fingerprint([folder, join(root, 'shared'), join(root, 'package-lock.json')], { from: root });
  const isBuilt = () => existsSync(stamp) && readFileSync(stamp, 'utf8') === sources;
  if (!isBuilt()) {
    const onWait = () => working(client, 'waiting for another set-up of this checkout');
    await withLock(checkoutLock, { onWait }, async () => {
      if (isBuilt()) return;
      working(client, 'vite build');
      const failure = { message: 'vite build failed; what it said is above', type: 'node scripts/setup/clients.mjs' };
      await run(node, [vite, 'build', '--logLevel', 'warn'], { step: client, cwd: folder, env, failure });
      writeFileSync(stamp, sources);
    });
  }
  done(client, 'built');
}

if (isMain(import.meta.url)) await runMain(async () => prepareClients(await prepareNode()));
