import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';

const LEFT_OUT = new Set(['node_modules', 'dist', 'sounds']);

/** A SHA-256 over names and contents of all files under `paths`, in hexadecimal: the same files, the same answer. */
export function fingerprint(paths, { from }) {
  const hash = createHash('sha256');
  for (const path of paths.flatMap(filesUnder).sort()) {
    const content = readFileSync(path);
    hash.update(`${relative(from, path)}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

function filesUnder(path) {
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) return [path];
  const names = readdirSync(path).filter((name) => !LEFT_OUT.has(name));
  return names.flatMap((name) => filesUnder(join(path, name)));
}
