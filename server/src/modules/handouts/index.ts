import { createHmac, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';
import type {
  HandoutLookOut,
  HandoutOpenOut,
  HandoutView,
  HandoutId,
  MessageChannel,
  PrintOutcome,
  SecondFactor,
} from '@openvtm/protocol';
import type { Keys } from '../../kernel/crypto.ts';
import type { Database } from '../../kernel/db.ts';
import { Refusal } from '../../kernel/errors.ts';
import type { Work } from '../../kernel/work.ts';
import {
  insertItems,
  insertLink,
  itemsOf,
  linkByKey,
  linkByToken,
  lockByToken,
  lockLink,
  newestOfCase,
  replaceOpen,
  takeItem,
  updateLink,
  type LinkRow,
} from './handouts.store.ts';
import { afterAnswer, LINK_LIVES_MS, standing, triesLeft, type Link } from './link-state.ts';

export { createMessenger, type Messenger } from './messenger.ts';
export { startMessengerSimulator, type MessengerSimulator } from './simulator/index.ts';

export type HandoutFact = {
  kind:
    | 'handout.linked'
    | 'handout.sending'
    | 'handout.sent'
    | 'handout.not-sent'
    | 'handout.wrong-answer'
    | 'handout.locked'
    | 'handout.opened'
    | 'handout.taken'
    | 'handout.printed';
  about: { caseId: string; kioskId: string; handoutId?: string; paperId?: string };
  data?: Record<string, string | number | boolean | null>;
};

export type NewLink = {
  caseId: string;
  kioskId: string;
  factor: { kind: SecondFactor; value: string };
  papers: { paperId: string; title: string }[];
  /** The end of the number or address that it is sent to; null: it is shown. */
  message: { channel: MessageChannel; to: string } | null;
};

/** Links by which customers take their papers along. What proves who opens one is kept as a keyed hash only. */
export type Handouts = {
  /** A new link; the one before no longer opens. `token` is told this once. */
  link(work: Work, wish: NewLink): Promise<{ handoutId: string; token: string; expiresAt: number }>;
  /** What the message service said. */
  sent(work: Work, handoutId: string, outcome: 'sent' | 'refused' | 'unanswered'): Promise<void>;
  look(token: string, now: number): Promise<HandoutLookOut>;
  /** Counts a wrong answer; the right one opens the link, once. */
  open(work: Work, token: string, digits: string): Promise<HandoutOpenOut>;
  /** The paper that an opened link gives by this number and was not taken yet; `not-found`, `expired`. */
  paperOf(key: string, number: number, now: number): Promise<{ handoutId: string; paperId: string }>;
  /** It has come down. */
  taken(work: Work, key: string, number: number): Promise<void>;
  /** What came of printing. */
  printed(
    work: Work,
    wish: { caseId: string; kioskId: string; papers: readonly string[]; outcome: PrintOutcome },
  ): Promise<void>;
  /** The newest link of a case; null: none was made. */
  ofCase(caseId: string, now: number): Promise<HandoutView | null>;
};

export const handoutsSchema = { schema: 'handouts', dir: new URL('./migrations/', import.meta.url) };

/** ms after which a message whose process died is as good as unanswered. */
const SENDING_MS = 20_000;

const newToken = () => randomBytes(16).toString('base64url');
/** The last four, as they are asked for. */
const endOf = (value: string) => value.slice(-4).toUpperCase();

function linkOf(row: LinkRow): Link {
  if (row.at === 'open') return { at: 'open', tries: row.tries, expiresAt: row.expires_at };
  return row.at === 'opened' ? { at: 'opened', until: row.opened_until ?? 0 } : { at: row.at };
}

export function openHandouts({ database, keys }: { database: Database; keys: Keys }): Handouts {
  const tokenKey = keys.derive('handout-tokens');
  const factorKey = keys.derive('handout-factors');
  const hashOf = (token: string) => createHmac('sha256', tokenKey).update(token).digest();
  const factorHash = (id: string, digits: string) =>
    createHmac('sha256', factorKey).update(`${id}:${digits.toUpperCase()}`).digest();
  const record = (work: Work, row: LinkRow, kind: HandoutFact['kind'], extra: Partial<HandoutFact> = {}) => {
    const about = { handoutId: row.id, caseId: row.case_id, kioskId: row.kiosk_id, ...extra.about };
    const fact: HandoutFact = { kind, ...(extra.data ? { data: extra.data } : {}), about };
    work.record(fact);
  };

  return {
    async link(work, { caseId, kioskId, factor, papers, message }) {
      await replaceOpen(work.tx, caseId);
      const id = randomUUID();
      const token = newToken();
      const row: LinkRow = {
        id,
        case_id: caseId,
        kiosk_id: kioskId,
        token_hash: hashOf(token),
        made_at: work.now,
        expires_at: work.now + LINK_LIVES_MS,
        at: 'open',
        tries: 0,
        factor: factor.kind,
        factor_hash: factorHash(id, endOf(factor.value)),
        key_hash: null,
        opened_until: null,
        channel: message?.channel ?? null,
        sent_to: message?.to ?? null,
        message_at: message ? 'sending' : null,
        message_since: message ? work.now : null,
        message_why: null,
      };
      await insertLink(work.tx, row);
      await insertItems(
        work.tx,
        papers.map(({ paperId, title }, i) => ({
          link_id: id,
          number: i + 1,
          paper_id: paperId,
          title,
          taken_at: null,
        })),
      );
      record(work, row, 'handout.linked', { data: { factor: factor.kind, papers: papers.length } });
      if (message) record(work, row, 'handout.sending', { data: { channel: message.channel } });
      return { handoutId: id, token, expiresAt: row.expires_at };
    },

    async sent(work, handoutId, outcome) {
      const row = await lockLink(work.tx, handoutId);
      if (row?.message_at !== 'sending') return;
      const set =
        outcome === 'sent' ? { message_at: 'sent' as const } : { message_at: 'failed' as const, message_why: outcome };
      await updateLink(work.tx, row.id, { ...set, message_since: work.now });
      const data = { channel: row.channel, ...(outcome === 'sent' ? {} : { why: outcome }) };
      record(work, row, outcome === 'sent' ? 'handout.sent' : 'handout.not-sent', { data });
    },

    async look(token, now) {
      const row = await linkByToken(database, hashOf(token));
      if (!row) return { is: 'unknown' };
      const link = linkOf(row);
      const is = standing(link, now);
      return is === 'open' ? { is: 'asks', factor: row.factor, triesLeft: triesLeft(link) } : { is };
    },

    async open(work, token, digits) {
      const row = await lockByToken(work.tx, hashOf(token));
      if (!row) return { is: 'unknown' };
      const right = timingSafeEqual(factorHash(row.id, digits), row.factor_hash);
      const after = afterAnswer(linkOf(row), { right, now: work.now });
      if (!after) {
        const is = standing(linkOf(row), work.now);
        return { is: is === 'open' ? 'expired' : is };
      }
      if (after.at === 'open') {
        await updateLink(work.tx, row.id, { tries: after.tries });
        record(work, row, 'handout.wrong-answer', { data: { tries: after.tries } });
        return { is: 'wrong', triesLeft: triesLeft(after) };
      }
      if (after.at === 'locked') {
        await updateLink(work.tx, row.id, { at: 'locked', tries: row.tries + 1 });
        record(work, row, 'handout.locked', { data: { tries: row.tries + 1 } });
        return { is: 'locked' };
      }
      const key = newToken();
      const until = after.at === 'opened' ? after.until : work.now;
      await updateLink(work.tx, row.id, { at: 'opened', key_hash: hashOf(key), opened_until: until });
      record(work, row, 'handout.opened');
      const papers = (await itemsOf(work.tx, row.id)).map(({ number, title }) => ({ number, title }));
      return { is: 'papers', key, papers };
    },

    async paperOf(key, number, now) {
      const row = await linkByKey(database, hashOf(key));
      if (!row) throw new Refusal('not-found', 'no link was opened with this key');
      if (now >= (row.opened_until ?? 0)) throw new Refusal('expired', 'it was opened too long ago');
      const item = (await itemsOf(database, row.id)).find((one) => one.number === number);
      if (!item || item.taken_at !== null) throw new Refusal('not-found', 'no such paper, or it was taken');
      return { handoutId: row.id, paperId: item.paper_id };
    },

    async taken(work, key, number) {
      const row = await linkByKey(work.tx, hashOf(key));
      if (!row || !(await takeItem(work.tx, { link_id: row.id, number, now: work.now }))) return;
      const item = (await itemsOf(work.tx, row.id)).find((one) => one.number === number);
      const about = { caseId: row.case_id, kioskId: row.kiosk_id, ...(item ? { paperId: item.paper_id } : {}) };
      record(work, row, 'handout.taken', { about });
    },

    async printed(work, { caseId, kioskId, papers, outcome }) {
      for (const paperId of papers)
        work.record({ kind: 'handout.printed', about: { caseId, kioskId, paperId }, data: { outcome } });
    },

    async ofCase(caseId, now) {
      const row = await newestOfCase(database, caseId);
      if (!row) return null;
      const items = await itemsOf(database, row.id);
      const lost = row.message_at === 'sending' && now - (row.message_since ?? 0) > SENDING_MS;
      return {
        handoutId: row.id as HandoutId,
        at: standing(linkOf(row), now),
        factor: row.factor,
        expiresAt: row.expires_at,
        papers: items.length,
        taken: items.filter(({ taken_at }) => taken_at !== null).length,
        message:
          row.channel && row.message_at
            ? {
                channel: row.channel,
                to: row.sent_to ?? '',
                state: lost ? 'failed' : row.message_at,
                why: lost ? 'unanswered' : row.message_why,
                simulated: null,
              }
            : null,
      };
    },
  };
}
