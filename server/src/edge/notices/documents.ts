import type { Fact } from '../../kernel/bus.ts';
import type { NoticeNeeds } from './index.ts';

export function documentNotices({ refresh, views }: NoticeNeeds): (fact: Fact) => void {
  return ({ kind, about: { kioskId } }) => {
    if (!kioskId || kind === 'document.viewed') return;
    refresh.kiosk(kioskId, 'documents');
    void views
      .desksOf(kioskId)
      .then((desks) => {
        for (const staffId of desks) refresh.staff(staffId, 'documents');
      })
      .catch(() => undefined);
  };
}
