import type { Bus, Fact } from '../kernel/bus.ts';
import type { Log } from '../kernel/log.ts';
import type { LeftCase } from '../modules/cases/index.ts';
import { forgetRequests } from '../kernel/requests.store.ts';
import type { Works } from '../kernel/work.ts';
import { expireCallBacks, forgetNumbers } from './call-back.ts';
import { endCall } from './end-call.ts';
import { tendPeople } from './join-call.ts';
import { matchQueue } from './match-queue.ts';
import type { Parts } from './parts.ts';
import { tendRecalls } from './recall-kiosk.ts';
import { leaveCase } from './put-by.ts';
import { followReviews, keptAhead } from './send-ahead.ts';

type Needs = Pick<
  Parts,
  | 'appointments'
  | 'callbacks'
  | 'calls'
  | 'cases'
  | 'clock'
  | 'core'
  | 'documents'
  | 'handovers'
  | 'help'
  | 'kiosks'
  | 'quality'
  | 'queue'
  | 'recalls'
  | 'reviews'
  | 'signing'
>;

const TICK_MS = 500;
const SWEEP_MS = 60_000;
/** After new rules everybody's place is worked out anew, but not before anything else is done. */
const MOST_BATCHES = 4;
/** No client sends a request again after a day. */
const KEEP_ANSWERS_MS = 24 * 3_600_000;

/**
 * What happens by the clock and not by anybody's request: offers end at their deadline, places change, wrap-ups end;
 * absent agents and tickets are given up; calls that waited too long for somebody end, and so do places kept for
 * customers who do not come back. All deadlines are in the database, so that those of a process that died are kept by
 * the next one.
 */
export function keepTime(needs: Needs, works: Works, { bus, log }: { bus: Bus; log: Log }): { close(): Promise<void> } {
  const { appointments, calls, cases, clock, documents, handovers, help, queue, reviews, signing } = needs;
  let closed = false;
  let sweptAt = clock();
  const overReviews = followReviews(needs, works, { bus, log });
  const matching = matchQueue(queue, works, { log });

  const giveUpTickets = () =>
    works.bySystem(async (work) => {
      for (const caseId of await queue.giveUpAbsent(work)) await leaveCase(needs, work, { caseId, reason: 'idle' });
    });
  const endOverdueCalls = async () => {
    for (const overdue of await calls.overdue(clock()))
      await works
        .bySystem((work) => endCall(needs, work, overdue))
        .catch((error: unknown) => log.error({ err: error }, 'an overdue call could not be ended; trying again'));
  };
  const tendQueue = async () => {
    for (let batch = 0; batch < MOST_BATCHES; batch += 1)
      if (!(await works.bySystem((work) => queue.tend(work))) || closed) return;
  };
  const sweep = async () => {
    if (clock() - sweptAt <= SWEEP_MS) return;
    sweptAt = clock();
    await works.bySystem((work) => forgetRequests(work.tx, work.now - KEEP_ANSWERS_MS));
    await works.bySystem((work) => handovers.sweep(work));
    await works.bySystem((work) => appointments.tend(work));
    await works.bySystem((work) => help.sweep(work));
    await overReviews.sweep();
    await forgetNumbers(needs, works);
    // Last, for the store may be away.
    const removed = (await documents.sweep(works)) + (await signing.sweep());
    if (removed > 0) log.info({ files: removed }, 'files that nothing refers to were removed');
  };
  const steps: Record<string, () => Promise<unknown>> = {
    'end offers': () => works.bySystem((work) => queue.expireOffers(work)),
    'end wrap-ups': () => works.bySystem((work) => queue.endWrapUps(work)),
    'give up tickets': giveUpTickets,
    'give up cases': () =>
      works.bySystem((work) =>
        cases.giveUpAbsent(work, async (left) => {
          const phones = left.filter(({ onPhone }) => onPhone);
          const booked = await appointments.awaited(phones, work.now);
          const kept = await keptAhead(needs, work, left);
          const isAwaited = ({ caseId, deviceId, onPhone }: LeftCase) =>
            kept.has(caseId) || (onPhone && booked.has(deviceId));
          return new Set(left.filter(isAwaited).map(({ caseId }) => caseId));
        }),
      ),
    'put back reviews': () => works.bySystem((work) => reviews.lapse(work)),
    'end calls': endOverdueCalls,
    'tend people in calls': () => tendPeople(needs, works),
    'give up call-backs': () => expireCallBacks(needs, works),
    'give up recalls': () => tendRecalls(needs, works),
    'release missed appointments': () => works.bySystem((work) => appointments.releaseMissed(work)),
    'work out places': tendQueue,
    // It tells of its own failures; facts that keep coming must not keep the other steps from theirs.
    'make offers': async () => void matching.all(),
    sweep,
  };
  // One step that fails does not keep the others from theirs.
  const tick = async () => {
    for (const [step, run] of Object.entries(steps)) {
      await run().catch((error: unknown) =>
        log.error({ err: error, step }, 'what is due could not be done; trying again'),
      );
    }
  };

  let running: Promise<void> = Promise.resolve();
  const loop = () => {
    if (closed) return;
    running = tick();
    void running.then(() => {
      if (!closed) timer = setTimeout(loop, TICK_MS);
    });
  };
  let timer = setTimeout(loop, TICK_MS);
  const stopListening = bus.on((fact: Fact) => matching.onFact(fact));

  return {
    async close() {
      closed = true;
      clearTimeout(timer);
      stopListening();
      await running;
      await overReviews.close();
      await matching.close();
    },
  };
}
