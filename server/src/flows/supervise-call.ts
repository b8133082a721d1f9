import type { RunningCall, StayReason } from '@openvtm/protocol';
import { Refusal } from '../kernel/errors.ts';
import type { Handlers, StaffCaller } from '../kernel/handler.ts';
import type { Work } from '../kernel/work.ts';
import type { CallBrief } from '../modules/calls/index.ts';
import { attendCall, isHere } from './join-call.ts';
import type { Parts } from './parts.ts';

type Needs = Pick<
  Parts,
  'calls' | 'cases' | 'clock' | 'kiosks' | 'nodes' | 'queue' | 'services' | 'staff' | 'supervision'
>;

/** Calls that are shown to one person at once; the longest come first. */
const MOST_SHOWN = 200;

/** Branch staff see to the kiosks of their own branch; supervisors to all. */
async function mayAttend({ kiosks }: Pick<Parts, 'kiosks'>, caller: StaffCaller, call: CallBrief): Promise<boolean> {
  if (caller.roles.includes('supervisor')) return true;
  return (await kiosks.view(call.kioskId))?.branchId === caller.branchId;
}

/** Supervisors and branch staff come into calls uninvited: to listen, to whisper, to join, or to take over. */
export function superviseCall(needs: Needs) {
  const { calls, cases, clock, kiosks, queue, services, staff, supervision } = needs;

  const shown = async (running: CallBrief[], { supervisor }: { supervisor: boolean }): Promise<RunningCall[]> => {
    const callIds = running.map(({ callId }) => callId);
    const [present, asked, reasons] = await Promise.all([
      calls.attendants(callIds),
      calls.invitationsOf(callIds, clock()),
      supervisor ? calls.reasonsOf(callIds) : [],
    ]);
    const people = present.filter(({ mode }) => supervisor || supervision.tellAgent || mode !== 'listening');
    const names = await staff.names([...running, ...people, ...reasons].map(({ staffId }) => staffId));
    const all = await Promise.all(
      running.map(async (call) => {
        const [kiosk, aCase] = await Promise.all([kiosks.view(call.kioskId), cases.deskView(call.caseId)]);
        if (!kiosk || !aCase) return [];
        const help = asked.find(({ callId, to, state }) => callId === call.callId && to === null && state === 'open');
        const service = services.get(aCase.service.id);
        return [
          {
            callId: call.callId,
            startedAt: call.startedAt,
            service: { title: service.title, icon: service.icon },
            kiosk: { name: kiosk.name, branch: kiosk.branch },
            agent: names.get(call.staffId) ?? '',
            heldSince: call.heldAt,
            helpSince: help?.madeAt ?? null,
            others: people
              .filter(({ callId }) => callId === call.callId)
              .map(({ staffId, mode }) => ({ name: names.get(staffId) ?? '', mode })),
            reasons: reasons
              .filter(({ callId }) => callId === call.callId)
              .map(({ staffId, at, mode, why }): StayReason => ({ at, who: names.get(staffId) ?? '', mode, why })),
          },
        ];
      }),
    );
    return all.flat();
  };

  const theCall = async (work: Work, caller: StaffCaller, callId: string) => {
    const call = await calls.byId(callId);
    if (!call || !(await mayAttend(needs, caller, call))) throw new Refusal('not-found', 'no such call');
    return call;
  };

  return {
    'call:running': async ({ caller }) => {
      const running = await calls.active();
      const mine = await Promise.all(
        running.map(async (call) => ((await mayAttend(needs, caller, call)) ? [call] : [])),
      );
      const longest = mine.flat().toSorted((a, b) => a.startedAt - b.startedAt);
      return { calls: await shown(longest.slice(0, MOST_SHOWN), { supervisor: caller.roles.includes('supervisor') }) };
    },

    'call:attend': async ({ caller, work }, { callId, mode, reason }) => {
      await theCall(work, caller, callId);
      const role = caller.roles.includes('supervisor') ? 'supervisor' : 'branch-staff';
      if (role === 'branch-staff' && mode !== 'joined')
        throw new Refusal('not-allowed', 'branch staff are seen and heard where they are');
      await attendCall(needs, work, { callId, staffId: caller.id, role, mode, reason });
      if (role === 'supervisor' && mode !== 'listening') await calls.helpCame(work, callId, caller.id);
      return {};
    },

    'call:take-over': async ({ caller, work }, { callId, reason }) => {
      const able = await staff.view(caller.id, work.tx);
      if (!able?.roles.includes('agent')) throw new Refusal('not-allowed', 'only who is an agent too can serve');
      const { staffId: from } = await theCall(work, caller, callId);
      if (from === caller.id) throw new Refusal('wrong-state', 'the call is theirs already');
      const here = await isHere(needs, work, caller.id);
      // Taking over ends the stay; its reason stays with the call.
      await calls.attend(work, callId, { staffId: caller.id, role: 'supervisor', mode: 'joined', reason });
      await calls.passLead(work, callId, { from, to: caller.id, how: 'taken-over' });
      await queue.agentFree(work, from, { callId, stillIn: null });
      await queue.agentInCall(work, caller.id, { callId, at: 'in-call', able });
      if (!here) await calls.participantLost(work, { staffId: caller.id });
      return {};
    },
  } satisfies Partial<Handlers>;
}
