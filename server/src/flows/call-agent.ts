import type { AgentCalled, CallId, Escalation, KioskCustomer } from '@openvtm/protocol';
import { Refusal } from '../kernel/errors.ts';
import type { Handlers } from '../kernel/handler.ts';
import type { Work } from '../kernel/work.ts';
import type { CaseBrief } from '../modules/cases/index.ts';
import type { EscalationBrief } from '../modules/help/index.ts';
import { putInQueue } from './join-queue.ts';
import type { Parts } from './parts.ts';

type Needs = Pick<Parts, 'appointments' | 'calls' | 'cases' | 'help' | 'kiosks' | 'queue' | 'services' | 'staff'>;

const IN_CALL: ReadonlySet<CaseBrief['at']> = new Set(['serving', 'confirming', 'confirmed']);

/** Whether an escalation is what a case consents or waits for just now, and not an earlier wait of it. */
const isUnderWay = ({ joinedAt }: EscalationBrief, { at, since }: Pick<CaseBrief, 'at'> & { since: number }): boolean =>
  at === 'consent' ? joinedAt === null : at === 'waiting' && joinedAt === since;

/** Who of the branch's staff has an agent called for the case at a kiosk, and since when; null: nobody, or not now. */
async function callingAt(
  { cases, help, staff }: Pick<Parts, 'cases' | 'help' | 'staff'>,
  kioskId: string,
): Promise<KioskCustomer['calling']> {
  const open = await cases.openAt(kioskId);
  const escalation = open && (await help.escalationOf(open.caseId));
  if (!escalation || !isUnderWay(escalation, open)) return null;
  const by = (await staff.names([escalation.staffId])).get(escalation.staffId) ?? '';
  return { by, since: escalation.madeAt };
}

/** The same for the kiosk's own screen. */
export const calledAt = async (needs: Pick<Parts, 'cases' | 'help' | 'staff'>, kioskId: string) =>
  (await callingAt(needs, kioskId))?.by ?? null;

/** Who is at a kiosk of the branch, and how far; null: nobody. */
export async function customerAt(
  needs: Pick<Parts, 'calls' | 'cases' | 'help' | 'services' | 'staff'>,
  kioskId: string,
): Promise<KioskCustomer | null> {
  const open = await needs.cases.openAt(kioskId);
  if (!open) return null;
  const [calling, call] = await Promise.all([callingAt(needs, kioskId), needs.calls.activeOf({ kioskId })]);
  const { caseId, at, serviceId } = open;
  const callId = call?.caseId === caseId ? (call.callId satisfies CallId) : null;
  return { caseId, at, service: needs.services.get(serviceId).title, calling, callId };
}

/** Who had an agent called for a case, and with which words, for that agent; null: nobody had. */
export async function showEscalation(
  { help, staff }: Pick<Parts, 'help' | 'staff'>,
  caseId: string,
): Promise<Escalation | null> {
  const escalation = await help.escalationOf(caseId);
  if (!escalation || escalation.joinedAt === null) return null;
  return { by: (await staff.names([escalation.staffId])).get(escalation.staffId) ?? '', note: escalation.note };
}

/** The customer has agreed: a case that branch staff had an agent called for joins the queue in the same breath. */
export async function joinOnConsent(
  needs: Needs,
  work: Work,
  where: { caseId: string; kioskId: string; branchId: string },
): Promise<void> {
  const { caseId, kioskId } = where;
  if (await needs.help.escalationConsented(work, { caseId, kioskId })) await putInQueue(needs, work, where);
}

/** Branch staff who stand beside a customer have a remote agent called for the case, as the customer could. */
export function callAgent(needs: Needs) {
  const { cases, help, kiosks, queue, services, staff } = needs;

  /** Another one, or the same once more: what the first had done stands. */
  const already = async (
    work: Work,
    { caseId, at }: CaseBrief,
    { since, staffId }: { since: number; staffId: string },
  ): Promise<AgentCalled | null> => {
    const before = await help.escalationOf(caseId, work.tx);
    const underWay = before && isUnderWay(before, { at, since }) ? before : null;
    if (underWay?.staffId === staffId) return { is: at === 'waiting' ? 'waiting' : 'asked' };
    if (!underWay) return at === 'waiting' ? { is: 'already', by: null } : null;
    return { is: 'already', by: (await staff.names([underWay.staffId])).get(underWay.staffId) ?? '' };
  };

  return {
    'help:to-agent': async ({ caller, work }, { kioskId, caseId, note }): Promise<AgentCalled> => {
      const kiosk = await kiosks.view(kioskId);
      if (!kiosk || kiosk.kind === 'phone' || kiosk.branchId !== caller.branchId)
        throw new Refusal('not-found', 'no kiosk of this branch');
      // Locked from here on: of two who call at once the second finds what the first did.
      const open = await cases.openOfKiosk(work, kioskId);
      if (open?.caseId !== caseId || open.at === 'rating' || open.at === 'closed') return { is: 'over' };
      if (IN_CALL.has(open.at)) return { is: 'in-call' };
      const before = await already(work, open, { since: open.since, staffId: caller.id });
      if (before) return before;
      if (!open.here) return { is: 'away' };
      const { branchId } = kiosk;
      const { category: family, skills } = services.get(open.serviceId);
      const shut = await queue.shutFor({ branchId, family, skills, language: open.language }, work.tx);
      if (shut) return shut;
      const consented = open.at !== 'consent';
      await help.escalate(work, { caseId, kioskId, branchId, staffId: caller.id, note, consented });
      if (consented) await putInQueue(needs, work, { caseId, kioskId, branchId });
      return { is: consented ? 'waiting' : 'asked' };
    },
  } satisfies Partial<Handlers>;
}
