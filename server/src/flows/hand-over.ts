import type { CaseId, FollowedCase, HandoverOutcome } from '@openvtm/protocol';
import { Refusal } from '../kernel/errors.ts';
import type { Handlers, KioskCaller } from '../kernel/handler.ts';
import type { Work } from '../kernel/work.ts';
import { takeAppointment } from './check-in.ts';
import { continueCase, MOVABLE } from './continue-case.ts';
import type { Parts } from './parts.ts';
import { shownAhead, takeAhead } from './send-ahead.ts';
import { receiptOf } from './show-step.ts';

type Needs = Pick<
  Parts,
  | 'appointments'
  | 'callbacks'
  | 'calls'
  | 'cases'
  | 'core'
  | 'documents'
  | 'handovers'
  | 'kiosks'
  | 'queue'
  | 'recalls'
  | 'reviews'
  | 'services'
>;

/**
 * A case goes on at another device, with everything that was entered. A one-time code brings it; the device before can't
 * change it any more; who stands there is proved anew, unless all that needed the proof is done.
 */
export function handOver(needs: Needs) {
  const { cases, handovers } = needs;
  return {
    'handover:offer': async ({ caller, work }, { caseId, purpose }) => {
      const { at } = await cases.ofKiosk(work, caller.id, caseId);
      if (at === 'closed' || (purpose === 'continue' && !MOVABLE.has(at)))
        throw new Refusal('wrong-state', `a case that is ${at} does not move`);
      const { branchId } = caller;
      const { code, expiresAt } = await handovers.offer(work, { caseId, kioskId: caller.id, branchId, purpose });
      return { code, expiresInMs: expiresAt - work.now };
    },
    'handover:take': async ({ caller, work }, { code }) => {
      if (await needs.calls.activeIn(work, { kioskId: caller.id }))
        throw new Refusal('wrong-state', 'a call is running');
      const taken = await handovers.take(work, {
        code,
        kioskId: caller.id,
        branchId: caller.branchId,
        onPhone: caller.device === 'phone',
      });
      if (taken.is === 'elsewhere') return { is: 'elsewhere', branch: await branchName(needs, taken.branchId) };
      if (taken.is === 'appointment')
        return takeAppointment(needs, work, { caller, appointmentId: taken.appointmentId });
      if (taken.is === 'ahead') return takeAhead(needs, work, { caller, caseId: taken.caseId });
      if (taken.is !== 'held') return taken;
      return taken.purpose === 'continue'
        ? continueHere(needs, work, caller, taken)
        : followHere(needs, work, caller, taken);
    },
    'handover:forget': async ({ caller, work }, { caseId }) => {
      await handovers.forget(work, { kioskId: caller.id, caseId });
      return {};
    },
  } satisfies Partial<Handlers>;
}

async function branchName({ kiosks }: Pick<Parts, 'kiosks'>, branchId: string) {
  return (await kiosks.branch(branchId)) ?? { 'zh-CN': '', en: '' };
}

type Code = { caseId: string; fromKioskId: string };

async function continueHere(needs: Needs, work: Work, caller: KioskCaller, code: Code): Promise<HandoverOutcome> {
  const moved = await continueCase(needs, work, { caller, ...code });
  // On a phone the customer is still to be called; at a kiosk not any more.
  if (moved && caller.device !== 'phone') await needs.callbacks.back(work, code.caseId);
  return moved ? { is: 'taken', caseId: code.caseId as CaseId } : { is: 'closed' };
}

async function followHere(
  { cases, handovers }: Needs,
  work: Work,
  caller: KioskCaller,
  { caseId }: Code,
): Promise<HandoverOutcome> {
  if (caller.device !== 'phone') throw new Refusal('not-allowed', 'only a phone follows a case');
  if (!(await cases.followView(caseId))) return { is: 'closed' };
  await handovers.follow(work, { kioskId: caller.id, caseId });
  return { is: 'following', caseId: caseId as CaseId };
}

/** What a device shows of the case that it follows: how far it is, and the receipt; nothing that was entered. */
export async function followedCase(
  needs: Pick<Parts, 'cases' | 'core' | 'coreSimulator' | 'documents' | 'handovers' | 'kiosks' | 'reviews'>,
  kioskId: string,
): Promise<FollowedCase | null> {
  const followed = await needs.handovers.followedBy(kioskId);
  if (!followed) return null;
  const view = await needs.cases.followView(followed.caseId);
  // A case that came back to this device is shown as its own.
  if (!view || (view.kioskId === kioskId && view.at !== 'closed')) return null;
  const { caseId } = followed;
  const [device, ahead] = await Promise.all([needs.kiosks.view(view.kioskId), shownAhead(needs, { caseId, kioskId })]);
  if (!device && !ahead) return null;
  return {
    caseId: followed.caseId as CaseId,
    service: view.service,
    at: view.at,
    device: device && { name: device.name, kind: device.kind },
    branch: device && device.branch,
    since: view.since,
    receipt: await receiptOf(needs, followed.caseId, view.summary),
    ahead,
  };
}
