// One of two server processes that work the same queue; see races.ts.
import { createBus } from '../../../server/src/kernel/bus.ts';
import { openDatabase, type Connection } from '../../../server/src/kernel/db.ts';
import { createLog } from '../../../server/src/kernel/log.ts';
import { quietLog } from '../../../server/src/kernel/testing.ts';
import { createWorks } from '../../../server/src/kernel/work.ts';
import { matchQueue } from '../../../server/src/flows/match-queue.ts';
import { openQueue } from '../../../server/src/modules/queue/index.ts';

export type Order =
  | { is: 'join'; caseId: string }
  /** `agents` become ready here; everybody of `all` tries to take the offer here, too. */
  | { is: 'race'; caseId: string; agents: string[]; all: string[] };
export type Done = { wins: number };

const database = openDatabase({ connection: JSON.parse(process.argv[2] ?? '') as Connection, log: quietLog });
const log = createLog({ level: 'silent' });
const bus = createBus(log);
const works = createWorks({ database, bus, clock: Date.now });
const queue = openQueue({ database, clock: Date.now });
const matching = matchQueue(queue, works, { log });
bus.on((fact) => matching.onFact(fact));

const GIVE_UP_MS = 5_000;
const ANY = { skills: {}, languages: ['en' as const] };

async function race({ agents, all }: Extract<Order, { is: 'race' }>): Promise<Done> {
  await Promise.all(agents.map((staffId) => works.bySystem((work) => queue.agentReady(work, { staffId, ...ANY }))));
  for (const until = Date.now() + GIVE_UP_MS; Date.now() < until;) {
    await matching.all();
    const ringing = (await Promise.all(all.map((staffId) => queue.ringing(staffId)))).find((offer) => offer !== null);
    const accepted = ringing
      ? await Promise.all(
          all.map((staffId) =>
            works
              .bySystem((work) => queue.accept(work, staffId, ringing.offerId))
              .then(
                () => 1,
                () => 0,
              ),
          ),
        )
      : [];
    const wins = accepted.reduce<number>((sum, one) => sum + one, 0);
    if (wins > 0) return { wins };
    const talking = await Promise.all(all.map((staffId) => queue.agent(staffId)));
    if (talking.some((agent) => agent?.at === 'in-call')) return { wins: 0 };
  }
  return { wins: 0 };
}

process.on('message', (order: Order) => {
  void (async () => {
    if (order.is === 'race') process.send?.(await race(order));
    else {
      const wish = { kioskId: order.caseId, serviceId: 'talk', skills: {}, language: 'en' as const, minutes: 5 };
      await works.bySystem((work) => queue.join(work, { caseId: order.caseId, ...wish }));
      process.send?.({ wins: 0 });
    }
  })();
});
process.on('disconnect', () => void matching.close().then(() => database.close()));
process.send?.('here');
