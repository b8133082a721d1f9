import type { QueueRules, RulesFlaw } from '@openvtm/protocol';
import type { Database, Queryable } from '../../kernel/db.ts';
import { Refusal } from '../../kernel/errors.ts';
import type { Work } from '../../kernel/work.ts';
import { checkRules, readRules, SHIPPED_NAME, shippedText } from './rules-file.ts';
import type { Asked } from './rules-flaws.ts';
import { insertRules, lastRules, rulesVersion } from './rules.store.ts';

/** Rules with the version that they are; 0 is what was shipped. */
export type InForce = { version: number; rules: QueueRules };
/** The same, as somebody wrote them. */
export type Written = { version: number; text: string; at: number | null; byStaffId: string | null };

export type RulesInForce = {
  /** The rules that hold in this transaction, or now. */
  inForce(reader: Queryable): Promise<InForce>;
  rulesWritten(): Promise<Written>;
  /**
   * Puts rules in force in the place of version `basedOn`, at once and for every process. Answers what is wrong with
   * them, and then the old ones stay; `conflict` when others were put in force meanwhile.
   */
  changeRules(
    work: Work,
    change: { text: string; basedOn: number; staffId: string; asked: Asked },
  ): Promise<{ version: number } | { flaws: RulesFlaw[] }>;
};

export function createRulesInForce({ database }: { database: Database }): RulesInForce {
  let read: InForce | null = null;

  return {
    async inForce(reader) {
      const version = await rulesVersion(reader);
      if (read?.version === version) return read;
      const row = version === 0 ? undefined : await lastRules(reader);
      // A service that came later and asks for an unknown skill is no reason to stop the queue.
      read = { version: row?.version ?? 0, rules: readRules(SHIPPED_NAME, row?.text ?? shippedText(), []) };
      return read;
    },

    async rulesWritten() {
      const row = await lastRules(database);
      return row
        ? { version: row.version, text: row.text, at: row.at, byStaffId: row.by_staff }
        : { version: 0, text: shippedText(), at: null, byStaffId: null };
    },

    async changeRules(work, { text, basedOn, staffId, asked }) {
      const checked = checkRules(text, asked);
      if ('flaws' in checked) return checked;
      if ((await rulesVersion(work.tx)) !== basedOn) throw new Refusal('conflict', 'other rules are in force by now');
      const version = basedOn + 1;
      const row = { version, text, at: work.now, by_staff: staffId };
      if (!(await insertRules(work.tx, row))) throw new Refusal('conflict', 'other rules are in force by now');
      work.record({ kind: 'queue.rules-changed', about: { staffId }, data: { version } });
      return { version };
    },
  };
}
