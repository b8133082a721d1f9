import { randomUUID } from 'node:crypto';
import type { Database } from '../../kernel/db.ts';
import { Refusal } from '../../kernel/errors.ts';
import type { Work } from '../../kernel/work.ts';
import { insertHelp, lockHelp, openHelpOfBranch, openHelpOfKiosk, updateHelp, type HelpRow } from './help.store.ts';

export type HelpFact = {
  kind: 'help.called' | 'help.coming' | 'help.closed';
  about: { helpId: string; kioskId: string; branchId: string };
};
export type HelpBrief = {
  helpId: string;
  kioskId: string;
  calledAt: number;
  state: 'called' | 'coming';
  since: number;
  staffId: string | null;
};

/** Customers' calls for branch staff to come to the kiosk. */
export type Help = {
  call(work: Work, who: { kioskId: string; branchId: string }): Promise<string>;
  /** By the customer who no longer needs it; `not-found` for another kiosk's. */
  cancel(work: Work, who: { kioskId: string }, helpId: string): Promise<void>;
  /** `wrong-state` when a colleague is on the way or it is closed; `not-found` for another branch's. */
  answer(work: Work, who: { staffId: string; branchId: string }, helpId: string): Promise<void>;
  close(work: Work, who: { branchId: string }, helpId: string): Promise<void>;
  ofKiosk(kioskId: string): Promise<HelpBrief | null>;
  ofBranch(branchId: string): Promise<HelpBrief[]>;
};

export const helpSchema = { schema: 'help', dir: new URL('./migrations/', import.meta.url) };

const briefOf = (row: HelpRow): HelpBrief => ({
  helpId: row.id,
  kioskId: row.kiosk_id,
  calledAt: row.called_at,
  state: row.state === 'coming' ? 'coming' : 'called',
  since: row.since,
  staffId: row.staff_id,
});

export function openHelp({ database }: { database: Database }): Help {
  const record = (work: Work, row: HelpRow, kind: HelpFact['kind']) => {
    const fact: HelpFact = { kind, about: { helpId: row.id, kioskId: row.kiosk_id, branchId: row.branch_id } };
    work.record(fact);
  };
  const mine = async (work: Work, helpId: string, holds: (row: HelpRow) => boolean) => {
    const row = await lockHelp(work.tx, helpId);
    if (!row || !holds(row)) throw new Refusal('not-found', 'no such call for help');
    return row;
  };
  const shut = async (work: Work, row: HelpRow) => {
    if (row.state === 'closed') return;
    await updateHelp(work.tx, row.id, { state: 'closed', since: work.now });
    record(work, row, 'help.closed');
  };

  return {
    async call(work, { kioskId, branchId }) {
      const open = await openHelpOfKiosk(work.tx, kioskId);
      if (open) return open.id;
      const row: HelpRow = {
        id: randomUUID(),
        kiosk_id: kioskId,
        branch_id: branchId,
        state: 'called',
        called_at: work.now,
        since: work.now,
        staff_id: null,
      };
      await insertHelp(work.tx, row);
      record(work, row, 'help.called');
      return row.id;
    },
    async cancel(work, { kioskId }, helpId) {
      await shut(work, await mine(work, helpId, (row) => row.kiosk_id === kioskId));
    },
    async answer(work, { staffId, branchId }, helpId) {
      const row = await mine(work, helpId, (one) => one.branch_id === branchId);
      if (row.state === 'coming' && row.staff_id === staffId) return;
      if (row.state !== 'called') throw new Refusal('wrong-state', 'somebody is on the way, or it is closed');
      await updateHelp(work.tx, row.id, { state: 'coming', since: work.now, staff_id: staffId });
      record(work, row, 'help.coming');
    },
    async close(work, { branchId }, helpId) {
      await shut(work, await mine(work, helpId, (row) => row.branch_id === branchId));
    },
    async ofKiosk(kioskId) {
      const row = await openHelpOfKiosk(database, kioskId);
      return row ? briefOf(row) : null;
    },
    ofBranch: async (branchId) => (await openHelpOfBranch(database, branchId)).map(briefOf),
  };
}
