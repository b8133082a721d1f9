import type { Fact } from '../../kernel/bus.ts';
import type { NoticeNeeds } from './index.ts';

export function documentNotices({ refresh, views }: NoticeNeeds): (fact: Fact) => void {
  return ({ kind, about: { kioskId } }) => {
    if (!kioskId || kind === 'document.viewed') return;
    refresh.kiosk(kioskId, 'documents');
    void views
      .deskOf(kioskId)
      .then((staffId) => {
        if (staffId) refresh.staff(staffId, 'documents');
      })
      .catch(() => undefined);
  };
}
