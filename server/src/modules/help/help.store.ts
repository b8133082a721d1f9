import type { HelpPlace, LostWhy } from '@openvtm/protocol';
import type { Queryable, Tx } from '../../kernel/db.ts';

export type ClosedBy = 'customer' | 'staff' | 'went-on' | 'left' | 'expired';
export type HelpRow = {
  id: string;
  kiosk_id: string;
  branch_id: string;
  state: 'noticed' | 'called' | 'coming' | 'closed';
  called_at: number;
  since: number;
  staff_id: string | null;
  why: LostWhy | 'called';
  /** Whether the customer asked for somebody, and not only the kiosk noticed. */
  asked: boolean;
  case_id: string | null;
  at: HelpPlace['at'];
  service_id: string | null;
  step: string | null;
  field: string | null;
  closed_by: ClosedBy | null;
};
type HelpTables = { 'help.call': HelpRow };

const on = (reader: Queryable) => reader.as<HelpTables>();

export const insertHelp = (tx: Tx, row: HelpRow) => on(tx).insertInto('help.call').values(row).execute();
export const lockHelp = (tx: Tx, id: string) =>
  on(tx).selectFrom('help.call').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
export const openHelpOfKiosk = (reader: Queryable, kioskId: string) =>
  on(reader)
    .selectFrom('help.call')
    .selectAll()
    .where('kiosk_id', '=', kioskId)
    .where('state', '<>', 'closed')
    .executeTakeFirst();
export const openHelpOfBranch = (reader: Queryable, branchId: string) =>
  on(reader)
    .selectFrom('help.call')
    .selectAll()
    .where('branch_id', '=', branchId)
    .where('state', '<>', 'closed')
    .orderBy('called_at')
    .execute();
export const updateHelp = (tx: Tx, id: string, set: Partial<Omit<HelpRow, 'id'>>) =>
  on(tx).updateTable('help.call').set(set).where('id', '=', id).execute();

/** The last time that help was offered to this customer; without a case, at this kiosk to somebody without one. */
export const lastNoticed = (tx: Tx, { kioskId, caseId }: { kioskId: string; caseId: string | null }) =>
  on(tx)
    .selectFrom('help.call')
    .select(['called_at', 'since', 'closed_by'])
    .where('kiosk_id', '=', kioskId)
    .where('why', '<>', 'called')
    .where('case_id', caseId === null ? 'is' : '=', caseId)
    .orderBy('called_at', 'desc')
    .limit(1)
    .executeTakeFirst();

/** What was noticed before `before` and nobody took up. */
export const noticedBefore = (tx: Tx, before: number) =>
  on(tx)
    .selectFrom('help.call')
    .selectAll()
    .where('state', '=', 'noticed')
    .where('called_at', '<', before)
    .forUpdate()
    .execute();
