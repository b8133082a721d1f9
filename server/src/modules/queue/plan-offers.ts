import type { AgentCandidate, Candidates, TicketCandidate } from './candidates.store.ts';

export type Pair = {
  ticket: TicketCandidate;
  agent: AgentCandidate;
  /** The first step that the agent fulfils; null: preferred, and not asked by steps. */
  fits: number | null;
};

const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

/**
 * Which offers are to be made: of the tickets that an idle agent may serve the one with the highest score first; for
 * it, of the agents who fulfil the step in force, one who fulfils the strictest step, and of these who has been idle
 * longest. A ticket held for its preferred agent is for that one alone. `serves`: whether a kind serves a lane.
 */
export function planOffers(
  { tickets, agents, backOffs }: Candidates,
  { most, serves }: { most: number; serves: (lane: number, kind: number) => boolean },
): Pair[] {
  const paused = new Set(backOffs.map(({ ticket_id: ticketId, staff_id: staffId }) => `${ticketId} ${staffId}`));
  const byKind = new Map<number, AgentCandidate[]>();
  for (const agent of agents.toSorted((a, b) => a.idle_since - b.idle_since || byId(a, b)))
    byKind.set(agent.kind, [...(byKind.get(agent.kind) ?? []), agent]);

  const strictest = ({ lanes, step }: TicketCandidate, kind: number): number =>
    Math.max(
      0,
      lanes.slice(0, step + 1).findIndex((lane) => serves(lane, kind)),
    );
  const takerOf = (ticket: TicketCandidate): Omit<Pair, 'ticket'> | null => {
    let best: { agent: AgentCandidate; fits: number } | null = null;
    for (const [kind, idle] of byKind) {
      if (!serves(ticket.lane, kind)) continue;
      const agent = idle.find(
        ({ id }) => !paused.has(`${ticket.id} ${id}`) && (ticket.preferred === null || ticket.preferred === id),
      );
      if (!agent) continue;
      const fits = strictest(ticket, kind);
      const isBetter =
        best === null ||
        fits < best.fits ||
        (fits === best.fits && (agent.idle_since - best.agent.idle_since || byId(agent, best.agent)) < 0);
      if (isBetter) best = { agent, fits };
    }
    return best && { agent: best.agent, fits: ticket.preferred === null ? best.fits : null };
  };

  const pairs: Pair[] = [];
  for (const ticket of tickets.toSorted((a, b) => a.rank - b.rank || byId(a, b))) {
    if (pairs.length === most || byKind.size === 0) break;
    const taker = takerOf(ticket);
    if (!taker) continue;
    const left = byKind.get(taker.agent.kind)?.filter((agent) => agent !== taker.agent) ?? [];
    if (left.length > 0) byKind.set(taker.agent.kind, left);
    else byKind.delete(taker.agent.kind);
    pairs.push({ ticket, ...taker });
  }
  return pairs;
}
