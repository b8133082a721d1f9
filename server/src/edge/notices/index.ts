import type { Bus, Fact } from '../../kernel/bus.ts';
import type { Screens } from '../screens.ts';
import type { Lines } from '../lines.ts';
import type { Refresh } from '../refresh.ts';
import { aloneNotices } from './alone.ts';
import { annotationNotices } from './annotations.ts';
import { appointmentNotices } from './appointments.ts';
import { callNotices } from './calls.ts';
import { caseNotices } from './cases.ts';
import { chatNotices } from './chat.ts';
import { documentNotices } from './documents.ts';
import { handoutNotices } from './handouts.ts';
import { handoverNotices } from './handovers.ts';
import { customerNotices, helpNotices } from './help.ts';
import { paperNotices } from './signing.ts';
import { qualityNotices } from './quality.ts';
import { queueNotices } from './queue.ts';
import { readingNotices } from './reading.ts';
import { selfTestNotices } from './self-tests.ts';
import { recallNotices } from './recalls.ts';
import { reviewNotices } from './reviews.ts';

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
  const atKiosks = customerNotices(needs);
  const ofCase = both(caseNotices(needs), atKiosks);
  const alone = aloneNotices(needs);
  const appointment = appointmentNotices(needs);
  const reading = readingNotices(needs);
  const annotation = annotationNotices(needs);
  const chat = chatNotices(needs);
  const review = reviewNotices(needs);
  const byWord: Record<string, (fact: Fact) => void> = {
    queue: queue.onFact,
    call: both(both(callNotices(needs), atKiosks), both(annotation, chat)),
    chat,
    annotation,
    appointment,
    paper: both(paperNotices(needs), handoutNotices(needs)),
    handout: handoutNotices(needs),
    case: both(both(both(ofCase, handover), appointment), reading),
    document: both(documentNotices(needs), reading),
    help: helpNotices(needs),
    core: both(alone, handover),
    handover,
    identity: alone,
    reading,
    quality: qualityNotices(needs),
    'self-test': selfTestNotices(needs),
    recall: recallNotices(needs),
    review: both(review.onFact, handover),
  };
  const resting = new Set<NodeJS.Timeout>();
  const tell = (fact: Fact) => byWord[fact.kind.split('.', 1)[0] ?? '']?.(fact);
  const stop = bus.onAnywhere((fact) => {
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
    review.close();
  };
}
