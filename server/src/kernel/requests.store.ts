import type { Tx } from './db.ts';
import type { KernelTables } from './journal.ts';

/**
 * Takes a request id, or finds the answer that it was given before. Of two that come at once the second waits for the
 * first to commit. `foreign`: the id belongs to another caller or request.
 */
export async function takeRequest(
  tx: Tx,
  wish: { id: string; caller: string; name: string; at: number },
): Promise<Buffer | 'foreign' | null> {
  const db = tx.as<KernelTables>();
  const mine = await db
    .insertInto('kernel.request')
    .values({ ...wish, answer: null })
    .onConflict((c) => c.column('id').doNothing())
    .returning('id')
    .executeTakeFirst();
  if (mine) return null;
  const first = await db.selectFrom('kernel.request').selectAll().where('id', '=', wish.id).executeTakeFirst();
  if (!first?.answer || first.caller !== wish.caller || first.name !== wish.name) return 'foreign';
  return first.answer;
}

export const keepAnswer = (tx: Tx, id: string, answer: Buffer) =>
  tx.as<KernelTables>().updateTable('kernel.request').set({ answer }).where('id', '=', id).execute();

/** Answers are kept for a day: no client tries longer. */
export const forgetRequests = (tx: Tx, before: number) =>
  tx.as<KernelTables>().deleteFrom('kernel.request').where('at', '<', before).execute();
