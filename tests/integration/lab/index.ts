import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AuditPage, JournalLine } from '@openvtm/protocol';
import { afterEach, vi } from 'vitest';
import type { z } from 'zod';
import { startApp, type App } from '../../../server/src/app.ts';
import { SCHEMAS } from '../../../server/src/open-parts.ts';
import type { Config } from '../../../server/src/config/index.ts';
import { DEMO_KIOSKS, DEMO_PASSWORD } from '../../../server/src/flows/seed-demo.ts';
import type { Connection, Database } from '../../../server/src/kernel/db.ts';
import { createLog } from '../../../server/src/kernel/log.ts';
import { testDatabase } from '../../../server/src/kernel/testing.ts';
import { createLabClock, type LabClock } from './clock.ts';
import { createHttp, type Http } from './http.ts';
import { enrolLabKiosk, type LabKiosk } from './kiosk.ts';
import { freePorts } from '../../ports.ts';
import { signInLabStaff, type LabStaff } from './staff.ts';

export type Lab = {
  app: App;
  url: string;
  http: Http;
  clock: LabClock;
  config: Config;
  /** The application's database, for a look at what is stored and for a second process on it. */
  database: Database;
  connection: Connection;
  dataDir: string;
  /** Of the first administrator, where it is no demonstration. */
  administratorPassword: string;
  /** Every log line so far, as it would stand on stdout, from level debug up. */
  log: string[];
  /** The demonstration's kiosk 1 or 2, enrolled, its line open unless `line` is false. */
  kiosk(number?: 1 | 2, options?: { line?: boolean }): Promise<LabKiosk>;
  /** A customer's phone that has come to the branch's page. */
  phone(): Promise<LabKiosk>;
  /** A member of the demonstration's staff, signed in, the line open unless `line` is false. */
  staff(username: string, options?: { line?: boolean }): Promise<LabStaff>;
  /** The same, and ready for offers. */
  readyAgent(username: string): Promise<LabStaff>;
  /** Ends a client's line; resolves when the server has kept that it is away. */
  lose(client: LabKiosk | LabStaff): Promise<void>;
  /** The journal, oldest first, as an inspector reads it through the interface. */
  journal(filter?: { kind?: string; about?: string }): Promise<z.infer<typeof JournalLine>[]>;
  /** Ends the process as `kill` would not: in good order; and starts another one on the same data. */
  restart(): Promise<void>;
  /** Says that the log will have lines of level error with this message. */
  expectError(message: RegExp): void;
};

const LEVEL_ERROR = 50;
const ADMINISTRATOR_PASSWORD = 'shown-once-and-noted-down';

/** Whether the database has it that a kiosk with a case, a ticket or a call, or an agent on duty, is away. */
const AWAY = `select
  exists (select 1 from queue.ticket where kiosk_id = $1 and absent_since is not null and state in ('waiting', 'offered'))
  or exists (select 1 from queue.agent where staff_id = $1 and absent_since is not null and state <> 'in-call')
  or exists (select 1 from cases.case where at in ('consent', 'alone', 'rating') and kiosk_id = $1 and absent_since is not null)
  or exists (select 1 from calls.call where state = 'active' and kiosk_id = $1 and customer_lost_at is not null)
  or exists (select 1 from calls.call where state = 'active' and staff_id = $1 and agent_lost_at is not null) as away`;

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

/**
 * The real server in this process: demo mode, a fresh database, folder and ports of its own, one media worker. It ends
 * with the test, which fails if the server logged an error or told a client what breaks the protocol.
 */
