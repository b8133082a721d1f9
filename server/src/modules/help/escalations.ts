import { randomUUID } from 'node:crypto';
import type { Keys } from '../../kernel/crypto.ts';
import type { Database } from '../../kernel/db.ts';
import type { Work } from '../../kernel/work.ts';
import { insertEscalation, joinEscalation, lastEscalation } from './escalations.store.ts';
import type { Escalations } from './index.ts';

type EscalationFact = {
  kind: 'help.escalated' | 'help.escalation-joined';
  about: { kioskId: string; branchId: string; caseId: string };
  data: { consented: boolean; noted: boolean };
};

const context = (id: string) => `escalation:${id}:note`;

/** See `Escalations` for each one's contract. */
export function createEscalations({ database, keys }: { database: Database; keys: Keys }): Escalations {
  const record = (work: Work, fact: EscalationFact) => work.record(fact);
  return {
    async escalate(work, { caseId, kioskId, branchId, staffId, note, consented }) {
      const id = randomUUID();
      await insertEscalation(work.tx, {
        id,
        case_id: caseId,
        kiosk_id: kioskId,
        branch_id: branchId,
        staff_id: staffId,
        note: note ? keys.seal(note, context(id)) : null,
        made_at: work.now,
        joined_at: consented ? work.now : null,
      });
      const data = { consented, noted: note !== '' };
      record(work, { kind: 'help.escalated', about: { kioskId, branchId, caseId }, data });
    },
    async escalationConsented(work, where) {
      const row = await joinEscalation(work.tx, where, work.now);
      if (!row) return false;
      const about = { ...where, branchId: row.branch_id };
      record(work, { kind: 'help.escalation-joined', about, data: { consented: true, noted: row.note !== null } });
      return true;
    },
    async escalationOf(caseId, reader = database) {
      const row = await lastEscalation(reader, caseId);
      if (!row) return null;
      const note = row.note ? keys.unseal(row.note, context(row.id)).open() : '';
      return { staffId: row.staff_id, note, madeAt: row.made_at, joinedAt: row.joined_at };
    },
  };
}
