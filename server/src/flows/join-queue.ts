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
  {
    serviceId,
    language,
    print,
    vip,
    ...where
  }: Omit<CaseBrief, 'caseId' | 'kioskId'> & { caseId: string; kioskId: string; branchId: string },
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

type Needs = Pick<Parts, 'appointments' | 'calls' | 'cases' | 'queue' | 'services'>;

/** The kiosk's case, whose row is locked, waits for an agent; again while it waits: the same ticket. */
export async function putInQueue(
  needs: Needs,
  work: Work,
  where: { caseId: string; kioskId: string; branchId: string },
): Promise<TicketId> {
  const { calls, cases, queue } = needs;
  const { caseId } = where;
  const brief = await cases.ofKiosk(work, where.kioskId, caseId);
  if (brief.at !== 'waiting') await cases.joinQueue(work, caseId);
  const before = await calls.lastOf(work, caseId);
  const since = before ? work.now - before.endedAt : Infinity;
  const { ticketId } = await queue.join(work, {
    ...(await ticketOf(needs, work, { ...brief, ...where })),
    handBack: before !== null && before.brokeOff && since <= HAND_BACK_MS,
    preferredStaffId: before !== null && since <= SAME_AGENT_MS ? before.staffId : null,
  });
  return ticketId as TicketId;
}

/** A case goes into the queue with everything entered so far, and may come back from it to self-service. */
export function joinQueue(needs: Needs) {
  const { cases, queue } = needs;
  return {
    'queue:join': async ({ caller, work }, { caseId }) => {
      if (caller.device === 'phone') throw new Refusal('wrong-state', 'a teller is met at a kiosk');
      return { ticketId: await putInQueue(needs, work, { caseId, kioskId: caller.id, branchId: caller.branchId }) };
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
