import { fork, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { sql } from 'kysely';
import type { Order, Done } from './racer.ts';
import type { Storage } from './storages.ts';

const LEAST = 2;
const MOST = 20;

/** Resolves with the racer's word that it has done what it was told. */
function tell(racer: ChildProcess, order: Order): Promise<Done> {
  const done = once(racer, 'message') as Promise<[Done]>;
  racer.send(order);
  return done.then(([answer]) => answer);
}

/**
 * One customer and 2 to 20 agents, half of them with each of two server processes. All become ready at once and all try
 * to take whatever offer there is. Counts the races with exactly one offer accepted and one agent in the call.
 */
export async function raceOverProcesses(storage: Storage, races: number): Promise<{ raced: number; won: number }> {
  const db = storage.database.as<unknown>();
  await sql`truncate queue.ticket, queue.agent, queue.offer, queue.agent_time cascade`.execute(db);
  const racers = [0, 1].map(() =>
    fork(new URL('./racer.ts', import.meta.url), [JSON.stringify(storage.connection)], { stdio: 'inherit' }),
  );
  await Promise.all(racers.map((racer) => once(racer, 'message')));
  let won = 0;
  try {
    for (let race = 0; race < races; race += 1) {
      const agents = Array.from({ length: LEAST + (race % (MOST - LEAST + 1)) }, () => randomUUID());
      const caseId = randomUUID();
      const [first, second] = racers as [ChildProcess, ChildProcess];
      await tell(first, { is: 'join', caseId });
      const done = await Promise.all([
        tell(first, { is: 'race', caseId, agents: agents.filter((_, i) => i % 2 === 0), all: agents }),
        tell(second, { is: 'race', caseId, agents: agents.filter((_, i) => i % 2 === 1), all: agents }),
      ]);
      const { rows } = await sql<{ accepted: number; talking: number; open: number }>`
        select count(*) filter (where o.state = 'accepted') as accepted, count(*) filter (where o.state = 'open') as open,
          (select count(*) from queue.agent where state = 'in-call' and staff_id = any(${agents}::uuid[])) as talking
        from queue.offer o join queue.ticket t on t.id = o.ticket_id where t.case_id = ${caseId}::uuid`.execute(db);
      const [{ accepted, talking, open } = { accepted: 0, talking: 0, open: 0 }] = rows;
      const said = done.reduce((sum, { wins }) => sum + wins, 0);
      if (accepted === 1 && talking === 1 && open === 0 && said === 1) won += 1;
      await sql`update queue.agent set state = 'offline' where staff_id = any(${agents}::uuid[])`.execute(db);
    }
  } finally {
    for (const racer of racers) racer.disconnect();
  }
  return { raced: races, won };
}
