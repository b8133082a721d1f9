import type { Caller } from '../kernel/handler.ts';
import type { Works } from '../kernel/work.ts';
import type { Parts } from './parts.ts';

type Needs = Pick<Parts, 'calls' | 'cases' | 'queue'>;
const who = (caller: Pick<Caller, 'kind' | 'id'>) =>
  caller.kind === 'kiosk' ? { kioskId: caller.id } : { staffId: caller.id };

/** A line is up: its ticket may be offered again, its call has its participant back, its agent may be asked. */
export async function lineOpened(needs: Needs, works: Works, caller: Pick<Caller, 'kind' | 'id'>): Promise<void> {
  await works.bySystem(async (work) => {
    if (caller.kind === 'kiosk') await needs.cases.kioskReturned(work, caller.id);
    await needs.queue.returned(work, who(caller));
    await needs.calls.participantBack(work, who(caller));
  });
}

/** A line went down: nothing is lost yet. The ticket keeps its place, the call waits, a ready agent has a few seconds. */
export async function lineLost(needs: Needs, works: Works, caller: Pick<Caller, 'kind' | 'id'>): Promise<void> {
  await works.bySystem(async (work) => {
    if (caller.kind === 'kiosk') await needs.cases.kioskAbsent(work, caller.id);
    await needs.queue.absent(work, who(caller));
    await needs.calls.participantLost(work, who(caller));
  });
}

/** The process has just started: every line is down until it comes back. */
export async function everyLineLost(needs: Needs, works: Works): Promise<void> {
  await works.bySystem(async (work) => {
    await needs.cases.kioskAbsent(work, null);
    await needs.queue.everybodyAbsent(work);
    await needs.calls.everybodyLost(work);
  });
}
