import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { run } from './command.mjs';
import { SetupError, working } from './tell.mjs';

/** The distribution's id and major version, `debian-12`; the platform's name where there is no /etc/os-release. */
export function distribution() {
  let text;
  try {
    text = readFileSync('/etc/os-release', 'utf8');
  } catch {
    return process.platform;
  }
  const value = (key) => new RegExp(`^${key}="?([^"\\n]*)`, 'm').exec(text)?.[1];
  return `${value('ID') ?? 'linux'}-${(value('VERSION_ID') ?? 'rolling').split('.')[0]}`;
}

/** Installs those of `packages` that are missing. As a plain user it says what to type instead: set-up never calls sudo. */
export async function needPackages(packages, { step, purpose }) {
  const missing = notInstalled(packages, { step, purpose });
  if (missing.length === 0) return;
  const type = `apt-get install -y --no-install-recommends ${missing.join(' ')}`;
  if (process.getuid() !== 0) {
    throw new SetupError(`${step}: Debian packages are missing (${purpose}). Installing them needs root`, { type });
  }
  working(step, `installing ${missing.join(' ')} (${purpose})`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  // another apt-get may be at work, a fresh machine's own first update above all
  const options = ['-o', 'DPkg::Lock::Timeout=300'];
  const install = [...options, 'install', '-y', '--no-install-recommends', ...missing];
  try {
    await run('apt-get', install, { step, env, progress: packageAt });
  } catch {
    // the lists are missing on a fresh machine, and out of date on one that has been asleep
    await run('apt-get', [...options, 'update'], { step, env, failure: { type: 'apt-get update' } });
    await run('apt-get', install, { step, env, progress: packageAt, failure: { type } });
  }
}

const packageAt = (line) => /^(?:Get:\d+ .*? (\S+) \S+ \S+ \[|Setting up (\S+))/.exec(line)?.slice(1).find(Boolean);

/** Those of `packages` that this machine lacks. */
export function notInstalled(packages, { step, purpose }) {
  if (spawnSync('dpkg-query', ['--version']).error) {
    throw new SetupError(
      `${step}: this is not a Debian system; install what these packages hold by its own means (${purpose}): ${packages.join(' ')}`,
    );
  }
  return packages.filter((name) => {
    try {
      const query = ['-W', '-f', '${db:Status-Status}', name];
      return (
        execFileSync('dpkg-query', query, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }) !== 'installed'
      );
    } catch {
      return true;
    }
  });
}
