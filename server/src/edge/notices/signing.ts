import type { Fact } from '../../kernel/bus.ts';
import type { NoticeNeeds } from './index.ts';

/** A paper is shown at its kiosk, on the desk it was made at, and where its branch's staff are waited for. */
export function paperNotices({ refresh, lines, views }: NoticeNeeds): (fact: Fact) => void {
  return ({ kind, about: { kioskId, branchId, staffId } }) => {
    if (!kioskId || kind === 'paper.viewed') return;
    refresh.kiosk(kioskId, 'papers');
    if (staffId) refresh.staff(staffId, 'papers');
    void views
      .desksOf(kioskId)
      .then((desks) => {
        for (const desk of desks) if (desk !== staffId) refresh.staff(desk, 'papers');
      })
      .catch(() => undefined);
    if (kind !== 'paper.confirmed' && kind !== 'paper.countersigned') return;
    for (const { caller } of lines.all())
      if (caller.kind === 'staff' && caller.branchId === branchId && caller.roles.includes('branch-staff'))
        refresh.staff(caller.id, 'papers');
  };
}
