import type { TicketId } from '@openvtm/protocol';
import type { Handlers } from '../kernel/handler.ts';
import type { Parts } from './parts.ts';

/** A case goes into the queue with everything entered so far, and may come back from it to self-service. */
export function joinQueue({ cases, queue, services }: Pick<Parts, 'cases' | 'queue' | 'services'>) {
  return {
    'queue:join': async ({ caller, work }, { caseId }) => {
      const { at, serviceId, language } = await cases.ofKiosk(work, caller.id, caseId);
      if (at !== 'waiting') await cases.joinQueue(work, caseId);
      const { skills, minutes } = services.get(serviceId);
      const { ticketId } = await queue.join(work, { caseId, kioskId: caller.id, serviceId, skills, language, minutes });
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
