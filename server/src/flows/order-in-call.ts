import type { Handlers } from '../kernel/handler.ts';
import type { Works } from '../kernel/work.ts';
import type { Parts } from './parts.ts';
import { requireSeconded } from './second-review.ts';
import { requireInCall } from './serve-case.ts';

/**
 * An agent has the core do what the customer confirmed: who the customer is at the bank is asked first, outside of any
 * transaction, and what is ordered is what the form says.
 */
export function orderInCall(needs: Pick<Parts, 'calls' | 'cases' | 'core' | 'documents'>, works: Works) {
  const { cases, core } = needs;
  return {
    'case:carry-out': async ({ caller }, { caseId }) => {
      const by = { kind: caller.kind, id: caller.id };
      const asked = await works.change(by, async (work) => {
        await requireInCall(needs, work, { caller, caseId });
        await requireSeconded(needs, work, caseId);
        return cases.toOrder(work, caseId);
      });
      const customer = await core.findCustomer(asked.who);
      if (!customer) return { found: false };
      const { customerId } = customer;
      await works.change(by, async (work) => {
        await requireInCall(needs, work, { caller, caseId });
        const { operation, data } = await cases.toOrder(work, caseId);
        await cases.orderedFor(work, caseId, { customerId, staffId: caller.id });
        await core.order(work, { caseId, operation, customerId, data });
      });
      return { found: true };
    },
  } satisfies Partial<Handlers>;
}
