import type { Bus, Fact } from '../../kernel/bus.ts';
import type { Screens } from '../screens.ts';
import type { Lines } from '../lines.ts';
import type { Refresh } from '../refresh.ts';
import { aloneNotices } from './alone.ts';
import { appointmentNotices } from './appointments.ts';
import { callNotices } from './calls.ts';
import { caseNotices } from './cases.ts';
import { documentNotices } from './documents.ts';
import { handoverNotices } from './handovers.ts';
import { helpNotices } from './help.ts';
import { queueNotices } from './queue.ts';

export type NoticeNeeds = { refresh: Refresh; lines: Lines; views: Screens; waitingKiosks: () => Promise<string[]> };

/** Whether an accepted offer made this fact: its screens are drawn after the first frame (`media:live`), and read after it too. */
const isOfAnAccept = ({ kind, data }: Fact) =>
  kind === 'queue.offer-accepted' || kind === 'call.started' || (kind === 'case.moved' && data?.['to'] === 'serving');
/** ms; well before the 300 that the pages hold back what they draw. */
const AFTER_FIRST_FRAME_MS = 90;

const both =
  (one: (fact: Fact) => void, other: (fact: Fact) => void) =>
  (fact: Fact): void => {
    one(fact);
    other(fact);
  };

/** From a committed fact to the screens that show something of it, one file a word. */
export function tellScreens(needs: NoticeNeeds, bus: Bus): () => void {
  const queue = queueNotices(needs);
  const handover = handoverNotices(needs);
  const ofCase = caseNotices(needs);
  const alone = aloneNotices(needs);
  const appointment = appointmentNotices(needs);
  const byWord: Record<string, (fact: Fact) => void> = {
    queue: queue.onFact,
    call: callNotices(needs),
    appointment,
    case: both(both(ofCase, handover), appointment),
    document: documentNotices(needs),
    help: helpNotices(needs),
    core: both(alone, handover),
    handover,
    identity: alone,
  };
  const resting = new Set<NodeJS.Timeout>();
  const tell = (fact: Fact) => byWord[fact.kind.split('.', 1)[0] ?? '']?.(fact);
  const stop = bus.on((fact) => {
    if (!isOfAnAccept(fact)) return tell(fact);
    const timer = setTimeout(() => {
      resting.delete(timer);
      tell(fact);
    }, AFTER_FIRST_FRAME_MS);
    resting.add(timer);
  });
  return () => {
    stop();
    for (const timer of resting) clearTimeout(timer);
    queue.close();
  };
}
