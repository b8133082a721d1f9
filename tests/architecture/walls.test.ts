import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { look, root, ruleNames } from './cruise.ts';
import { plants } from './plants.ts';
import { smallTree } from './small-tree.ts';

let tree: ReturnType<typeof smallTree>;
beforeEach(() => {
  tree = smallTree();
});
afterEach(() => tree.remove());

const named = (offences: Awaited<ReturnType<typeof look>>['offences']) => [
  ...new Set(offences.map(({ rule }) => rule)),
];

test('no import of ours goes through a wall', async () => {
  const { modules, offences } = await look(root);
  expect(modules.length).toBeGreaterThan(0);
  expect(offences.map(({ rule, from, to }) => `${rule}: ${from} → ${to}`)).toEqual([]);
});

test('every wall has a planted offence', () => {
  expect(new Set(plants.map(([rule]) => rule))).toEqual(new Set(ruleNames));
});

test('a tree that does what is allowed passes', async () => {
  expect((await look(tree.folder)).offences).toEqual([]);
});

test.for(plants)('%s stops what is planted in %s: %s', async ([rule, file, content]) => {
  tree.write('server/src/kernel/ids.ts', `import './clock.ts';`);
  tree.write(file, content);
  const { offences } = await look(tree.folder);
  expect(named(offences)).toEqual([rule]);
});

test('an import of a workspace that is not declared is found', async () => {
  const path = join(tree.folder, 'client-kiosk/package.json');
  writeFileSync(path, readFileSync(path, 'utf8').replace('"@openvtm/rtc":"1.0.0",', ''));
  const { offences } = await look(tree.folder);
  expect(offences).toEqual([
    { rule: 'workspaces-are-declared', from: 'client-kiosk/src/main.ts', to: 'shared/rtc/src/index.ts' },
  ]);
});
