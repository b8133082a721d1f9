import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { root, workspaces } from './cruise.ts';
import { filesUnder, read, readsEnvironment, saysNothing, writesSql } from './sources.ts';

const MOST_LINES = 400;
const scripts = /\.(ts|mts|cts|js|mjs|cjs|vue)$/;
const product = workspaces.flatMap((workspace) => filesUnder(`${workspace}/src`, scripts));
const withoutTests = product.filter((path) => !path.endsWith('.test.ts'));
const everyFile = [...product, ...filesUnder('tests', scripts), ...filesUnder('scripts', scripts)];

describe('the environment', () => {
  test('is read in config/ only', () => {
    const others = withoutTests.filter((path) => !path.startsWith('server/src/config/'));
    expect(others.filter((path) => readsEnvironment(read(path)))).toEqual([]);
  });

  test.for([
    'const port = process.env.PORT;',
    "const port = process.env['PORT'];",
    "const port = process['env'].PORT;",
    'const port = process?.env.PORT;',
    'const { env } = process;',
    'const { pid, env: e } = globalThis.process;',
    "import { env } from 'node:process';",
  ])('is noticed in: %s', (source) => {
    expect(readsEnvironment(source)).toBe(true);
  });

  test.for([
    '// process.env is read elsewhere',
    '/** not process.env */',
    'process.exitCode = 1;',
    'const { env } = config;',
  ])('is not imagined in: %s', (source) => {
    expect(readsEnvironment(source)).toBe(false);
  });
});

describe('SQL', () => {
  test('stands in stores, migrations and the kernel only', () => {
    const others = withoutTests.filter((path) => !/\.store\.ts$|\/migrations\/|^server\/src\/kernel\//.test(path));
    expect(others.filter((path) => writesSql(read(path)))).toEqual([]);
  });

  test.for(['sql`select 1`', 'sql<{ n: number }>`select 1 as n`', 'sql.raw(`select 1`)', 'await sql `select 1`'])(
    'is noticed in: %s',
    (source) => {
      expect(writesSql(source)).toBe(true);
    },
  );

  test.for(['// sql`select 1`', "const file = '0001.sql';", 'type Row = { sql: string };'])(
    'is not imagined in: %s',
    (source) => {
      expect(writesSql(source)).toBe(false);
    },
  );
});

describe('files', () => {
  test(`have ${MOST_LINES} lines at most`, () => {
    expect(everyFile.filter((path) => read(path).trimEnd().split('\n').length > MOST_LINES)).toEqual([]);
  });

  test('have names that say what is inside', () => {
    expect(everyFile.flatMap((path) => path.split('/')).filter(saysNothing)).toEqual([]);
  });

  test.for(['utils.ts', 'call-helpers.ts', 'common', 'QueueManager.ts', 'date.util.ts'])('%s says nothing', (name) => {
    expect(saysNothing(name)).toBe(true);
  });

  test.for(['commonwealth.ts', 'utilisation.ts', 'calls.ts'])('%s says something', (name) => {
    expect(saysNothing(name)).toBe(false);
  });
});

describe('modules of the server', () => {
  const folder = 'server/src/modules';
  const modules = existsSync(join(root, folder))
    ? readdirSync(join(root, folder), { withFileTypes: true }).filter((entry) => entry.isDirectory())
    : [];

  test('have a door and a card', () => {
    const missing = modules
      .flatMap(({ name }) => [`${folder}/${name}/index.ts`, `${folder}/${name}/README.md`])
      .filter((path) => !existsSync(join(root, path)));
    expect(missing).toEqual([]);
  });

  test('lie in folders of their own', () => {
    const loose = existsSync(join(root, folder)) ? readdirSync(join(root, folder), { withFileTypes: true }) : [];
    expect(loose.filter((entry) => !entry.isDirectory()).map(({ name }) => name)).toEqual([]);
  });
});
