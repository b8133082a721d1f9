import type { Keys } from '../../kernel/crypto.ts';
import type { Database } from '../../kernel/db.ts';
import { Refusal } from '../../kernel/errors.ts';
import type { Secret } from '../../kernel/secret.ts';
import type { Work } from '../../kernel/work.ts';
import type { CallBackState } from './callback-state.ts';
import {
  askedOfBranch,
  casesAsked,
  lockAskedOfCase,
  lockCallBack,
  saveCallBack,
  updateCallBack,
  type CallBackRow,
} from './callbacks.store.ts';

export { keptUntil } from './callback-state.ts';

export type CallBackFact = {
  kind: 'callback.asked' | 'callback.called' | 'callback.expired';
  about: { ticketId: string; caseId: string; branchId: string };
  data?: { keptUntil: number } | { reached: boolean };
};
export type CallBackAsked = { phone: Secret; calledAt: number | null; reached: boolean | null };

/** Customers who went away from the queue, and the numbers by which they are called: kept no longer than somebody may call. */
export type CallBacks = {
  /** The ticket's customer is to be called; asked again after being back: anew. */
  ask(
    work: Work,
    wish: { ticketId: string; caseId: string; branchId: string; phone: string; until: number },
  ): Promise<void>;
  /** Somebody called. `not-found` for another branch's, `wrong-state` when nobody is to be called any more. */
  called(
    work: Work,
    who: { staffId: string; branchId: string },
    call: { ticketId: string; reached: boolean },
  ): Promise<void>;
  /** The case's customer is at a kiosk again: nobody has to call, and the number is erased. */
  back(work: Work, caseId: string): Promise<void>;
  /** The case is over: the number is erased. */
  end(work: Work, caseId: string): Promise<void>;
  /** The kept time is over: the number is erased. */
  expire(work: Work, caseId: string): Promise<void>;
  /** The cases whose customers are to be called. */
  asked(): Promise<string[]>;
  /** Those of a branch with their numbers, by ticket. */
  ofBranch(branchId: string): Promise<Map<string, CallBackAsked>>;
};

export const callbacksSchema = { schema: 'callbacks', dir: new URL('./migrations/', import.meta.url) };

/** Binds a sealed number to its ticket: moved to another row it no longer opens. */
const sealContext = (ticketId: string) => `call-back:${ticketId}`;

export function openCallBacks({ database, keys }: { database: Database; keys: Keys }): CallBacks {
  const record = (work: Work, row: CallBackRow, { kind, data }: Pick<CallBackFact, 'kind' | 'data'>) => {
    const { ticket_id: ticketId, case_id: caseId, branch_id: branchId } = row;
    const fact: CallBackFact = { kind, about: { ticketId, caseId, branchId }, ...(data ? { data } : {}) };
    work.record(fact);
  };
  const askedOf = (row: CallBackRow, phone: Buffer): CallBackAsked => ({
    phone: keys.unseal(phone, sealContext(row.ticket_id)),
    calledAt: row.called_at,
    reached: row.reached,
  });
  const close = async (work: Work, caseId: string, state: Exclude<CallBackState, 'asked'>) => {
    for (const row of await lockAskedOfCase(work.tx, caseId)) {
      await updateCallBack(work.tx, row.ticket_id, { state, phone: null });
      if (state === 'expired') record(work, row, { kind: 'callback.expired' });
    }
  };

  return {
    async ask(work, { ticketId, caseId, branchId, phone, until }) {
      const row: CallBackRow = {
        ticket_id: ticketId,
        case_id: caseId,
        branch_id: branchId,
        state: 'asked',
        phone: keys.seal(phone, sealContext(ticketId)),
        asked_at: work.now,
        kept_until: until,
        called_at: null,
        called_by: null,
        reached: null,
      };
      await saveCallBack(work.tx, row);
      record(work, row, { kind: 'callback.asked', data: { keptUntil: until } });
    },
    async called(work, { staffId, branchId }, { ticketId, reached }) {
      const row = await lockCallBack(work.tx, ticketId);
      if (!row || row.branch_id !== branchId) throw new Refusal('not-found', 'no such call-back');
      if (row.state !== 'asked') throw new Refusal('wrong-state', 'nobody is to be called any more');
      await updateCallBack(work.tx, ticketId, { called_at: work.now, called_by: staffId, reached });
      record(work, row, { kind: 'callback.called', data: { reached } });
    },
    back: (work, caseId) => close(work, caseId, 'back'),
    end: (work, caseId) => close(work, caseId, 'ended'),
    expire: (work, caseId) => close(work, caseId, 'expired'),
    asked: async () => (await casesAsked(database)).map((row) => row.case_id),
    async ofBranch(branchId) {
      const rows = await askedOfBranch(database, branchId);
      return new Map(rows.flatMap((row) => (row.phone ? [[row.ticket_id, askedOf(row, row.phone)]] : [])));
    },
  };
}
