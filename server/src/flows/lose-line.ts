import type { Caller } from '../kernel/handler.ts';
import type { Work, Works } from '../kernel/work.ts';
import type { Parts } from './parts.ts';

type Needs = Pick<Parts, 'calls' | 'cases' | 'nodes' | 'queue'>;
type LineOf = Pick<Caller, 'kind' | 'id' | 'subject'> & { lineId: string };

const who = ({ kind, id }: Pick<Caller, 'kind' | 'id'>) => (kind === 'kiosk' ? { kioskId: id } : { staffId: id });

/** A line is up: its ticket may be offered again, its call has its participant back, its agent may be asked. */
export async function lineOpened(needs: Needs, works: Works, line: LineOf): Promise<void> {
  await works.bySystem(async (work) => {
    await needs.nodes.lineOpened(work, line);
    if (line.kind === 'kiosk') await needs.cases.kioskReturned(work, line.id);
    await needs.queue.returned(work, who(line));
    await needs.calls.participantBack(work, who(line));
  });
}

async function absent(needs: Needs, work: Work, line: Pick<Caller, 'kind' | 'id'>): Promise<void> {
  if (line.kind === 'kiosk') await needs.cases.kioskAbsent(work, line.id);
  await needs.queue.absent(work, who(line));
  await needs.calls.participantLost(work, who(line));
}

/**
 * A line went down: nothing is lost yet. The ticket keeps its place, the call waits, a ready agent has a few seconds.
 * Whose line is up again in another process by now is not away.
 */
export async function lineLost(
  needs: Needs,
  works: Works,
  line: Pick<Caller, 'kind' | 'id' | 'subject'>,
): Promise<void> {
  await works.bySystem(async (work) => {
    if (await needs.nodes.lineGone(work, line.subject)) await absent(needs, work, line);
  });
}

/** The process has just started and is the only one: every line is down until it comes back. */
export async function everyLineLost(needs: Needs, works: Works): Promise<void> {
  await works.bySystem(async (work) => {
    await needs.nodes.forgetStranded(work);
    await needs.cases.kioskAbsent(work, null);
    await needs.queue.everybodyAbsent(work);
    await needs.calls.everybodyLost(work);
  });
}

/** Lines of processes that are gone: each of them is down, unless it has come back elsewhere meanwhile. */
export async function strandedLinesLost(needs: Needs, works: Works): Promise<void> {
  for (;;) {
    const stranded = await needs.nodes.stranded();
    if (stranded.length === 0) return;
    for (const { subject, lineId } of stranded) {
      const [kind, id = ''] = subject.split(':', 2);
      await works.bySystem(async (work) => {
        if (!(await needs.nodes.takeStranded(work, { subject, lineId }))) return;
        await absent(needs, work, { kind: kind === 'kiosk' ? 'kiosk' : 'staff', id });
      });
    }
  }
}
