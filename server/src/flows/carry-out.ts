import type { Bus } from '../kernel/bus.ts';
import type { Log } from '../kernel/log.ts';
import type { Work, Works } from '../kernel/work.ts';
import type { Parts } from './parts.ts';

type Needs = Pick<Parts, 'cases' | 'core'>;

/** ms between looks for what is due again, or was left by a process that died. */
const LOOK_MS = 1_000;
/** A core that is slow for one customer must not keep the others waiting. */
const AT_ONCE = 4;

/** If the case stands where the bank's core has to act, that is ordered in the same change as the step before. */
export async function orderWhatIsDue({ cases, core }: Needs, work: Work, caseId: string): Promise<void> {
  const due = await cases.toCarryOut(work, caseId);
  if (due) await core.order(work, { caseId, ...due });
}

/** Carries out what was ordered, at once and until the core answered; the case goes on when it did. */
export function carryOut(needs: Needs, works: Works, { bus, log }: { bus: Bus; log: Log }): { close(): Promise<void> } {
  const { cases, core } = needs;
  const running = new Set<Promise<void>>();
  let closed = false;

  const drain = async () => {
    while (!closed) {
      const view = await core.carryOutNext(works, async (work, { caseId, operation, state }) => {
        if (state.at === 'done') await cases.carriedOut(work, caseId, operation);
      });
      if (view === null) return;
      if (view.state.at === 'due' || view.state.at === 'stuck')
        log.warn({ instructionId: view.instructionId, state: view.state.at }, 'the core did not answer');
    }
  };
  const look = () => {
    if (closed || running.size >= AT_ONCE) return;
    const job = drain()
      .catch((error: unknown) => log.error({ err: error }, 'an order could not be carried out; trying again'))
      .finally(() => running.delete(job));
    running.add(job);
  };
  const timer = setInterval(look, LOOK_MS);
  const stopListening = bus.on(({ kind }) => {
    if (kind === 'core.ordered') look();
  });

  return {
    async close() {
      closed = true;
      clearInterval(timer);
      stopListening();
      await Promise.all(running);
    },
  };
}
