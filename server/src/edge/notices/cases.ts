import type { Fact } from '../../kernel/bus.ts';
import type { NoticeNeeds } from './index.ts';

export function caseNotices({ refresh, views }: NoticeNeeds): (fact: Fact) => void {
  return ({ kind, about: { kioskId } }) => {
    if (!kioskId) return;
    refresh.kiosk(kioskId, 'case');
    // The documents go with the case: another customer's are never left on the screen.
    if (kind === 'case.started' || kind === 'case.closed' || kind === 'case.handed-over')
      refresh.kiosk(kioskId, 'documents');
    void views
      .deskOf(kioskId)
      .then((staffId) => {
        if (staffId) refresh.staff(staffId, 'case');
      })
      .catch(() => undefined);
  };
}
