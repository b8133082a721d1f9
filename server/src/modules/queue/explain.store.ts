import { sql } from 'kysely';
import type { Queryable } from '../../kernel/db.ts';
import type { TicketRow } from './tickets.store.ts';

/** When each idle agent who could take the ticket may be asked for it again, of those who may not now; soonest first. */
export async function restingAgents(
  reader: Queryable,
  { ticket, now }: { ticket: Pick<TicketRow, 'id' | 'lane'>; now: number },
): Promise<number[]> {
  const { rows } = await sql<{ until: number }>`
    select until from (
      select greatest(a.rest_until, coalesce((select max(o.back_off_until) from queue.offer o
        where o.ticket_id = ${ticket.id}::uuid and o.staff_id = a.staff_id and o.back_off_until is not null), 0)) as until
      from queue.agent a join queue.fit f on f.kind = a.kind and f.lane = ${ticket.lane}::integer
      where a.state = 'ready' and a.absent_since is null
    ) resting where until > ${now}::bigint order by until`.execute(reader.as<unknown>());
  return rows.map(({ until }) => until);
}

/** Whether the ticket was ever offered to this agent. */
export async function wasOffered(reader: Queryable, ticketId: string, staffId: string): Promise<boolean> {
  const { rows } = await sql`
    select 1 from queue.offer where ticket_id = ${ticketId}::uuid and staff_id = ${staffId}::uuid limit 1`.execute(
    reader.as<unknown>(),
  );
  return rows.length > 0;
}
