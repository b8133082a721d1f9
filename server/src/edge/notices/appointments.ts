import type { Fact } from '../../kernel/bus.ts';
import type { NoticeNeeds } from './index.ts';

/** Case facts after which an appointment, or the state of its visit, looks different. */
const OF_VISITS: ReadonlySet<string> = new Set(['case.started', 'case.moved', 'case.closed', 'case.handed-over']);

/** A change of an appointment shows on the device that holds it, at the kiosk of the visit, and on the branch's list of the day. */
export function appointmentNotices({ refresh, lines }: NoticeNeeds): (fact: Fact) => void {
  const tellBranch = (branchId: string) => {
    for (const { caller } of lines.all())
      if (caller.kind === 'staff' && caller.branchId === branchId) refresh.staff(caller.id, 'appointments');
  };
  return ({ kind, about: { kioskId, branchId } }) => {
    if (kind.startsWith('case.')) {
      if (!kioskId || !OF_VISITS.has(kind)) return;
      refresh.kiosk(kioskId, 'appointment');
      const at = lines.of(`kiosk:${kioskId}`)?.caller.branchId;
      if (at) tellBranch(at);
      return;
    }
    if (kioskId) refresh.kiosk(kioskId, 'appointment');
    if (branchId) tellBranch(branchId);
    // A plan tells of no branch: every list may have appointments beyond it.
    if (kind === 'appointment.plan-changed')
      for (const { caller } of lines.all()) if (caller.kind === 'staff') refresh.staff(caller.id, 'appointments');
  };
}
