import type { Fact } from '../kernel/bus.ts';
import type { Log } from '../kernel/log.ts';
import type { Works } from '../kernel/work.ts';
import type { Queue } from '../modules/queue/index.ts';

/** ms until a pair is tried again of which somebody else was changing one. */
const TRY_AGAIN_MS = 20;

/**
 * Makes offers as soon as a fact allows one. A fact names the agent or the ticket that something happened to; pairs are
 * looked for among these, and the tick of the clock looks among all. One search runs at a time, and the facts of
 * meanwhile are one search after it.
 */
export function matchQueue(queue: Pick<Queue, 'match'>, works: Works, { log }: { log: Log }) {
  let agents = new Set<string>();
  let tickets = new Set<string>();
  let everybody = false;
  let running: Promise<void> | null = null;
  let closed = false;
  let timer: NodeJS.Timeout | undefined;

  const isPending = () => everybody || agents.size > 0 || tickets.size > 0;
  const search = async () => {
    while (!closed && isPending()) {
      const among =
        everybody || (agents.size > 0 && tickets.size > 0)
          ? 'all'
          : agents.size > 0
            ? { agents: [...agents] }
            : { tickets: [...tickets] };
      agents = new Set();
      tickets = new Set();
      everybody = false;
      const { made, again } = await works.bySystem((work) => queue.match(work, among));
      if (!again) continue;
      if (made > 0) everybody = true;
      else if (!closed) timer ??= setTimeout(() => void run('all'), TRY_AGAIN_MS);
    }
  };
  const run = (all?: 'all'): Promise<void> => {
    if (all) {
      everybody = true;
      clearTimeout(timer);
      timer = undefined;
    }
    running ??= search()
      .catch((error: unknown) => log.error({ err: error }, 'no offers could be made; trying again'))
      .finally(() => {
        running = null;
        // What was told after the last look is looked at now.
        if (!closed && isPending()) void run();
      });
    return running;
  };

  return {
    all: () => run('all'),
    onFact({ kind, about: { staffId, ticketId }, data }: Fact): void {
      if (closed) return;
      if (kind === 'queue.joined' || kind === 'queue.returned' || kind === 'queue.preferred-gone') {
        if (ticketId) tickets.add(ticketId);
      } else if (kind === 'queue.agent-returned' || (kind === 'queue.agent-moved' && data?.['to'] === 'ready')) {
        if (staffId) agents.add(staffId);
      } else if (kind === 'queue.offer-ended') {
        if (ticketId) tickets.add(ticketId);
        if (staffId) agents.add(staffId);
      } else return;
      void run();
    },
    async close() {
      closed = true;
      clearTimeout(timer);
      await running;
    },
  };
}
