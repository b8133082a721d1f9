import type { Generated } from 'kysely';
import type { Fact, JsonScalar } from './bus.ts';
import type { Tx } from './db.ts';

/** Who did it. `system` acts by its own clock: a deadline, a sweep, a start. */
export type Actor = { kind: 'kiosk' | 'staff' | 'system'; id: string };
export const SYSTEM: Actor = { kind: 'system', id: 'openvtm' };

export type JournalRow = {
  id: Generated<number>;
  at: number;
  actor_kind: Actor['kind'];
  actor_id: string;
  kind: string;
  about: Record<string, string>;
  data: Record<string, JsonScalar>;
};
export type KernelTables = {
  'kernel.journal': JournalRow;
  'kernel.request': { id: string; caller: string; name: string; answer: Buffer | null; at: number };
};

/** Appends facts to the journal inside the transaction of the change that they tell of. */
export async function writeJournal(
  tx: Tx,
  facts: readonly Fact[],
  options: { actor: Actor; now: number },
): Promise<void> {
  if (facts.length === 0) return;
  await tx
    .as<KernelTables>()
    .insertInto('kernel.journal')
    .values(
      facts.map((fact) => ({
        at: options.now,
        actor_kind: options.actor.kind,
        actor_id: options.actor.id,
        kind: fact.kind,
        about: fact.about,
        data: fact.data ?? {},
      })),
    )
    .execute();
}
