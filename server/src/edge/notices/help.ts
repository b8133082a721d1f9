import type { Fact } from '../../kernel/bus.ts';
import type { NoticeNeeds } from './index.ts';

export function helpNotices({ refresh, lines }: NoticeNeeds): (fact: Fact) => void {
  return ({ kind, about: { kioskId, branchId } }) => {
    const ofEscalation = kind.startsWith('help.escalat');
    if (kioskId) refresh.kiosk(kioskId, ofEscalation ? 'case' : 'help');
    for (const { caller } of lines.all())
      if (caller.kind === 'staff' && caller.branchId === branchId)
        refresh.staff(caller.id, ofEscalation ? 'kiosks' : 'help');
  };
}

/** Facts after which somebody else is at a kiosk, or further on. */
const OF_CUSTOMERS: ReadonlySet<string> = new Set([
  'case.started',
  'case.consented',
  'case.moved',
  'case.closed',
  'case.handed-over',
  'call.started',
  'call.ended',
]);

/** Branch staff see who is at their kiosks, and how far. */
export function customerNotices({ refresh, lines, views }: NoticeNeeds): (fact: Fact) => void {
  return ({ kind, about: { kioskId } }) => {
    if (!kioskId || !OF_CUSTOMERS.has(kind)) return;
    const branchStaff = lines
      .all()
      .flatMap(({ caller }) => (caller.kind === 'staff' && caller.roles.includes('branch-staff') ? [caller] : []));
    if (branchStaff.length === 0) return;
    void views
      .branchOf(kioskId)
      .then((branchId) => {
        for (const one of branchStaff) if (one.branchId === branchId) refresh.staff(one.id, 'kiosks');
      })
      .catch(() => undefined);
  };
}
