import type { Fact } from '../../kernel/bus.ts';
import type { NoticeNeeds } from './index.ts';

/** The kiosk sees how its link stands; what becomes sealed may be handed out. */
export function handoutNotices({ refresh }: NoticeNeeds): (fact: Fact) => void {
  return ({ about: { kioskId } }) => {
    if (kioskId) refresh.kiosk(kioskId, 'handout');
  };
}
