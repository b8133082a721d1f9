import type { InvitationId, StaffId } from '@openvtm/protocol';
import { Refusal } from '../kernel/errors.ts';
import type { Handlers } from '../kernel/handler.ts';
import type { Work, Works } from '../kernel/work.ts';
import type { Parts } from './parts.ts';

type Needs = Pick<Parts, 'calls' | 'nodes' | 'queue' | 'staff'>;

/** A call goes on without somebody: an agent who helped is ready again, unless they help in another one. */
export async function leaveCall(
  { calls, queue }: Pick<Parts, 'calls' | 'queue'>,
  work: Work,
  { callId, staffId, reason }: { callId: string; staffId: string; reason: string },
): Promise<void> {
  await calls.leave(work, callId, { staffId, reason });
  await queue.agentFree(work, staffId, { callId, stillIn: await calls.attendedIn(work, staffId) });
}

/**
 * Whether somebody's line is up, and stays so until the work ends: one that went down before its owner was in the call was
 * lost before there was a call to say so. Asked before the call is touched, in the order in which a lost line takes both.
 */
export const isHere = ({ nodes }: Pick<Parts, 'nodes'>, work: Work, staffId: string): Promise<boolean> =>
  nodes.lineHeld(work, `staff:${staffId}`);

/**
 * Somebody comes into a call beside its agent. Who is on duty as an agent helps, and gets no offer meanwhile; a
 * supervisor need not be. `wrong-state` while an offer rings for them or they wrap up: they would be in two calls.
 */
export async function attendCall(
  { calls, nodes, queue }: Pick<Parts, 'calls' | 'nodes' | 'queue'>,
  work: Work,
  { callId, ...how }: { callId: string } & Parameters<Parts['calls']['attend']>[2],
): Promise<void> {
  const at = (await queue.agentIn(work, how.staffId))?.at;
  if (at === 'offered' || at === 'wrap-up') throw new Refusal('wrong-state', `a call is not joined from ${at}`);
  const here = await isHere({ nodes }, work, how.staffId);
  await calls.attend(work, callId, how);
  if (!here) await calls.participantLost(work, { staffId: how.staffId });
  if (at === 'ready' || at === 'helping') await queue.agentInCall(work, how.staffId, { callId, at: 'helping' });
}

/**
 * The agent, or branch staff who have joined, ask a colleague or a supervisor into the call; they come, take the lead
 * over, and leave.
 */
export function joinCall(needs: Needs) {
  const { calls, queue, staff } = needs;
  return {
    'call:colleagues': async ({ caller }, { callId }) => {
      if (!(await calls.mayInvite(callId, caller.id))) throw new Refusal('not-found', 'no such call of this person');
      const ready = await queue.colleagues({ except: caller.id });
      const names = await staff.names(ready.map(({ staffId }) => staffId));
      return {
        colleagues: ready.map(({ staffId, skills, languages }) => ({
          staffId: staffId as StaffId,
          name: names.get(staffId) ?? '',
          skills,
          languages,
        })),
      };
    },
    'call:invite': async ({ caller, work }, { callId, to, note }) => {
      if (to === caller.id) throw new Refusal('wrong-state', 'nobody asks themselves');
      if (to !== null && (await queue.agentIn(work, to))?.at !== 'ready')
        throw new Refusal('wrong-state', 'this colleague is not ready any more');
      return { invitationId: (await calls.invite(work, callId, { from: caller.id, to, note })) as InvitationId };
    },
    'call:withdraw-invitation': async ({ caller, work }, { invitationId }) => {
      await calls.withdrawInvitation(work, invitationId, caller.id);
      return {};
    },
    'call:answer-invitation': async ({ caller, work }, { invitationId, comes }) => {
      const supervisor = caller.roles.includes('supervisor');
      const { callId, kind } = await calls.answerInvitation(work, invitationId, {
        staffId: caller.id,
        supervisor,
        comes,
      });
      if (!comes) return {};
      const role = kind === 'help' ? 'supervisor' : 'expert';
      await attendCall(needs, work, { callId, staffId: caller.id, role, mode: 'joined', reason: null });
      return {};
    },
    'call:leave': async ({ caller, work }, { callId }) => {
      await leaveCall(needs, work, { callId, staffId: caller.id, reason: 'left' });
      return {};
    },
    'call:pass-lead': async ({ caller, work }, { callId, to }) => {
      await calls.of(work, { staffId: caller.id }, callId);
      const heir = await staff.view(to, work.tx);
      if (!heir?.roles.includes('agent')) throw new Refusal('not-allowed', 'only agents serve customers');
      const here = { from: await isHere(needs, work, caller.id), to: await isHere(needs, work, to) };
      await calls.passLead(work, callId, { from: caller.id, to, how: 'passed' });
      // Whoever passed it may go only after the other has it, so both are there for a moment: introduced, then alone.
      await queue.agentInCall(work, caller.id, { callId, at: 'helping' });
      await calls.attend(work, callId, { staffId: caller.id, role: 'expert', mode: 'joined', reason: null });
      await queue.agentInCall(work, to, { callId, at: 'in-call', able: heir });
      if (!here.from) await calls.participantLost(work, { staffId: caller.id });
      if (!here.to) await calls.participantLost(work, { staffId: to });
      return {};
    },
  } satisfies Partial<Handlers>;
}

/** By the clock: nobody waits for an answer for ever, listens without end, or stays in a call with a dead line. */
export async function tendPeople(needs: Pick<Parts, 'calls' | 'clock' | 'queue'>, works: Works): Promise<void> {
  await works.bySystem((work) => needs.calls.expireInvitations(work));
  for (const { callId, staffId, reason } of await needs.calls.overdueAttendants(needs.clock()))
    await works.bySystem(async (work) => {
      if (await needs.calls.attendantIn(work, callId, staffId))
        await leaveCall(needs, work, { callId, staffId, reason });
    });
}
