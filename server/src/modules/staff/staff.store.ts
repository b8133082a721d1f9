import { sql } from 'kysely';
import type { Language, StaffRole } from '@openvtm/protocol';
import type { Queryable, Tx } from '../../kernel/db.ts';

type AccountTable = {
  id: string;
  username: string;
  name: string;
  branch_id: string;
  password_hash: string;
  roles: StaffRole[];
  skills: Record<string, number>;
  languages: Language[];
  failures: number;
  locked_until: number | null;
  created_at: number;
};
type StaffTables = { 'staff.account': AccountTable };

const on = (reader: Queryable) => reader.as<StaffTables>();

export const accountByUsername = (reader: Queryable, username: string) =>
  on(reader)
    .selectFrom('staff.account')
    .selectAll()
    .where(sql`lower(username)`, '=', username.toLowerCase())
    .executeTakeFirst();

export const accountById = (reader: Queryable, id: string) =>
  on(reader).selectFrom('staff.account').selectAll().where('id', '=', id).executeTakeFirst();

export const namesOf = (reader: Queryable, ids: string[]) =>
  on(reader).selectFrom('staff.account').select(['id', 'name']).where('id', 'in', ids).execute();

/** Those with one of these roles, by name. */
export const accountsWithRole = (reader: Queryable, roles: readonly StaffRole[], most: number) =>
  on(reader)
    .selectFrom('staff.account')
    .select(['id', 'name', 'roles', 'skills'])
    .where(sql<boolean>`roles && ${[...roles]}`)
    .orderBy('name')
    .limit(most)
    .execute();

export const countAccounts = (reader: Queryable) =>
  on(reader)
    .selectFrom('staff.account')
    .select((e) => e.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();

/** False when the username is taken. */
export const insertAccount = async (tx: Tx, row: AccountTable): Promise<boolean> => {
  const done = await on(tx)
    .insertInto('staff.account')
    .values(row)
    .onConflict((c) => c.doNothing())
    .returning('id')
    .executeTakeFirst();
  return done !== undefined;
};

/** Counts a failure; the one that reaches `limit` locks the account until `until`, and the count begins again. */
export const countFailure = (tx: Tx, id: string, { limit, until }: { limit: number; until: number }) =>
  on(tx)
    .updateTable('staff.account')
    .set({
      failures: sql<number>`case when failures + 1 >= ${limit} then 0 else failures + 1 end`,
      locked_until: sql<number | null>`case when failures + 1 >= ${limit} then ${until}::bigint else locked_until end`,
    })
    .where('id', '=', id)
    .returning('locked_until')
    .executeTakeFirstOrThrow();

export const clearFailures = (tx: Tx, id: string) =>
  on(tx).updateTable('staff.account').set({ failures: 0, locked_until: null }).where('id', '=', id).execute();
