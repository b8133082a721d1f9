import type { Bus, Fact } from './bus.ts';
import type { Clock } from './clock.ts';
import type { Database, Tx } from './db.ts';
import { SYSTEM, writeJournal, type Actor } from './journal.ts';

/**
 * One change: a transaction, the moment it happens at, who does it, and the facts that it makes true. The facts are
 * written to the journal in the same transaction and told to the bus after the commit, so that nothing is told that
 * is not true and nothing true is left untold.
 */
export type Work = { readonly tx: Tx; readonly now: number; readonly actor: Actor; record(fact: Fact): void };

export type Works = {
  /** Runs `job` as one change by `actor`. It may run again from its start after a deadlock, so it does nothing outside `tx`. */
  change<T>(actor: Actor, job: (work: Work) => Promise<T>): Promise<T>;
  /** A change by the system's own clock. */
  bySystem<T>(job: (work: Work) => Promise<T>): Promise<T>;
};

export function createWorks(needs: { database: Database; bus: Bus; clock: Clock }): Works {
  const { database, bus, clock } = needs;
  const change: Works['change'] = async (actor, job) => {
    const { result, facts } = await database.transaction(async (tx) => {
      const facts: Fact[] = [];
      const now = clock();
      const result = await job({ tx, now, actor, record: (fact) => void facts.push(fact) });
      await writeJournal(tx, facts, { actor, now });
      return { result, facts };
    });
    bus.publish(facts);
    return result;
  };
  return { change, bySystem: (job) => change(SYSTEM, job) };
}
