import type { Fact } from '../../kernel/bus.ts';
import type { NoticeNeeds } from './index.ts';

export function selfTestNotices({ refresh, lines }: NoticeNeeds): (fact: Fact) => void {
  return ({ about: { kioskId, branchId } }) => {
    if (kioskId) refresh.kiosk(kioskId, 'selfTest');
    for (const { caller } of lines.all())
      if (caller.kind === 'staff' && caller.branchId === branchId) refresh.staff(caller.id, 'kiosks');
  };
}
