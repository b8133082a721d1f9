import type { SelfTestResult } from '@openvtm/protocol';
import { sql } from 'kysely';
import type { Queryable, Tx } from '../../kernel/db.ts';

type TestRow = { id: string; device: string; at: number; results: SelfTestResult[] };
type AskedRow = { kiosk_id: string; branch_id: string; at: number };
type SelfTestsTables = { 'self_tests.test': TestRow; 'self_tests.asked': AskedRow };

const on = (reader: Queryable) => reader.as<SelfTestsTables>();

export const insertTest = (tx: Tx, { results, ...row }: TestRow) =>
  on(tx)
    .insertInto('self_tests.test')
    .values({ ...row, results: sql<SelfTestResult[]>`${JSON.stringify(results)}::jsonb` })
    .execute();

/** All but the newest `keep` of a device go. */
export const forgetOlder = (tx: Tx, device: string, keep: number) =>
  on(tx)
    .deleteFrom('self_tests.test')
    .where('id', 'in', (e) =>
      e.selectFrom('self_tests.test').select('id').where('device', '=', device).orderBy('at', 'desc').offset(keep),
    )
    .execute();

/** The newest of each. */
export const lastTests = (reader: Queryable, devices: string[]) =>
  on(reader)
    .selectFrom('self_tests.test')
    .distinctOn('device')
    .select(['device', 'at', 'results'])
    .where('device', 'in', devices)
    .orderBy('device')
    .orderBy('at', 'desc')
    .execute();

export const saveAsked = (tx: Tx, row: AskedRow) =>
  on(tx)
    .insertInto('self_tests.asked')
    .values(row)
    .onConflict((conflict) => conflict.column('kiosk_id').doUpdateSet({ at: row.at, branch_id: row.branch_id }))
    .execute();
export const takeAsked = (tx: Tx, kioskId: string) =>
  on(tx).deleteFrom('self_tests.asked').where('kiosk_id', '=', kioskId).returning('branch_id').executeTakeFirst();
export const askedSince = (reader: Queryable, { kioskIds, since }: { kioskIds: string[]; since: number }) =>
  on(reader)
    .selectFrom('self_tests.asked')
    .select(['kiosk_id', 'at'])
    .where('kiosk_id', 'in', kioskIds)
    .where('at', '>', since)
    .execute();
