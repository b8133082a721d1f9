import type { Fact } from '../../kernel/bus.ts';
import type { NoticeNeeds } from './index.ts';

/** The kiosk asks, or asks no more; its agent sees how it stands. */
export function recallNotices({ refresh }: NoticeNeeds): (fact: Fact) => void {
  return ({ about: { kioskId, staffId } }) => {
    if (kioskId) refresh.kiosk(kioskId, 'recall');
    if (staffId) refresh.staff(staffId, 'dropped');
  };
}
