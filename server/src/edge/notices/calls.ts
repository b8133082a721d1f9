import type { Fact } from '../../kernel/bus.ts';
import type { NoticeNeeds } from './index.ts';

export function callNotices({ refresh }: NoticeNeeds): (fact: Fact) => void {
  return ({ kind, about: { kioskId, staffId } }) => {
    // The call first: the kiosk lifts its curtain on it.
    if (kioskId) refresh.kiosk(kioskId, 'call');
    if (!staffId) return;
    refresh.staff(staffId, 'call');
    if (kind === 'call.started' || kind === 'call.ended' || kind === 'call.wrapped-up') {
      refresh.staff(staffId, 'agent');
      refresh.staff(staffId, 'case');
      refresh.staff(staffId, 'documents');
    }
  };
}
