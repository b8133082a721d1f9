import type { Fact } from '../../kernel/bus.ts';
import type { NoticeNeeds } from './index.ts';

/** What happens to a case is shown on the devices that follow it, and on the one that just began or ceased to. */
export function handoverNotices({ refresh, views }: NoticeNeeds): (fact: Fact) => void {
  return ({ kind, about: { caseId, kioskId } }) => {
    if (kioskId && kind.startsWith('handover.')) refresh.kiosk(kioskId, 'followed');
    if (!caseId) return;
    void views
      .followersOf(caseId)
      .then((followers) => {
        for (const one of followers) refresh.kiosk(one, 'followed');
      })
      .catch(() => undefined);
  };
}
