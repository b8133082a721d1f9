import type { KioskKind, KioskReaders, PrinterVia, Text } from '@openvtm/protocol';
import type { Queryable, Tx } from '../../kernel/db.ts';

export type PublicKey = { kty: 'EC'; crv: 'P-256'; x: string; y: string };
type BranchTable = { id: string; name: Text };
type KioskTable = {
  id: string;
  branch_id: string;
  name: string;
  kind: KioskKind;
  public_key: PublicKey | null;
  session_id: string | null;
  enrolled_at: number | null;
  readers: KioskReaders;
  printer: PrinterVia;
};
type CodeTable = {
  hash: Buffer;
  kiosk_id: string;
  expires_at: number | null;
  reusable: boolean;
  used_at: number | null;
};
type ChallengeTable = { nonce: string; kiosk_id: string; expires_at: number };
type KiosksTables = {
  'kiosks.branch': BranchTable;
  'kiosks.kiosk': KioskTable;
  'kiosks.code': CodeTable;
  'kiosks.challenge': ChallengeTable;
};

const on = (reader: Queryable) => reader.as<KiosksTables>();

export const saveBranch = (tx: Tx, row: BranchTable) =>
  on(tx)
    .insertInto('kiosks.branch')
    .values(row)
    .onConflict((c) => c.doNothing())
    .execute();
export const branchById = (reader: Queryable, id: string) =>
  on(reader).selectFrom('kiosks.branch').selectAll().where('id', '=', id).executeTakeFirst();
export const allBranches = (reader: Queryable) =>
  on(reader).selectFrom('kiosks.branch').selectAll().orderBy('id').execute();
/** The branch, if there is just one. */
export const onlyBranch = async (reader: Queryable) => {
  const [first, second] = await on(reader).selectFrom('kiosks.branch').selectAll().limit(2).execute();
  return second ? undefined : first;
};
export const saveKiosk = (tx: Tx, row: KioskTable) =>
  on(tx)
    .insertInto('kiosks.kiosk')
    .values(row)
    .onConflict((c) => c.doNothing())
    .execute();
export const saveCode = (tx: Tx, row: CodeTable) =>
  on(tx)
    .insertInto('kiosks.code')
    .values(row)
    .onConflict((c) => c.doNothing())
    .execute();

/** Spends a code that still holds, in one statement; a reusable one stays. */
export const takeCode = (tx: Tx, hash: Buffer, now: number) =>
  on(tx)
    .updateTable('kiosks.code')
    .set({ used_at: now })
    .where('hash', '=', hash)
    .where((e) => e.or([e('used_at', 'is', null), e('reusable', '=', true)]))
    .where((e) => e.or([e('expires_at', 'is', null), e('expires_at', '>', now)]))
    .returning('kiosk_id')
    .executeTakeFirst();

export const enrolKiosk = (
  tx: Tx,
  id: string,
  set: { public_key: PublicKey; session_id: string; enrolled_at: number },
) => on(tx).updateTable('kiosks.kiosk').set(set).where('id', '=', id).execute();

export const kioskById = (reader: Queryable, id: string) =>
  on(reader)
    .selectFrom('kiosks.kiosk')
    .innerJoin('kiosks.branch', 'kiosks.branch.id', 'kiosks.kiosk.branch_id')
    .select([
      'kiosks.kiosk.id',
      'kiosks.kiosk.name',
      'kiosks.kiosk.kind',
      'kiosks.kiosk.branch_id',
      'kiosks.kiosk.readers',
      'kiosks.kiosk.printer',
      'kiosks.kiosk.public_key',
      'kiosks.kiosk.session_id',
      'kiosks.branch.name as branch',
    ])
    .where('kiosks.kiosk.id', '=', id)
    .executeTakeFirst();

export const setReaders = (tx: Tx, id: string, readers: KioskReaders) =>
  on(tx).updateTable('kiosks.kiosk').set({ readers }).where('id', '=', id).executeTakeFirst();

export const setPrinter = (tx: Tx, id: string, printer: PrinterVia) =>
  on(tx).updateTable('kiosks.kiosk').set({ printer }).where('id', '=', id).executeTakeFirst();

export const insertChallenge = (tx: Tx, row: ChallengeTable) =>
  on(tx).insertInto('kiosks.challenge').values(row).execute();
export const takeChallenge = (tx: Tx, nonce: string) =>
  on(tx).deleteFrom('kiosks.challenge').where('nonce', '=', nonce).returningAll().executeTakeFirst();
export const sweepChallenges = (tx: Tx, now: number) =>
  on(tx).deleteFrom('kiosks.challenge').where('expires_at', '<', now).execute();

export const kiosksOfBranch = (reader: Queryable, branchId: string) =>
  on(reader)
    .selectFrom('kiosks.kiosk')
    .select(['id', 'name'])
    .where('branch_id', '=', branchId)
    .where('kind', '<>', 'phone')
    .where('public_key', 'is not', null)
    .orderBy('name')
    .execute();
