import type { Fact } from '../../kernel/bus.ts';
import { OF_DESKS } from './calls.ts';
import type { NoticeNeeds } from './index.ts';

/** Marks show at the kiosk and at every desk that has its case; with the call they go from the kiosk. */
export function annotationNotices({ refresh, views }: NoticeNeeds): (fact: Fact) => void {
  return ({ kind, about: { kioskId, staffId, participantId } }) => {
    if (kind.startsWith('call.') && !OF_DESKS.has(kind)) return;
    if (kioskId) refresh.kiosk(kioskId, 'annotations');
    for (const one of [staffId, participantId]) if (one) refresh.staff(one, 'annotations');
    if (!kioskId || kind.startsWith('call.')) return;
    void views
      .desksOf(kioskId)
      .then((desks) => {
        for (const one of desks) refresh.staff(one, 'annotations');
      })
      .catch(() => undefined);
  };
}
