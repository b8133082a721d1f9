import { sql } from 'kysely';
import type { Database } from '../../kernel/db.ts';
import type { KernelTables } from '../../kernel/journal.ts';

/** Newest first, at most `limit`, older than `before`. `about` is any id that the line concerns. */
export const journalLines = (
  database: Database,
  filter: { before?: number; kind?: string; about?: string; limit: number },
) => {
  let query = database
    .as<KernelTables>()
    .selectFrom('kernel.journal')
    .selectAll()
    .orderBy('id', 'desc')
    .limit(filter.limit);
  if (filter.before !== undefined) query = query.where('id', '<', filter.before);
  if (filter.kind) query = query.where('kind', 'like', `${filter.kind.replace(/[\\%_]/g, '\\$&')}%`);
  if (filter.about)
    query = query.where(
      sql<boolean>`(actor_id = ${filter.about} or exists (select 1 from jsonb_each_text(about) one where one.value = ${filter.about}))`,
    );
  return query.execute();
};
