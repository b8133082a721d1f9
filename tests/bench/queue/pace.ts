import { sql } from 'kysely';
import type { Database } from '../../../server/src/kernel/db.ts';
import type { Hall } from './hall.ts';

const timed = async (job: () => Promise<unknown>): Promise<number> => {
  const began = performance.now();
  await job();
  return performance.now() - began;
};

/** ms from an agent who becomes ready, the statement that says so included, to the committed offer; one sample each. */
export async function readyToOffer({ queue, works, resting }: Hall, rounds: number): Promise<number[]> {
  const samples: number[] = [];
  for (const agent of resting.splice(0, rounds)) {
    let made = 0;
    const took = await timed(async () => {
      await works.bySystem((work) => queue.agentReady(work, agent));
      ({ made } = await works.bySystem((work) => queue.match(work, { agents: [agent.staffId] })));
    });
    // Some can serve nobody: they made no offer, and are no sample.
    if (made === 1) samples.push(took);
  }
  return samples;
}

/** ms from a customer who joins, the joining included, to the committed offer, with agents ready for it. */
export async function joinToOffer({ queue, works, wish }: Hall, rounds: number): Promise<number[]> {
  const samples: number[] = [];
  for (let i = 0; i < rounds; i += 1) {
    let made = 0;
    const took = await timed(async () => {
      const { ticketId } = await works.bySystem((work) => queue.join(work, wish(i)));
      ({ made } = await works.bySystem((work) => queue.match(work, { tickets: [ticketId] })));
    });
    if (made === 1) samples.push(took);
  }
  return samples;
}

/** Offers a second, committed: `rounds` agents have become ready while nobody made offers, and tickets wait for all. */
export async function sustained({ queue, works, resting }: Hall, rounds: number): Promise<number> {
  for (const agent of resting.splice(0, rounds)) await works.bySystem((work) => queue.agentReady(work, agent));
  let offers = 0;
  const took = await timed(async () => {
    for (let again = true; again;) {
      const answer = await works.bySystem((work) => queue.match(work));
      offers += answer.made;
      ({ again } = answer);
    }
  });
  return offers / (took / 1000);
}

/** Seconds until all waiting kiosks, `at` at a time, are back with their tickets and know their places, and how many do. */
export async function comeBack(
  { database, queue, works }: Hall,
  at: number,
): Promise<{ seconds: number; back: number; kiosks: number }> {
  const waiting = await queue.waitingKiosks();
  await works.bySystem((work) => queue.everybodyAbsent(work));
  const left = [...waiting];
  let back = 0;
  const side = async () => {
    for (let kioskId = left.pop(); kioskId; kioskId = left.pop()) {
      const mine = { kioskId };
      await works.bySystem((work) => queue.returned(work, mine));
      const view = await queue.ticketView(mine.kioskId);
      if (view && view.position >= 1) back += 1;
    }
  };
  const took = await timed(() => Promise.all(Array.from({ length: at }, side)));
  const { rows } = await sql<{ n: number }>`
    select count(*) as n from queue.ticket where state = 'waiting' and absent_since is not null`.execute(
    database.as<unknown>(),
  );
  return { seconds: took / 1000, back: back - (rows[0]?.n ?? 0), kiosks: waiting.length };
}

/** Takes a second by a bare `UPDATE … FOR UPDATE SKIP LOCKED LIMIT 1` on a plain table of so many rows: the floor. */
export async function bareLoop(
  database: Database,
  { rows, rounds, at }: { rows: number; rounds: number; at: number },
): Promise<{ perSecond: number; samples: number[] }> {
  const run = (statement: ReturnType<typeof sql>) => statement.execute(database.as<unknown>());
  await run(sql`drop table if exists plain`);
  await run(sql`create table plain (id bigint primary key, state text not null, rank bigint not null)`);
  await run(sql`insert into plain select i, 'waiting', i from generate_series(1, ${rows}::integer) i`);
  await run(sql`create index on plain (rank) where state = 'waiting'`);
  await run(sql`vacuum analyze plain`);
  const samples: number[] = [];
  let left = rounds;
  const side = async () => {
    for (; left > 0;) {
      left -= 1;
      samples.push(
        await timed(() =>
          run(sql`update plain set state = 'taken' where id = (
            select id from plain where state = 'waiting' order by rank for update skip locked limit 1)`),
        ),
      );
    }
  };
  const began = performance.now();
  await Promise.all(Array.from({ length: at }, side));
  return { perSecond: rounds / ((performance.now() - began) / 1000), samples };
}
