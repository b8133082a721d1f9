import type { Fact } from '../../kernel/bus.ts';
import type { NoticeNeeds } from './index.ts';

/** A busy list changes all the time; so often is it read anew (ms). */
const SPREAD_MS = 400;

/** Whoever may review sees how much there is to do, and is told that the list is another; its customer sees the outcome. */
export function reviewNotices({ refresh, lines, views }: NoticeNeeds): { onFact: (fact: Fact) => void; close(): void } {
  let timer: NodeJS.Timeout | null = null;
  const spread = () => {
    timer = null;
    for (const { caller } of lines.all())
      if (caller.kind === 'staff' && caller.roles.some((role) => role === 'agent' || role === 'approver'))
        refresh.staff(caller.id, 'reviews');
  };
  return {
    onFact({ about: { caseId } }) {
      timer ??= setTimeout(spread, SPREAD_MS);
      if (!caseId) return;
      void views
        .kioskOf(caseId)
        .then((kioskId) => kioskId && refresh.kiosk(kioskId, 'case'))
        .catch(() => undefined);
    },
    close() {
      if (timer) clearTimeout(timer);
    },
  };
}
