import type { Fact } from '../../kernel/bus.ts';
import { OF_DESKS } from './calls.ts';
import type { NoticeNeeds } from './index.ts';

/** What is written shows at the kiosk and at every desk that has its case; with the call it goes from the kiosk. */
export function chatNotices({ refresh, views }: NoticeNeeds): (fact: Fact) => void {
  return ({ kind, about: { kioskId, staffId, participantId } }) => {
    if (!kioskId) return;
    const ofCall = kind.startsWith('call.');
    if (ofCall && !OF_DESKS.has(kind) && kind !== 'call.participant-changed') return;
    refresh.kiosk(kioskId, 'chat');
    for (const one of [staffId, participantId]) if (one) refresh.staff(one, 'chat');
    if (ofCall) return;
    void views
      .desksOf(kioskId)
      .then((desks) => {
        for (const one of desks) refresh.staff(one, 'chat');
      })
      .catch(() => undefined);
  };
}
