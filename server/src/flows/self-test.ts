import type { KioskHealth } from '@openvtm/protocol';
import { Refusal } from '../kernel/errors.ts';
import type { Handlers } from '../kernel/handler.ts';
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

/** The kiosks of a branch and how they are. */
export async function kiosksOfBranch(
  { clock, kiosks, selfTests }: Pick<Parts, 'clock' | 'kiosks' | 'selfTests'>,
  branchId: string,
): Promise<KioskHealth[]> {
  const all = await kiosks.ofBranch(branchId);
  const ids = all.map(({ kioskId }) => kioskId);
  const [asked, last] = await Promise.all([selfTests.asked(ids, clock()), selfTests.last(ids)]);
  return all.map(({ kioskId, name }) => ({
    kioskId,
    name,
    askedAt: asked.get(kioskId) ?? null,
    last: last.get(kioskId) ?? null,
  }));
}
