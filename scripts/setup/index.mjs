import { join } from 'node:path';
import { prepareClients } from './clients.mjs';
import { prepareDependencies } from './dependencies.mjs';
import { prepareNode } from './node.mjs';
import { cache } from './places.mjs';
import { prepareTestMachine } from './test-machine.mjs';
import { prepareVoice } from './voice.mjs';
import { prepareWorker } from './worker.mjs';

/** Everything that may be asked of `setUp` beyond Node and the dependencies. */
export const everything = ['test-machine', 'worker', 'clients', 'voice'];

/**
 * Makes this machine ready. `needs` names what is wanted of `everything`.
 * Returns the Node to run the project with and the environment to run it in.
 */
export async function setUp({ needs }) {
  const { node, env } = await prepareNode();
  // The server's TypeScript is stripped once, not at each start: about a second less, of three.
  env.NODE_COMPILE_CACHE ??= join(cache, 'compiled');
  await prepareDependencies({ node, env });
  if (needs.includes('test-machine')) await prepareTestMachine();
  if (needs.includes('worker')) env.MEDIASOUP_WORKER_BIN = await prepareWorker();
  if (needs.includes('clients')) await prepareClients({ node, env });
  if (needs.includes('voice')) await prepareVoice({ node, env });
  return { node, env };
}
