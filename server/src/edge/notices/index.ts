import type { Bus, Fact } from '../../kernel/bus.ts';
import type { Screens } from '../screens.ts';
import type { Lines } from '../lines.ts';
import type { Refresh } from '../refresh.ts';
import { callNotices } from './calls.ts';
import { caseNotices } from './cases.ts';
import { documentNotices } from './documents.ts';
import { helpNotices } from './help.ts';
import { queueNotices } from './queue.ts';

export type NoticeNeeds = { refresh: Refresh; lines: Lines; views: Screens; waitingKiosks: () => Promise<string[]> };

/** From a committed fact to the screens that show something of it, one file a word. */
export function tellScreens(needs: NoticeNeeds, bus: Bus): () => void {
  const queue = queueNotices(needs);
  const byWord: Record<string, (fact: Fact) => void> = {
    queue: queue.onFact,
    call: callNotices(needs),
    case: caseNotices(needs),
    document: documentNotices(needs),
    help: helpNotices(needs),
  };
  const stop = bus.on((fact) => byWord[fact.kind.split('.', 1)[0] ?? '']?.(fact));
  return () => {
    stop();
    queue.close();
  };
}
