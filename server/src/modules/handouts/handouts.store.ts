import type { MessageChannel, SecondFactor } from '@openvtm/protocol';
import type { Queryable, Tx } from '../../kernel/db.ts';
import type { Link } from './link-state.ts';

export type LinkRow = {
  id: string;
  case_id: string;
  kiosk_id: string;
  token_hash: Buffer;
  made_at: number;
  expires_at: number;
  at: Link['at'];
  tries: number;
  factor: SecondFactor;
  factor_hash: Buffer;
  key_hash: Buffer | null;
  opened_until: number | null;
  channel: MessageChannel | null;
  /** The end of the number or address. */
  sent_to: string | null;
  message_at: 'sending' | 'sent' | 'failed' | null;
  message_since: number | null;
  message_why: 'unanswered' | 'refused' | null;
};
export type ItemRow = { link_id: string; number: number; paper_id: string; title: string; taken_at: number | null };
type HandoutsTables = { 'handouts.link': LinkRow; 'handouts.item': ItemRow };

const on = (reader: Queryable) => reader.as<HandoutsTables>();

export const insertLink = (tx: Tx, row: LinkRow) => on(tx).insertInto('handouts.link').values(row).execute();
export const insertItems = (tx: Tx, rows: ItemRow[]) => on(tx).insertInto('handouts.item').values(rows).execute();

/** The links of a case that still stand open no longer do. */
export const replaceOpen = (tx: Tx, caseId: string) =>
  on(tx)
    .updateTable('handouts.link')
    .set({ at: 'replaced' })
    .where('case_id', '=', caseId)
    .where('at', '=', 'open')
    .execute();

export const linkByToken = (reader: Queryable, hash: Buffer) =>
  on(reader).selectFrom('handouts.link').selectAll().where('token_hash', '=', hash).executeTakeFirst();
export const lockByToken = (tx: Tx, hash: Buffer) =>
  on(tx).selectFrom('handouts.link').selectAll().where('token_hash', '=', hash).forUpdate().executeTakeFirst();
export const lockLink = (tx: Tx, id: string) =>
  on(tx).selectFrom('handouts.link').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
export const linkByKey = (reader: Queryable, hash: Buffer) =>
  on(reader).selectFrom('handouts.link').selectAll().where('key_hash', '=', hash).executeTakeFirst();
export const updateLink = (tx: Tx, id: string, set: Partial<Omit<LinkRow, 'id'>>) =>
  on(tx).updateTable('handouts.link').set(set).where('id', '=', id).execute();

export const newestOfCase = (reader: Queryable, caseId: string) =>
  on(reader)
    .selectFrom('handouts.link')
    .selectAll()
    .where('case_id', '=', caseId)
    .orderBy('made_at', 'desc')
    .limit(1)
    .executeTakeFirst();

export const itemsOf = (reader: Queryable, linkId: string) =>
  on(reader).selectFrom('handouts.item').selectAll().where('link_id', '=', linkId).orderBy('number').execute();

/** false: it was taken before. */
export async function takeItem(tx: Tx, item: { link_id: string; number: number; now: number }): Promise<boolean> {
  const { numUpdatedRows } = await on(tx)
    .updateTable('handouts.item')
    .set({ taken_at: item.now })
    .where('link_id', '=', item.link_id)
    .where('number', '=', item.number)
    .where('taken_at', 'is', null)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}
