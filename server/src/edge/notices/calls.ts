import type { Fact } from '../../kernel/bus.ts';
import type { NoticeNeeds } from './index.ts';

/** Facts after which somebody has another case on the screen, or is in another state. */
export const OF_DESKS: ReadonlySet<string> = new Set([
  'call.started',
  'call.ended',
  'call.wrapped-up',
  'call.lead-passed',
  'call.participant-joined',
  'call.participant-left',
]);

/** A change of a call shows at its kiosk, at the agent who leads it, and with everybody who attends it or was asked to. */
export function callNotices({ refresh, lines, views }: NoticeNeeds): (fact: Fact) => void {
  const tell = (staffId: string, kind: string) => {
    refresh.staff(staffId, 'call');
    refresh.staff(staffId, 'attending');
    if (!OF_DESKS.has(kind)) return;
    refresh.staff(staffId, 'agent');
    refresh.staff(staffId, 'case');
    refresh.staff(staffId, 'documents');
    refresh.staff(staffId, 'readings');
    refresh.staff(staffId, 'reviews');
  };
  /** Whom an invitation asks: one colleague, or any supervisor whose line is here. */
  const tellInvited = (invitedId: string | undefined) => {
    if (invitedId) return refresh.staff(invitedId, 'invitations');
    for (const { caller } of lines.all())
      if (caller.kind === 'staff' && caller.roles.includes('supervisor')) refresh.staff(caller.id, 'invitations');
  };

  return ({ kind, about: { kioskId, staffId, participantId, invitationId, invitedId } }) => {
    // The call first: the kiosk lifts its curtain on it.
    if (kioskId) refresh.kiosk(kioskId, 'call');
    if (!staffId) return;
    tell(staffId, kind);
    if (participantId) tell(participantId, kind);
    if (invitationId) tellInvited(invitedId);
    if (!kioskId || kind === 'call.started' || kind === 'call.wrapped-up') return;
    void views
      .desksOf(kioskId)
      .then((desks) => {
        for (const one of desks) refresh.staff(one, 'attending');
      })
      .catch(() => undefined);
  };
}
