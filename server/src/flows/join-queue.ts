import type { TicketId } from '@openvtm/protocol';
import { Refusal } from '../kernel/errors.ts';
import type { Handlers } from '../kernel/handler.ts';
import type { Work } from '../kernel/work.ts';
import type { CaseBrief } from '../modules/cases/index.ts';
import type { TicketWish } from '../modules/queue/index.ts';
import type { Parts } from './parts.ts';

/** A call that broke off is picked up by the same agent, and before others, for this long (ms). */
const HAND_BACK_MS = 10 * 60_000;
/** Whoever spoke about a case lately is asked first when it comes back. */
const SAME_AGENT_MS = 24 * 3_600_000;

/** What every ticket of a case has, however it comes into the queue. */
export async function ticketOf(
  { appointments, services }: Pick<Parts, 'appointments' | 'services'>,
  work: Work,
  { serviceId, language, print, vip, ...where }: CaseBrief & { caseId: string; kioskId: string; branchId: string },
): Promise<TicketWish> {
  const { category: family, skills, minutes, priority } = services.get(serviceId);
  const visit = await appointments.ofVisit(where.caseId, work.tx);
  return {
    caseId: where.caseId,
    kioskId: where.kioskId,
    branchId: where.branchId,
    serviceId,
    family,
    skills,
    language,
    minutes,
    priority,
    vip,
    elder: print === 'elder',
    appointmentAt: visit?.at === 'arrived' ? visit.startsAt : null,
  };
}

/** A case goes into the queue with everything entered so far, and may come back from it to self-service. */
export function joinQueue(needs: Pick<Parts, 'appointments' | 'calls' | 'cases' | 'queue' | 'services'>) {
  const { calls, cases, queue } = needs;
  return {
    'queue:join': async ({ caller, work }, { caseId }) => {
      if (caller.device === 'phone') throw new Refusal('wrong-state', 'a teller is met at a kiosk');
      const brief = await cases.ofKiosk(work, caller.id, caseId);
      if (brief.at !== 'waiting') await cases.joinQueue(work, caseId);
      const before = await calls.lastOf(work, caseId);
      const since = before ? work.now - before.endedAt : Infinity;
      const { ticketId } = await queue.join(work, {
        ...(await ticketOf(needs, work, { ...brief, caseId, kioskId: caller.id, branchId: caller.branchId })),
        handBack: before !== null && before.brokeOff && since <= HAND_BACK_MS,
        preferredStaffId: before !== null && since <= SAME_AGENT_MS ? before.staffId : null,
      });
      return { ticketId: ticketId as TicketId };
    },
    'queue:leave': async ({ caller, work }, { caseId }) => {
      await cases.ofKiosk(work, caller.id, caseId);
      await queue.leave(work, caseId, 'self-service');
      await cases.leaveQueue(work, caseId);
      return {};
    },
    'queue:wait-on': async ({ caller, work }, { caseId }) => {
      await cases.ofKiosk(work, caller.id, caseId);
      await queue.waitOn(work, caseId);
      return {};
    },
  } satisfies Partial<Handlers>;
}
