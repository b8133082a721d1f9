import type { Fact } from '../../kernel/bus.ts';
import type { NoticeNeeds } from './index.ts';

/** What the bank's core or a code did for a case shows on the screen of its kiosk, and on the desk of a call about it. */
export function aloneNotices({ refresh, views }: NoticeNeeds): (fact: Fact) => void {
  return ({ about: { caseId } }) => {
    if (!caseId) return;
    void views
      .kioskOf(caseId)
      .then((kioskId) => {
        if (!kioskId) return [];
        refresh.kiosk(kioskId, 'case');
        return views.desksOf(kioskId);
      })
      .then((desks) => {
        for (const staffId of desks) refresh.staff(staffId, 'case');
      })
      .catch(() => undefined);
  };
}
