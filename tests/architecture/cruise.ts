import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cruise, type ICruiseResult, type IModule } from 'dependency-cruiser';
import extractConfig from 'dependency-cruiser/config-utl/extract-depcruise-config';

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
export const workspaces = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).workspaces as string[];
const config = await extractConfig(join(root, '.dependency-cruiser.cjs'));

/** The names of all walls. */
export const ruleNames = (config.forbidden ?? []).map(({ name }) => name ?? 'unnamed');

export interface Seen {
  modules: IModule[];
  /** Of a cycle, `to` is the whole way round. */
  offences: { rule: string; from: string; to: string }[];
}

/** Holds the walls against the tree at `baseDir`. */
export async function look(baseDir: string): Promise<Seen> {
  const places = ['server', 'shared', 'client-kiosk', 'client-agent', 'tests'];
  const { output } = await cruise(places, {
    ...config.options,
    baseDir,
    validate: true,
    ruleSet: { forbidden: config.forbidden ?? [] },
  });
  const { modules, summary } = output as ICruiseResult;
  const offences = summary.violations.map(({ rule, from, to, cycle }) => ({
    rule: rule.name,
    from,
    to: cycle ? cycle.map(({ name }) => name).join(' → ') : to,
  }));
  return { modules, offences: [...offences, ...undeclared(modules, baseDir)] };
}

/**
 * Imports of one workspace by another that does not declare it: npm links all of them into node_modules, so they work,
 * and dependency-cruiser cannot tell them from declared ones.
 */
function undeclared(modules: IModule[], baseDir: string): Seen['offences'] {
  const owner = (path: string) => workspaces.find((workspace) => path.startsWith(`${workspace}/`));
  const manifest = (workspace: string) => JSON.parse(readFileSync(join(baseDir, workspace, 'package.json'), 'utf8'));
  return modules.flatMap(({ source, dependencies }) => {
    const from = owner(source);
    if (!from) return [];
    const { dependencies: needed, devDependencies: neededByTests } = manifest(from);
    const declared = Object.keys({ ...needed, ...(source.endsWith('.test.ts') ? neededByTests : {}) });
    return dependencies
      .filter(({ resolved }) => {
        const to = owner(resolved);
        return to !== undefined && to !== from && !declared.includes(manifest(to).name);
      })
      .map(({ resolved }) => ({ rule: 'workspaces-are-declared', from: source, to: resolved }));
  });
}
