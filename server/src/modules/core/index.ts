import { randomUUID } from 'node:crypto';
import type { Keys } from '../../kernel/crypto.ts';
import type { Database } from '../../kernel/db.ts';
import type { Work, Works } from '../../kernel/work.ts';
import { CoreAway, type CoreConnector } from './connector.ts';
import type { CoreOutcome } from './contract.ts';
import {
  insertInstruction,
  instructionsOf,
  lockInstruction,
  takeDue,
  updateInstruction,
  type InstructionRow,
} from './core.store.ts';
import { LEASE_MS, nextInstruction, type InstructionState } from './instruction-state.ts';

export { CoreAway, createCoreConnector, noCore, type CoreConnector } from './connector.ts';
export { startCoreSimulator, type CoreSimulator } from './simulator/index.ts';
export type { CoreAccount, CoreProduct, CoreProfile } from './contract.ts';
export type { InstructionState } from './instruction-state.ts';

export type CoreFact = {
  kind: 'core.ordered' | 'core.done' | 'core.refused' | 'core.unanswered' | 'core.stuck';
  about: { instructionId: string; caseId: string };
  data: { operation: string; attempts: number; reference?: string; reason?: string };
};
export type InstructionView = {
  instructionId: string;
  caseId: string;
  operation: string;
  orderedAt: number;
  settledAt: number | null;
  state: InstructionState;
};
export type Order = { caseId: string; operation: string; customerId: string; data: Record<string, string> };

/** The bank's core, and what cases ordered from it: each instruction is carried out once, whatever dies in between. */
export type Core = Pick<CoreConnector, 'findCustomer' | 'customer' | 'accounts' | 'products' | 'sendText'> & {
  /** Ordering the same of a case again gives the same instruction. */
  order(work: Work, order: Order): Promise<{ instructionId: string }>;
  of(caseId: string): Promise<InstructionView[]>;
  /** Asks the core for one that is due, outside of any transaction; null: none is. `settled` runs in the change that keeps the outcome. */
  carryOutNext(
    works: Works,
    settled: (work: Work, view: InstructionView) => Promise<void>,
  ): Promise<InstructionView | null>;
};

export const coreSchema = { schema: 'core', dir: new URL('./migrations/', import.meta.url) };

const sealContext = (id: string) => `core:${id}`;

function stateOf(row: InstructionRow): InstructionState {
  switch (row.at) {
    case 'due':
      return { at: 'due', nextAt: row.due_at ?? 0, attempts: row.attempts };
    case 'asking':
      return { at: 'asking', until: row.due_at ?? 0, attempts: row.attempts };
    case 'done':
      return { at: 'done', reference: row.reference ?? '', facts: row.facts ?? {} };
    case 'refused':
      return { at: 'refused', reason: row.reason ?? '' };
    case 'stuck':
      return { at: 'stuck', attempts: row.attempts };
    default:
      return row.at satisfies never;
  }
}

const columnsOf = (state: InstructionState, now: number): Partial<InstructionRow> => ({
  at: state.at,
  due_at: state.at === 'due' ? state.nextAt : state.at === 'asking' ? state.until : null,
  reference: state.at === 'done' ? state.reference : null,
  facts: state.at === 'done' ? state.facts : null,
  reason: state.at === 'refused' ? state.reason : null,
  settled_at: state.at === 'done' || state.at === 'refused' ? now : null,
});

const viewOf = (row: InstructionRow, state = stateOf(row)): InstructionView => ({
  instructionId: row.id,
  caseId: row.case_id,
  operation: row.operation,
  orderedAt: row.ordered_at,
  settledAt: row.settled_at,
  state,
});

export function openCore(needs: { database: Database; keys: Keys; connector: CoreConnector }): Core {
  const { database, keys, connector } = needs;

  const record = (work: Work, row: InstructionRow, kind: CoreFact['kind'], extra: Partial<CoreFact['data']> = {}) => {
    const { id, case_id: caseId, operation, attempts } = row;
    const fact: CoreFact = { kind, about: { instructionId: id, caseId }, data: { operation, attempts, ...extra } };
    work.record(fact);
  };

  /** The core's answer, or null when none came that can be understood. */
  const ask = async (row: InstructionRow): Promise<CoreOutcome | null> => {
    const data = JSON.parse(keys.unseal(row.data, sealContext(row.id)).open()) as Record<string, string>;
    try {
      return await connector.carryOut({
        instructionId: row.id,
        operation: row.operation,
        customerId: row.customer_id,
        data,
      });
    } catch (error) {
      if (error instanceof CoreAway) return null;
      throw error;
    }
  };

  return {
    findCustomer: (by) => connector.findCustomer(by),
    customer: (customerId) => connector.customer(customerId),
    accounts: (customerId) => connector.accounts(customerId),
    products: (customerId) => connector.products(customerId),
    sendText: (message) => connector.sendText(message),

    async order(work, { caseId, operation, customerId, data }) {
      const id = randomUUID();
      const row: InstructionRow = {
        id,
        case_id: caseId,
        operation,
        customer_id: customerId,
        data: keys.seal(JSON.stringify(data), sealContext(id)),
        ordered_at: work.now,
        at: 'due',
        due_at: work.now,
        attempts: 0,
        reference: null,
        facts: null,
        reason: null,
        settled_at: null,
      };
      if (await insertInstruction(work.tx, row)) {
        record(work, row, 'core.ordered');
        return { instructionId: id };
      }
      const known = (await instructionsOf(work.tx, caseId)).find((one) => one.operation === operation);
      return { instructionId: known?.id ?? id };
    },

    of: async (caseId) => (await instructionsOf(database, caseId)).map((row) => viewOf(row)),

    async carryOutNext(works, settled) {
      const taken = await works.bySystem((work) => takeDue(work.tx, { now: work.now, until: work.now + LEASE_MS }));
      if (!taken) return null;
      const outcome = await ask(taken);
      return works.bySystem(async (work) => {
        const row = (await lockInstruction(work.tx, taken.id)) ?? taken;
        const before = stateOf(row);
        const after = nextInstruction(
          before,
          outcome
            ? { is: 'answered', outcome }
            : { is: 'unanswered', jitter: Math.random(), orderedAt: row.ordered_at },
          work.now,
        );
        // Somebody else has it by now, or it is settled: a late answer that says nothing new changes nothing.
        if (after === before || (!outcome && row.attempts !== taken.attempts)) return viewOf(row);
        await updateInstruction(work.tx, row.id, columnsOf(after, work.now));
        const view = viewOf(row, after);
        if (after.at === 'done') record(work, row, 'core.done', { reference: after.reference });
        else if (after.at === 'refused') record(work, row, 'core.refused', { reason: after.reason });
        else record(work, row, after.at === 'stuck' ? 'core.stuck' : 'core.unanswered');
        if (after.at === 'done' || after.at === 'refused' || after.at === 'stuck') await settled(work, view);
        return view;
      });
    },
  };
}
