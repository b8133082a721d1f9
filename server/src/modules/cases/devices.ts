import { fieldsOf, type CaseId, type Service } from '@openvtm/protocol';
import { Refusal } from '../../kernel/errors.ts';
import type { Work } from '../../kernel/work.ts';
import type { CaseFact } from './cases-facts.ts';
import {
  caseById,
  closedCasesAmong,
  lockCase,
  openCaseOfKiosk,
  removeStepsDone,
  updateCase,
  type CaseRow,
} from './cases.store.ts';
import { sealContext } from './cases.ts';
import type { Cases, CasesNeeds } from './index.ts';

/** The steps whose being done says who stood there, and all that came after. */
function stepsFromIdentify({ steps }: Service): string[] {
  const from = steps.findIndex(({ kind }) => kind === 'identify');
  return from < 0 ? [] : steps.slice(from).map(({ id }) => id);
}

/** A case on its way from device to device; see `Cases` for each one's contract. */
export function createDevices({
  database,
  keys,
  services,
}: CasesNeeds): Pick<Cases, 'moveTo' | 'captureStep' | 'followView' | 'openAt' | 'closedAmong'> {
  return {
    async moveTo(work, caseId, { kioskId, device, provedStays }) {
      const row = await lockCase(work.tx, caseId);
      if (!row || (row.at !== 'consent' && row.at !== 'alone')) return false;
      const anew = provedStays ? [] : stepsFromIdentify(services.get(row.service_id));
      if (anew.length > 0) await removeStepsDone(work.tx, row.id, anew);
      await updateCase(work.tx, row.id, {
        kiosk_id: kioskId,
        device,
        since: work.now,
        absent_since: null,
        ...(provedStays ? {} : { customer_id: null, vip: false, known_fetched_at: null }),
      });
      // Told for both devices: one loses its screen, the other gets it.
      for (const one of new Set([row.kiosk_id, kioskId]))
        record(work, { ...row, kiosk_id: one }, { kind: 'case.handed-over', data: { to: kioskId, device } });
      return true;
    },

    async captureStep(work, caseId, stepId) {
      const row = await lockCase(work.tx, caseId);
      if (row?.at !== 'alone') throw new Refusal('wrong-state', 'nothing is photographed alone here');
      const step = services.get(row.service_id).steps.find(({ id }) => id === stepId);
      return step?.kind === 'capture' ? { document: step.document, camera: step.camera } : null;
    },

    closedAmong: async (ids) => (ids.length === 0 ? [] : (await closedCasesAmong(database, ids)).map(({ id }) => id)),

    async openAt(kioskId) {
      const row = await openCaseOfKiosk(database, kioskId);
      return row ? { caseId: row.id as CaseId, serviceId: row.service_id, at: row.at, since: row.since } : null;
    },

    async followView(caseId) {
      const row = await caseById(database, caseId);
      if (!row) return null;
      const { title, icon } = services.get(row.service_id);
      const summary = row.summary && keys.unseal(row.summary, sealContext(row.id, 'summary')).open();
      return { kioskId: row.kiosk_id, at: row.at, since: row.since, service: { title, icon }, summary };
    },
  };
}

function record(work: Work, row: CaseRow, what: Omit<CaseFact, 'about'>): void {
  const fact: CaseFact = { ...what, about: { caseId: row.id, kioskId: row.kiosk_id } };
  work.record(fact);
}

/** What the core finds a customer by, where the form asks for it. */
export function findsCustomer({ form }: Service): boolean {
  const names = new Set(fieldsOf(form).map(({ name }) => name));
  return names.has('idNumber') && names.has('fullName');
}
