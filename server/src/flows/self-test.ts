import type { KioskHealth } from '@openvtm/protocol';
import { Refusal } from '../kernel/errors.ts';
import type { Handlers } from '../kernel/handler.ts';
import { customerAt } from './call-agent.ts';
import type { Parts } from './parts.ts';

/** A device tests itself: a kiosk when its branch's staff want it and nobody is there, a desk when its agent does. */
export function selfTest({ cases, kiosks, selfTests }: Pick<Parts, 'cases' | 'kiosks' | 'selfTests'>) {
  return {
    'self-test:ask': async ({ caller, work }, { kioskId }) => {
      const kiosk = await kiosks.view(kioskId);
      if (!kiosk || kiosk.kind === 'phone' || kiosk.branchId !== caller.branchId)
        throw new Refusal('not-found', 'no kiosk of this branch');
      if (await cases.kioskView(kioskId)) throw new Refusal('wrong-state', 'a customer is at this kiosk');
      await selfTests.ask(work, { kioskId, branchId: kiosk.branchId });
      return {};
    },
    'self-test:stop': async ({ caller, work }) => {
      await selfTests.stop(work, caller.id);
      return {};
    },
    'self-test:keep': async ({ caller, work }, { results }) => {
      const device =
        caller.kind === 'kiosk' ? { kioskId: caller.id, branchId: caller.branchId } : { staffId: caller.id };
      await selfTests.keep(work, device, results);
      return {};
    },
  } satisfies Partial<Handlers>;
}

/** The kiosks of a branch, how they are, and who is at them. */
export async function kiosksOfBranch(
  needs: Pick<Parts, 'calls' | 'cases' | 'clock' | 'help' | 'kiosks' | 'selfTests' | 'services' | 'staff'>,
  branchId: string,
): Promise<KioskHealth[]> {
  const { clock, kiosks, selfTests } = needs;
  const all = await kiosks.ofBranch(branchId);
  const ids = all.map(({ kioskId }) => kioskId);
  const [asked, last, customers] = await Promise.all([
    selfTests.asked(ids, clock()),
    selfTests.last(ids),
    Promise.all(ids.map((kioskId) => customerAt(needs, kioskId))),
  ]);
  return all.map(({ kioskId, name }, i) => ({
    kioskId,
    name,
    askedAt: asked.get(kioskId) ?? null,
    last: last.get(kioskId) ?? null,
    customer: customers[i] ?? null,
  }));
}
