import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { root } from './cruise.ts';

/** Files under `folder` of the checkout whose name has one of the endings, as paths from the checkout. */
export function filesUnder(folder: string, endings: RegExp): string[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { withFileTypes: true })
    .filter(({ name }) => name !== 'node_modules' && name !== 'dist' && !name.startsWith('.'))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return filesUnder(path, endings);
      return entry.isFile() && endings.test(entry.name) ? [path] : [];
    });
}

export const read = (path: string) => readFileSync(join(root, path), 'utf8');

/** Source without its comments; a quick cut that takes `//` inside a text for a comment unless a colon stands before it. */
const code = (source: string) => source.replace(/\/\*[^]*?\*\//g, '').replace(/(?<!:)\/\/.*/g, '');

/** Whether a source reads the environment of the process. */
export const readsEnvironment = (source: string) =>
  /\bprocess\s*(\?\.|\.|\[\s*['"`])\s*env\b/.test(code(source)) ||
  /\{[^}]*\benv\b[^}]*\}\s*=\s*(globalThis\.)?process\b/.test(code(source)) ||
  /\bfrom\s*['"](node:)?process['"]/.test(code(source));

/** Whether a source writes SQL: a tagged `sql` text, or a call that takes raw SQL. */
export const writesSql = (source: string) => /\bsql(\.raw|\.unsafe)?\s*(<[^`]*>)?\s*[`(]/.test(code(source));

/** Names that say nothing of what is inside, so that everything ends up there. */
export const saysNothing = (path: string) =>
  /(^|[-_.])(utils?|helpers?|managers?|commons?)([-_.]|$)/i.test(basename(path).replaceAll(/([a-z])([A-Z])/g, '$1-$2'));
