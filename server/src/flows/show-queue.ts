import type { Explanation, QueueBoard, StaffId, TicketId } from '@openvtm/protocol';
import { AgentAtName, BoardAgent, type OfferId } from '@openvtm/protocol';
import { Refusal } from '../kernel/errors.ts';
import type { Handlers } from '../kernel/handler.ts';
import type { Parts } from './parts.ts';

type Needs = Pick<Parts, 'kiosks' | 'queue' | 'services' | 'staff'>;

/** The queues as a supervisor sees them, and why a ticket waits or an agent was asked, with everybody's names. */
export function showQueue({ kiosks, queue, services, staff }: Needs) {
  const titleOf = (serviceId: string) =>
    services.all().find(({ id }) => id === serviceId)?.title ?? { 'zh-CN': serviceId, en: serviceId };

  const board = async (): Promise<QueueBoard> => {
    const read = await queue.queueBoard();
    const kioskIds = [...new Set(read.tickets.map(({ kioskId }) => kioskId))];
    const [names, devices] = await Promise.all([
      staff.names(read.agents.map(({ staffId }) => staffId)),
      Promise.all(kioskIds.map(async (id) => [id, (await kiosks.view(id))?.name ?? ''] as const)),
    ]);
    const kioskNames = new Map(devices);
    return {
      ...read,
      tickets: read.tickets.map(({ serviceId, kioskId, ticketId, ...ticket }) => ({
        ...ticket,
        ticketId: ticketId as TicketId,
        service: titleOf(serviceId),
        kiosk: kioskNames.get(kioskId) ?? '',
      })),
      agents: read.agents.flatMap(({ staffId, at, reason, ...agent }) => {
        const known = AgentAtName.safeParse(at);
        const why = BoardAgent.shape.reason.safeParse(reason);
        const name = names.get(staffId) ?? '';
        return known.success
          ? [{ ...agent, staffId: staffId as StaffId, at: known.data, name, reason: why.success ? why.data : null }]
          : [];
      }),
    };
  };

  const explain = async (ticketId: string): Promise<Explanation> => {
    const { serviceId, offers, ...explained } = await queue.explain(ticketId);
    const names = await staff.names(offers.map(({ staffId }) => staffId));
    return {
      ...explained,
      ticketId: ticketId as TicketId,
      service: titleOf(serviceId),
      offers: offers.map(({ offerId, staffId, ...offer }) => ({
        ...offer,
        offerId: offerId as OfferId,
        name: names.get(staffId) ?? '',
      })),
    };
  };

  return {
    'queue:board': async () => board(),
    'queue:explain': async ({ caller }, { ticketId }) => {
      const mayAll = caller.roles.includes('supervisor');
      // An agent learns of the customers who were offered, and of no other.
      if (!mayAll && !(await queue.wasOffered(ticketId, caller.id))) throw new Refusal('not-found', 'no such ticket');
      return explain(ticketId);
    },
  } satisfies Partial<Handlers>;
}
