import { createHash } from 'node:crypto';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout this script belongs to. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** What set-up makes and several checkouts may share: Node, the mediasoup worker. */
export const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'openvtm');

/** A lock that belongs to this checkout, kept outside it because `npm ci` empties node_modules. */
export const checkoutLock = join(
  cache,
  `checkout-${createHash('sha256').update(root).digest('hex').slice(0, 16)}.lock`,
);
