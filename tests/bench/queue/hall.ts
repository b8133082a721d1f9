import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { Language } from '@openvtm/protocol';
import { createBus } from '../../../server/src/kernel/bus.ts';
import type { Database } from '../../../server/src/kernel/db.ts';
import { createLog } from '../../../server/src/kernel/log.ts';
import { createWorks, type Works } from '../../../server/src/kernel/work.ts';
import { openQueue, type AgentWish, type Queue, type TicketWish } from '../../../server/src/modules/queue/index.ts';
import { createServices } from '../../../server/src/modules/services/index.ts';

/** A bank's hall: the queue with agents and tickets by the ten thousand. */
export type Hall = {
  database: Database;
  queue: Queue;
  works: Works;
  /** What a customer who comes now asks for, the `i`th. */
  wish(i: number): TicketWish;
  /** Agents on a break, who become ready one after the other. */
  resting: AgentWish[];
};

const BRANCH = '00000000-0000-4000-8000-000000000001';
const SKILLS = ['service', 'cards', 'accounts', 'corporate', 'wealth', 'credit', 'foreign-exchange'];
const LANGUAGES: Language[][] = [['zh-CN'], ['zh-CN', 'en'], ['en']];
/** Like people, agents of a bank have one of some two hundred sets of skills. */
const PROFILES = 200;

/** Always the same, so that two runs measure the same hall. */
function createRandom(seed: number) {
  let state = seed;
  return (below: number) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
}

const profile = (random: (below: number) => number) => ({
  skills: Object.fromEntries(SKILLS.filter(() => random(10) < 6).map((skill) => [skill, 1 + random(5)])),
  languages: LANGUAGES[random(3)] ?? [],
});

/** Multiplies what the queue itself has made, so that every row is as the queue would have it. */
async function multiply(database: Database, { tickets, agents }: { tickets: number; agents: number }): Promise<void> {
  const run = (statement: ReturnType<typeof sql>) => statement.execute(database.as<unknown>());
  const columns = async (table: string, except: string[]) => {
    const { rows } = await sql<{ name: string }>`
      select column_name as name from information_schema.columns
      where table_schema = 'queue' and table_name = ${table} and is_generated = 'NEVER'`.execute(
      database.as<unknown>(),
    );
    return sql.raw(
      rows
        .map(({ name }) => name)
        .filter((name) => !except.includes(name))
        .join(', '),
    );
  };
  const ofTicket = await columns('ticket', ['id', 'case_id', 'kiosk_id', 'joined_at']);
  await run(sql`insert into queue.ticket (id, case_id, kiosk_id, joined_at, ${ofTicket})
    select gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), joined_at - (random() * 3600000)::bigint, ${ofTicket}
    from queue.ticket cross join generate_series(1, ${tickets}::integer) limit ${tickets}::integer`);
  const ofAgent = await columns('agent', ['staff_id', 'state']);
  await run(sql`insert into queue.agent (staff_id, state, ${ofAgent})
    select gen_random_uuid(), 'in-call', ${ofAgent}
    from queue.agent cross join generate_series(1, ${agents}::integer) limit ${agents}::integer`);
  await run(sql`vacuum analyze queue.ticket`);
  await run(sql`vacuum analyze queue.agent`);
  await run(sql`analyze queue.fit`);
}

/** `waiting` tickets wait, `agents` agents are on duty and busy, and `resting` more are on a break. */
export async function fillHall(
  database: Database,
  size: { waiting: number; agents: number; resting: number },
): Promise<Hall> {
  await sql`truncate queue.ticket, queue.agent, queue.offer, queue.agent_time cascade`.execute(database.as<unknown>());
  const log = createLog({ level: 'silent' });
  const queue = openQueue({ database, clock: Date.now });
  const works = createWorks({ database, bus: createBus(log), clock: Date.now });
  const services = await createServices({ own: null, core: true });
  const offered = services
    .all()
    .map(({ id }) => services.get(id))
    .filter(({ skills }) => Object.keys(skills).length > 0);
  const random = createRandom(7);
  const wish = (i: number): TicketWish => {
    const service = offered[i % offered.length];
    if (!service) throw new Error('no service needs an agent');
    return {
      caseId: randomUUID(),
      kioskId: randomUUID(),
      branchId: BRANCH,
      serviceId: service.id,
      family: service.category,
      skills: service.skills,
      language: i % 3 === 0 ? 'en' : 'zh-CN',
      minutes: service.minutes,
      priority: 1 + (i % 5),
      vip: i % 11 === 0,
      elder: i % 4 === 0,
    };
  };
  const profiles = Array.from({ length: PROFILES }, () => profile(random));
  const toBreak = async (able: (typeof profiles)[number]) => {
    const staffId = randomUUID();
    await works.bySystem(async (work) => {
      await queue.agentReady(work, { staffId, ...able, branchId: BRANCH });
      await queue.agentBreak(work, staffId, 'break');
    });
    return { staffId, ...able, branchId: BRANCH };
  };
  for (const able of profiles) await toBreak(able);
  await multiply(database, { tickets: 0, agents: size.agents - PROFILES });
  if (size.waiting > 0) {
    const prototypes = Math.min(size.waiting, offered.length * 60);
    for (let i = 0; i < prototypes; i += 1) await works.bySystem((work) => queue.join(work, wish(i)));
    await multiply(database, { tickets: size.waiting - prototypes, agents: 0 });
  }
  const resting: AgentWish[] = [];
  for (let i = 0; i < size.resting; i += 1) resting.push(await toBreak(profiles[i % PROFILES] ?? profile(random)));
  // Places are worked out before anything is measured.
  while (await works.bySystem((work) => queue.tend(work)));
  await database.pool.query('vacuum analyze queue.ticket');
  await database.pool.query('vacuum analyze queue.agent');
  return { database, queue, works, wish, resting };
}
