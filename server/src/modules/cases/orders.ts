import { Refusal } from '../../kernel/errors.ts';
import { lockCase, saveStepDone, updateCase, valuesOf } from './cases.store.ts';
import { sealContext } from './cases.ts';
import { findsCustomer } from './devices.ts';
import type { Cases, CasesNeeds } from './index.ts';

/** What an agent has the bank's core do in a call; see `Cases` for each one's contract. */
export function createOrders({ keys, services }: CasesNeeds): Pick<Cases, 'toOrder' | 'orderedFor'> {
  return {
    async toOrder(work, caseId) {
      const row = await lockCase(work.tx, caseId);
      if (row?.at !== 'confirmed') throw new Refusal('wrong-state', 'the customer has not confirmed it');
      const service = services.get(row.service_id);
      const step = service.steps.find(({ kind }) => kind === 'carry-out');
      if (step?.kind !== 'carry-out') throw new Refusal('wrong-state', 'the service carries nothing out');
      if (!findsCustomer(service)) throw new Refusal('wrong-state', 'the form does not say who the customer is');
      const values = await valuesOf(work.tx, caseId);
      const data = Object.fromEntries(
        values.map(({ name, sealed }) => [name, keys.unseal(sealed, sealContext(caseId, name)).open()]),
      );
      return { operation: step.operation, data, who: { idNumber: data.idNumber ?? '', name: data.fullName ?? '' } };
    },

    async orderedFor(work, caseId, { customerId, staffId }) {
      const row = await lockCase(work.tx, caseId);
      if (row?.at !== 'confirmed') throw new Refusal('wrong-state', 'the customer has not confirmed it');
      await updateCase(work.tx, caseId, { customer_id: customerId });
      const step = services.get(row.service_id).steps.find(({ kind }) => kind === 'carry-out');
      if (step) await saveStepDone(work.tx, { case_id: caseId, step: step.id, done_by: staffId, at: work.now });
    },
  };
}
