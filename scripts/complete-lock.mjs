// `node scripts/complete-lock.mjs`: names the packages of other platforms in package-lock.json that npm left out because
// the registry mirror in use does not have them; `npm ci` refuses a lock file without them. To be run after `npm install`.
// With --check it changes nothing and fails if there are any.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './setup/places.mjs';

const systems = ['android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32'];
const processors = ['arm', 'arm64', 'ia32', 'loong64', 'ppc64', 'riscv64', 's390x', 'wasm32', 'x64'];

/**
 * The entries that are missing among `packages` of a lock file, by their path: a package's optional dependency that is
 * found neither beside it nor above it.
 */
function missingEntries(packages) {
  const missing = {};
  for (const [path, { optionalDependencies = {}, dev }] of Object.entries(packages)) {
    for (const [name, version] of Object.entries(optionalDependencies)) {
      if (placesFor(path, name).some((place) => packages[place])) continue;
      const { cpu, libc, os } = platformOf(name);
      missing[`node_modules/${name}`] = { version, cpu, dev, libc, optional: true, os };
    }
  }
  return missing;
}

/** Which platform a package is for, by the custom of such names: `…-linux-arm64-musl`. */
function platformOf(name) {
  const words = name.split(/[-/]/);
  const found = (known) => {
    const meant = known.filter((word) => words.includes(word));
    return meant.length > 0 ? meant : undefined;
  };
  const libc = /-musl/.test(name) ? ['musl'] : /-gnu/.test(name) ? ['glibc'] : undefined;
  return { os: found(systems), cpu: found(processors), libc: words.includes('linux') ? libc : undefined };
}

/** Where Node looks for `name` from the package at `path`: `node_modules/a/node_modules/b`, then `node_modules/a`, then the root. */
function placesFor(path, name) {
  const parts = path.split(/(?:^|\/)node_modules\//).filter(Boolean);
  const from = Array.from({ length: parts.length + 1 }, (_, above) => parts.slice(0, parts.length - above));
  return from.map((owners) => [...owners, name].map((owner) => `node_modules/${owner}`).join('/'));
}

const file = join(root, 'package-lock.json');
const lock = JSON.parse(readFileSync(file, 'utf8'));
const missing = missingEntries(lock.packages);
const names = Object.keys(missing);
if (process.argv.includes('--check')) {
  if (names.length > 0) {
    console.error(`package-lock.json lacks ${names.join(', ')}. Type this: node scripts/complete-lock.mjs`);
    process.exitCode = 1;
  }
} else {
  const entries = Object.entries({ ...lock.packages, ...missing });
  // npm's own order, so that its next install changes nothing
  lock.packages = Object.fromEntries(entries.toSorted(([a], [b]) => a.localeCompare(b, 'en')));
  writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
  console.log(`${names.length} entries added to package-lock.json`);
}
