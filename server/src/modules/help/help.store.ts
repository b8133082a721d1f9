import type { Queryable, Tx } from '../../kernel/db.ts';

export type HelpRow = {
  id: string;
  kiosk_id: string;
  branch_id: string;
  state: 'called' | 'coming' | 'closed';
  called_at: number;
  since: number;
  staff_id: string | null;
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
