import type { TransferTo } from '@openvtm/protocol';
import { Refusal } from '../kernel/errors.ts';
import type { Handlers } from '../kernel/handler.ts';
import type { PassedTo, PassTargets } from '../modules/queue/index.ts';
import { endCall } from './end-call.ts';
import { ticketOf } from './join-queue.ts';
import type { Parts } from './parts.ts';

type Needs = Pick<
  Parts,
  | 'appointments'
  | 'calls'
  | 'cases'
  | 'core'
  | 'documents'
  | 'kiosks'
  | 'quality'
  | 'queue'
  | 'recalls'
  | 'reviews'
  | 'services'
  | 'signing'
  | 'staff'
>;

/** Whom the queue is asked for beside what the service asks. */
const passedTo = (to: TransferTo): PassedTo | null => (to.is === 'skill' || to.is === 'queue' ? to : null);

/** Whoever is to have the customer must be there, or the agent knows that nobody is. */
function requireSomebody(targets: PassTargets, { to, evenIfNobody }: { to: TransferTo; evenIfNobody: boolean }): void {
  if (to.is === 'agent') return;
  const queue = to.is === 'queue' ? targets.queues.find(({ id }) => id === to.queueId) : undefined;
  const target =
    to.is === 'anybody'
      ? targets.anybody
      : (queue ?? (to.is === 'skill' && targets.skills.find(({ id }) => id === to.skill)));
  if (!target) throw new Refusal('not-found', 'no such skill or queue');
  if (!evenIfNobody && (target.onDuty === 0 || queue?.closed))
    throw new Refusal('nobody-there', 'nobody on duty could serve the customer there');
}

/**
 * The agent passes the customer on without a talk between colleagues: the call ends, and the case waits again with what
 * it has waited before, ahead of others, with a note for whoever serves next. To a colleague, to those who have a skill,
 * to another queue, or to whoever can.
 */
export function transferCall(needs: Needs) {
  const { calls, cases, kiosks, queue, services, staff } = needs;
  return {
    'call:transfer-targets': async ({ caller }, { callId }) => {
      const call = await calls.activeOf({ staffId: caller.id });
      if (call?.callId !== callId) throw new Refusal('not-found', 'no such call of this agent');
      const [desk, kiosk] = await Promise.all([cases.deskView(call.caseId), kiosks.view(call.kioskId)]);
      if (!desk || !kiosk) throw new Refusal('not-found', 'no such case');
      const { category: family, skills } = services.get(desk.service.id);
      const wish = { branchId: kiosk.branchId, family, skills, language: desk.language };
      return queue.passTargets(wish, { except: caller.id });
    },
    'call:transfer': async ({ caller, work }, { callId, to, note, evenIfNobody = false }) => {
      const call = await calls.lockedOf(work, { staffId: caller.id }, callId);
      const colleague = to.is === 'agent' ? to.staffId : null;
      if (colleague === caller.id) throw new Refusal('wrong-state', 'nobody passes a customer on to themselves');
      // Who listens or whispers has nothing to lose by it, and a listener may not be told of.
      const others = await calls.attendants([callId]);
      if (others.some(({ role, mode }) => role !== 'branch-staff' && mode === 'joined'))
        throw new Refusal('wrong-state', 'colleagues are in the call: pass the lead');
      const agent = colleague === null ? null : await queue.agentIn(work, colleague);
      if (colleague !== null && (!agent || agent.at === 'offline' || agent.at === 'break'))
        throw new Refusal('wrong-state', 'this colleague is not on duty');
      const brief = await cases.brief(work, call.caseId);
      if (colleague !== null && !(await staff.view(colleague, work.tx))?.languages.includes(brief.language))
        throw new Refusal('invalid-value', "this colleague does not speak the customer's language");
      const kiosk = await kiosks.view(call.kioskId);
      if (!kiosk) throw new Refusal('not-found', 'no such kiosk');
      const { kioskId } = call;
      const wish = await ticketOf(needs, work, { ...brief, caseId: call.caseId, kioskId, branchId: kiosk.branchId });
      const asks = { ...wish, branchId: kiosk.branchId, family: services.get(brief.serviceId).category };
      requireSomebody(await queue.passTargets(asks, { except: caller.id }, work.tx), { to, evenIfNobody });
      // Somebody ended it in this very moment: then there is nobody to pass on.
      if (!(await endCall(needs, work, { callId, reason: 'transferred' })))
        throw new Refusal('wrong-state', 'the call is over');
      await calls.keepPassedNote(work, callId, note);
      await queue.join(work, {
        ...wish,
        passed: { by: caller.id, to: passedTo(to) },
        handBack: true,
        preferredStaffId: colleague,
      });
      return {};
    },
  } satisfies Partial<Handlers>;
}
