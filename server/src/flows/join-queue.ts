import type { TicketId } from '@openvtm/protocol';
import { Refusal } from '../kernel/errors.ts';
import type { Handlers } from '../kernel/handler.ts';
import type { Parts } from './parts.ts';

/** A case goes into the queue with everything entered so far, and may come back from it to self-service. */
export function joinQueue({
  appointments,
  cases,
  queue,
  services,
}: Pick<Parts, 'appointments' | 'cases' | 'queue' | 'services'>) {
  return {
    'queue:join': async ({ caller, work }, { caseId }) => {
      if (caller.device === 'phone') throw new Refusal('wrong-state', 'a teller is met at a kiosk');
      const { at, serviceId, language } = await cases.ofKiosk(work, caller.id, caseId);
      if (at !== 'waiting') await cases.joinQueue(work, caseId);
      const { skills, minutes } = services.get(serviceId);
      const visit = await appointments.ofVisit(caseId);
      const appointmentAt = visit?.at === 'arrived' ? visit.startsAt : null;
      const wish = { caseId, kioskId: caller.id, serviceId, skills, language, minutes, appointmentAt };
      const { ticketId } = await queue.join(work, wish);
      return { ticketId: ticketId as TicketId };
    },
    'queue:leave': async ({ caller, work }, { caseId }) => {
      await cases.ofKiosk(work, caller.id, caseId);
      await queue.leave(work, caseId, 'self-service');
      await cases.leaveQueue(work, caseId);
      return {};
    },
  } satisfies Partial<Handlers>;
}
