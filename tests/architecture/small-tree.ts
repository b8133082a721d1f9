import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { workspaces } from './cruise.ts';

const packages = [
  'express',
  'kysely',
  'mediasoup',
  'mediasoup-client',
  'pg',
  'socket.io',
  'socket.io-client',
  'vue',
  'zod',
];
const workspaceName = (workspace: string) => `@openvtm/${workspace.split('/').at(-1)}`;
/** Every workspace declares everything, so that no declaration stands in for a wall. */
const dependencies = Object.fromEntries([...packages, ...workspaces.map(workspaceName)].map((name) => [name, '1.0.0']));

/** One file of each kind, with every import that the walls allow. */
const sources: Record<string, string> = {
  'shared/protocol/src/index.ts': `import 'zod'; export type Name = string;`,
  'shared/protocol/src/calls.ts': `import type { Name } from './index.ts'; export type Call = Name;`,
  'shared/rtc/src/index.ts': `import '@openvtm/protocol'; import 'mediasoup-client'; import 'socket.io-client';`,
  'shared/ui/src/index.ts': `import '@openvtm/rtc'; import 'vue'; import './Tile.vue';`,
  'shared/ui/src/Tile.vue': `<script setup lang="ts">import '@openvtm/protocol';</script><template><p /></template>`,
  'client-kiosk/src/main.ts': `import './features/calls/index.ts'; import '@openvtm/ui'; import '@openvtm/rtc';`,
  'client-kiosk/src/features/calls/index.ts': `import './call.ts'; import '../queue/index.ts';`,
  'client-kiosk/src/features/calls/call.ts': `export const call = 1;`,
  'client-kiosk/src/features/queue/index.ts': `import './place.ts';`,
  'client-kiosk/src/features/queue/place.ts': `export const place = 1;`,
  'client-agent/src/main.ts': `import '@openvtm/ui'; import 'vue';`,
  'server/src/main.ts': `import './app.ts'; import './config/index.ts'; import './kernel/clock.ts';`,
  'server/src/app.ts': `import './edge/index.ts'; import './flows/end-call.ts'; import './modules/calls/index.ts';`,
  'server/src/config/index.ts': `import '../kernel/clock.ts';`,
  'server/src/kernel/clock.ts': `import 'node:fs'; import '@openvtm/protocol'; import 'kysely'; import 'pg';`,
  'server/src/edge/index.ts': `
    import 'socket.io'; import 'express'; import 'node:http'; import '../kernel/clock.ts';
    import type { Fact } from '../modules/calls/index.ts'; export type Told = Fact;`,
  'server/src/flows/end-call.ts': `import '../modules/calls/index.ts'; import '../modules/media/index.ts'; import '../kernel/clock.ts';`,
  'server/src/modules/calls/index.ts': `
    import './calls.store.ts'; import type { Row } from './calls.ts'; import '../../kernel/clock.ts'; export type Fact = Row;`,
  'server/src/modules/calls/calls.ts': `import type { Fact } from './index.ts'; export type Row = { before: Fact };`,
  'server/src/modules/calls/calls.store.ts': `import 'kysely'; import './migrations/0001.ts';`,
  'server/src/modules/calls/migrations/0001.ts': `import 'kysely';`,
  'server/src/modules/calls/calls.test.ts': `import './calls.store.ts'; import 'left-out'; import 'pg';`,
  'server/src/modules/media/index.ts': `import 'mediasoup';`,
  'tests/integration/calls.test.ts': `import '../../server/src/modules/calls/calls.store.ts'; import 'socket.io-client'; import 'mediasoup';`,
};

/** Writes a small OpenVTM without a fault into a temporary folder. */
export function smallTree() {
  const folder = mkdtempSync(join(tmpdir(), 'openvtm-walls-'));
  const write = (path: string, content: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  };
  const manifest = (path: string, content: object) => write(`${path}/package.json`, JSON.stringify(content));

  manifest('.', { name: 'openvtm', private: true, workspaces });
  for (const name of [...packages, 'left-out', 'tool']) {
    manifest(`node_modules/${name}`, { name, version: '1.0.0', main: 'index.js' });
    write(`node_modules/${name}/index.js`, 'module.exports = {};');
  }
  mkdirSync(join(folder, 'node_modules/@openvtm'));
  for (const workspace of workspaces) {
    const name = workspaceName(workspace);
    const exports = { '.': './src/index.ts', './*': './src/*' };
    manifest(workspace, { name, exports, dependencies, devDependencies: { tool: '1.0.0' } });
    symlinkSync(join(folder, workspace), join(folder, 'node_modules', name));
  }
  for (const [path, content] of Object.entries(sources)) write(path, content);

  return { folder, write, remove: () => rmSync(folder, { recursive: true }) };
}
