import type { Fact } from '../../kernel/bus.ts';
import type { NoticeNeeds } from './index.ts';

export function qualityNotices({ refresh, lines }: NoticeNeeds): (fact: Fact) => void {
  return ({ about: { branchId } }) => {
    for (const { caller } of lines.all())
      if (caller.kind === 'staff' && (caller.branchId === branchId || caller.roles.includes('supervisor')))
        refresh.staff(caller.id, 'alerts');
  };
}
