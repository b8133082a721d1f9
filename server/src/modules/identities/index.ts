import { randomInt, timingSafeEqual } from 'node:crypto';
import type { Keys } from '../../kernel/crypto.ts';
import type { Database } from '../../kernel/db.ts';
import { Refusal } from '../../kernel/errors.ts';
import type { Work } from '../../kernel/work.ts';
import { codeOf, countLookup, forgetCode, lockCode, saveCode, updateCode } from './identities.store.ts';

export type IdentityFact = {
  kind: 'identity.code-made' | 'identity.code-sent' | 'identity.code-held' | 'identity.code-wrong';
  about: { caseId: string };
  data?: { triesLeft: number };
};
export type SentCode = { customerId: string; sentTo: string; sentAt: number; expiresAt: number; triesLeft: number };
export type CheckedCode = { held: true; customerId: string; vip: boolean } | { held: false; triesLeft: number };

/** ms; five minutes to find the phone and read. */
export const CODE_LIVES_MS = 5 * 60_000;
/** ms until another code may be sent for the same case. */
export const SEND_AGAIN_MS = 30_000;
/** Of a million codes three are tried: a guess holds once in 330,000 times. */
export const TRIES = 3;
const MOST_SENT = 5;
const MOST_LOOKUPS = 10;
const DIGITS = 6;

/** Who a customer without a teller is, by a code sent to the phone that the bank knows. */
export type Identities = {
  /** Counts that the bank is asked who this is; `locked-out` after ten times in one case. */
  lookUp(work: Work, caseId: string): Promise<void>;
  /** A new code; the one before no longer holds. `wrong-state` within 30 s, `locked-out` after five in one case. */
  newCode(work: Work, wish: { caseId: string; customerId: string; sentTo: string; vip?: boolean }): Promise<string>;
  /** The code is on its way to the phone. */
  sent(work: Work, caseId: string): Promise<void>;
  /** Counts every try. `expired` when none was sent, it is too old, or was tried three times. */
  check(work: Work, caseId: string, code: string): Promise<CheckedCode>;
  /** What was sent for a case, without the code. */
  of(caseId: string): Promise<SentCode | null>;
};

export const identitiesSchema = { schema: 'identities', dir: new URL('./migrations/', import.meta.url) };

const sealContext = (caseId: string) => `identity:${caseId}`;
const same = (given: string, right: string) =>
  given.length === right.length && timingSafeEqual(Buffer.from(given), Buffer.from(right));

export function openIdentities({ database, keys }: { database: Database; keys: Keys }): Identities {
  const record = (work: Work, caseId: string, what: Omit<IdentityFact, 'about'>) => {
    const fact: IdentityFact = { ...what, about: { caseId } };
    work.record(fact);
  };

  return {
    async lookUp(work, caseId) {
      if ((await countLookup(work.tx, caseId)) > MOST_LOOKUPS)
        throw new Refusal('locked-out', 'asked too often who this is');
    },

    async newCode(work, { caseId, customerId, sentTo, vip = false }) {
      const before = await lockCode(work.tx, caseId);
      if (before && work.now < before.sent_at + SEND_AGAIN_MS) throw new Refusal('wrong-state', 'a code was just sent');
      const sent = (before?.sent ?? 0) + 1;
      if (sent > MOST_SENT) throw new Refusal('locked-out', 'too many codes for one case');
      const code = String(randomInt(10 ** DIGITS)).padStart(DIGITS, '0');
      await saveCode(work.tx, {
        case_id: caseId,
        customer_id: customerId,
        sent_to: sentTo,
        sealed: keys.seal(code, sealContext(caseId)),
        sent_at: work.now,
        expires_at: work.now + CODE_LIVES_MS,
        sent,
        tries: 0,
        vip,
      });
      record(work, caseId, { kind: 'identity.code-made' });
      return code;
    },
    sent: async (work, caseId) => record(work, caseId, { kind: 'identity.code-sent' }),

    async check(work, caseId, given) {
      const row = await lockCode(work.tx, caseId);
      if (!row || work.now >= row.expires_at || row.tries >= TRIES) throw new Refusal('expired', 'no code holds');
      if (same(given, keys.unseal(row.sealed, sealContext(caseId)).open())) {
        await forgetCode(work.tx, caseId);
        record(work, caseId, { kind: 'identity.code-held' });
        return { held: true, customerId: row.customer_id, vip: row.vip };
      }
      const tries = row.tries + 1;
      await updateCode(work.tx, caseId, { tries });
      record(work, caseId, { kind: 'identity.code-wrong', data: { triesLeft: TRIES - tries } });
      return { held: false, triesLeft: TRIES - tries };
    },

    async of(caseId) {
      const row = await codeOf(database, caseId);
      if (!row) return null;
      return {
        customerId: row.customer_id,
        sentTo: row.sent_to,
        sentAt: row.sent_at,
        expiresAt: row.expires_at,
        triesLeft: TRIES - row.tries,
      };
    },
  };
}
