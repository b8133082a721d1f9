import type { Fact } from '../../kernel/bus.ts';
import type { NoticeNeeds } from './index.ts';

export function caseNotices({ refresh, views }: NoticeNeeds): (fact: Fact) => void {
  return ({ kind, about: { kioskId } }) => {
    if (!kioskId) return;
    refresh.kiosk(kioskId, 'case');
    // Documents and papers go with the case: another customer's are never left on the screen.
    if (kind === 'case.started' || kind === 'case.closed' || kind === 'case.handed-over')
      for (const part of ['documents', 'papers'] as const) refresh.kiosk(kioskId, part);
    if (kind === 'case.moved' || kind === 'case.closed') refresh.kiosk(kioskId, 'handout');
    void views
      .desksOf(kioskId)
      .then((desks) => {
        for (const staffId of desks) refresh.staff(staffId, 'case');
      })
      .catch(() => undefined);
  };
}
