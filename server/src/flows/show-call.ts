import type { CallView, InvitationView, PassedOn, StaffId } from '@openvtm/protocol';
import type { Attendant, CallBrief } from '../modules/calls/index.ts';
import { showEscalation } from './call-agent.ts';
import type { Parts, SupervisionPolicy } from './parts.ts';

type Needs = Pick<Parts, 'calls' | 'cases' | 'clock' | 'help' | 'kiosks' | 'services' | 'staff' | 'supervision'>;

/** Who reads it: the customer, or somebody of the staff who is in the call. */
type Reader = 'kiosk' | { staffId: string };

/** Whom a reader is told of: a kiosk of who joined; staff of everybody, but of listeners as the bank has it. Pure. */
export function toldOf(present: readonly Attendant[], to: Reader, { tellAgent }: SupervisionPolicy): Attendant[] {
  if (to === 'kiosk') return present.filter(({ mode }) => mode === 'joined');
  const supervises = present.some(({ staffId, role }) => staffId === to.staffId && role === 'supervisor');
  return present.filter(({ mode }) => tellAgent || supervises || mode !== 'listening');
}

/** A call for one of its sides: the kiosk is told of those it can see, and of nobody who may come. */
export async function showCall(needs: Needs, call: CallBrief, { to }: { to: Reader }): Promise<CallView> {
  const { calls, clock, kiosks, staff, supervision } = needs;
  const isKiosk = to === 'kiosk';
  const [present, asked, kiosk, passed, escalated] = await Promise.all([
    calls.attendants([call.callId]),
    isKiosk ? [] : calls.invitationsOf([call.callId], clock()),
    kiosks.view(call.kioskId),
    isKiosk ? null : showPassedOn(needs, call.caseId),
    isKiosk ? null : showEscalation(needs, call.caseId),
  ]);
  const others = toldOf(present, to, supervision);
  const invited = asked.flatMap((one) => (one.to ? [one.from, one.to] : [one.from]));
  const names = await staff.names([call.staffId, ...others.map(({ staffId }) => staffId), ...invited]);
  return {
    callId: call.callId,
    caseId: call.caseId,
    startedAt: call.startedAt,
    held: call.heldAt === null ? null : { since: call.heldAt },
    participants: [
      {
        id: 'customer',
        role: 'customer',
        mode: 'joined',
        name: kiosk?.name ?? '',
        here: call.customerLostAt === null,
        lostSince: call.customerLostAt,
      },
      {
        id: call.staffId as StaffId,
        role: 'agent',
        mode: 'joined',
        name: names.get(call.staffId) ?? '',
        here: call.agentLostAt === null,
        lostSince: call.agentLostAt,
      },
      ...others.map(({ staffId, role, mode, lostAt }) => ({
        id: staffId as StaffId,
        role,
        mode,
        name: names.get(staffId) ?? '',
        here: lostAt === null,
        lostSince: lostAt,
      })),
    ],
    invitations: asked.flatMap(({ invitationId, from, to: whom, madeAt, deadline, state }) =>
      state === 'open' || state === 'declined' || state === 'expired'
        ? [
            {
              invitationId,
              by: names.get(from) ?? '',
              to: whom ? (names.get(whom) ?? '') : null,
              madeAt,
              deadline,
              state,
            },
          ]
        : [],
    ),
    passedOn: passed,
    supervised: isKiosk && supervision.tellCustomer === 'call' && present.some(({ mode }) => mode !== 'joined'),
    until: isKiosk ? null : (present.find(({ staffId }) => staffId === to.staffId)?.until ?? null),
    escalated,
  };
}

/** Who passed the case's customer on, and with which words. */
export async function showPassedOn(
  { calls, staff }: Pick<Parts, 'calls' | 'staff'>,
  caseId: string,
): Promise<PassedOn | null> {
  const passed = await calls.passedOnBy(caseId);
  return passed && { by: (await staff.names([passed.staffId])).get(passed.staffId) ?? '', note: passed.note };
}

/** Who asks this person into a call now. */
export async function showInvitations(needs: Needs, staffId: string): Promise<InvitationView[]> {
  const { calls, cases, kiosks, services, staff } = needs;
  const person = await staff.view(staffId);
  if (!person) return [];
  const open = await calls.invitationsFor({ staffId, supervisor: person.roles.includes('supervisor') });
  const names = await staff.names(open.map(({ from }) => from));
  const all = await Promise.all(
    open.map(async ({ invitationId, callId, from, to, note, madeAt, deadline }) => {
      const call = await calls.byId(callId);
      const [kiosk, aCase] = call ? await Promise.all([kiosks.view(call.kioskId), cases.deskView(call.caseId)]) : [];
      if (!call || !kiosk || !aCase) return [];
      const { title, icon } = services.get(aCase.service.id);
      return [
        {
          invitationId,
          callId: call.callId,
          from: names.get(from) ?? '',
          kind: to === null ? ('help' as const) : ('expert' as const),
          note,
          madeAt,
          deadline,
          startedAt: call.startedAt,
          service: { title, icon },
          kiosk: { name: kiosk.name, branch: kiosk.branch },
        },
      ];
    }),
  );
  return all.flat();
}