export async function startLab(changes: Partial<Config> = {}): Promise<Lab> {
  const fresh = await testDatabase(SCHEMAS.slice(1));
  const dataDir = await mkdtemp(join(tmpdir(), 'openvtm-lab-'));
  const clock = createLabClock();
  const log: string[] = [];
  const expected: RegExp[] = [];
  const clients: (LabKiosk | LabStaff)[] = [];
  const config: Config = {
    demo: true,
    typing: 'always',
    host: '127.0.0.1',
    port: 0,
    tls: 'none',
    dataDir,
    databaseUrl: null,
    s3: null,
    trustProxy: false,
    logLevel: 'debug',
    metricsToken: null,
    servicesDir: null,
    sheetsDir: null,
    phrasesFile: null,
    journeyDays: 180,
    core: null,
    captions: null,
    seal: null,
    timeStampUrl: null,
    messenger: null,
    publicUrl: null,
    cluster: null,
    cleanSound: false,
    background: { allowed: true, picture: null },
    supervision: { tellAgent: true, tellCustomer: 'consent' },
    ...changes,
    media: { workers: 1, listenIp: '127.0.0.1', announcedAddress: null, basePort: await freePorts(), turn: null },
  };
  const start = (port: number) =>
    startApp({
      config: { ...config, port },
      connection: fresh.connection,
      clock: clock.now,
      log: createLog({ level: config.logLevel, to: { write: (line) => void log.push(line) } }),
      version: '0.0.0-lab',
      administratorPassword: ADMINISTRATOR_PASSWORD,
    });
  let app = await start(config.port);
  const { url } = app;
  const http = createHttp(url);
  const needs = { url, http, now: clock.now };
  let inspector: LabStaff | null = null;

  const isAway = async (id: string) => {
    const { rows } = await fresh.database.pool.query<{ away: boolean }>(AWAY, [id]);
    return rows[0]?.away ?? false;
  };

  const opened = async <C extends LabKiosk | LabStaff>(client: C, line: boolean): Promise<C> => {
    clients.push(client);
    if (line) await client.open();
    return client;
  };

  const lab: Lab = {
    get app() {
      return app;
    },
    url,
    http,
    clock,
    config,
    database: fresh.database,
    connection: fresh.connection,
    dataDir,
    administratorPassword: ADMINISTRATOR_PASSWORD,
    log,
    kiosk: async (number = 1, { line = true } = {}) =>
      opened(await enrolLabKiosk({ ...needs, code: DEMO_KIOSKS[number - 1]?.code ?? '' }), line),
    phone: async () => opened(await enrolLabKiosk({ ...needs, code: null }), true),
    staff: async (username, { line = true } = {}) =>
      opened(await signInLabStaff({ ...needs, username, password: DEMO_PASSWORD }), line),
    async readyAgent(username) {
      const agent = await lab.staff(username);
      await agent.must('queue:ready', {});
      await agent.until((shown) => shown.agent?.at !== 'offline');
      return agent;
    },

    async lose(client) {
      const id = 'kioskId' in client ? client.kioskId : client.staffId;
      client.leave();
      await vi.waitUntil(() => isAway(id), { timeout: 15_000 });
    },

    async journal(filter = {}) {
      inspector ??= await lab.staff('liu.yang', { line: false });
      const lines: z.infer<typeof JournalLine>[] = [];
      for (let next: number | null = Number.MAX_SAFE_INTEGER; next !== null;) {
        const query = new URLSearchParams({ ...filter, limit: '200', before: String(next) });
        const page: AuditPage = await http.json('GET', `/api/audit?${query}`, { token: await inspector.token() });
        lines.push(...page.lines);
        next = page.next;
      }
      return lines.toReversed();
    },

    async restart() {
      const { port } = app;
      await app.close('restart');
      app = await start(port);
    },

    expectError: (message) => void expected.push(message),
  };
  cleanups.push(async () => {
    for (const client of clients) client.leave();
    await app.close('the test is over');
    await fresh.close();
    await rm(dataDir, { recursive: true, force: true });
    const errors = log.filter((line) => {
      const { level, msg } = JSON.parse(line) as { level: number; msg: string };
      return level >= LEVEL_ERROR && !expected.some((one) => one.test(msg));
    });
    const wrong = [...clients.flatMap((client) => client.faults), ...errors];
    if (wrong.length > 0) throw new Error(`The server did what no test expects:\n${wrong.join('\n')}`);
  });
  return lab;
}
