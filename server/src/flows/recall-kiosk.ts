import type { DroppedCall, KioskRecall } from '@openvtm/protocol';
import { Refusal } from '../kernel/errors.ts';
import type { Handlers } from '../kernel/handler.ts';
import type { Work, Works } from '../kernel/work.ts';
import type { Dropped } from '../modules/recalls/index.ts';
import { continueCase } from './continue-case.ts';
import { ticketOf } from './join-queue.ts';
import { kioskPeer, type Parts } from './parts.ts';
import { leaveCase, putBy } from './put-by.ts';

type Needs = Pick<
  Parts,
  | 'appointments'
  | 'calls'
  | 'cases'
  | 'core'
  | 'documents'
  | 'handovers'
  | 'kiosks'
  | 'nodes'
  | 'queue'
  | 'recalls'
  | 'reviews'
  | 'services'
  | 'staff'
>;

/**
 * The kiosk dropped out of the call for good: the case leaves it, for nobody knows who will stand there, and is kept for
 * its agent to ask for its customer. What the core has done needs no second call; that case is closed.
 */
export async function keepDropped(
  needs: Pick<Parts, 'cases' | 'core' | 'documents' | 'recalls' | 'reviews'>,
  work: Work,
  call: { callId: string; caseId: string; kioskId: string; staffId: string },
): Promise<void> {
  const { cases, core, recalls } = needs;
  const { callId, caseId } = call;
  if ((await core.of(caseId)).length === 0) {
    await cases.callEnded(work, caseId, false);
    if (await putBy(needs, work, { caseId, under: callId })) {
      await recalls.keep(work, call);
      return;
    }
  }
  await leaveCase(needs, work, { caseId, reason: 'idle' });
}

/** The agent of a dropped call has its kiosk ask for the customer, who goes on with the same case before others. */
export function recallKiosk(needs: Needs) {
  const { calls, cases, nodes, queue, recalls, staff } = needs;

  /** Whoever asked is free for the customer now: a wrap-up of the dropped call is over, and so is a break. */
  const freeAgent = async (work: Work, { callId, staffId }: Dropped) => {
    const agent = await queue.agentIn(work, staffId);
    if (agent?.at === 'wrap-up' && agent.callId === callId) {
      try {
        await queue.agentWrapUpDone(work, staffId, { callId, then: 'ready', hasOutcome: true });
      } catch (error) {
        // They ended it themselves in this moment: the customer waits for them as they are now.
        if (error instanceof Refusal && error.code === 'wrong-state') return;
        throw error;
      }
      await calls.keepOutcome(work, callId, { outcome: 'technical-problem', note: '' });
    } else if (agent?.at === 'break' && (await calls.attendedIn(work, staffId)) === null) {
      const person = await staff.view(staffId, work.tx);
      if (!person) return;
      const { skills, languages, branchId } = person;
      await queue.agentReady(work, { staffId, skills, languages, branchId });
    }
  };

  return {
    'recall:ring': async ({ caller, work }, { callId }) => {
      const dropped = await recalls.kept(work, { callId, staffId: caller.id });
      const agent = await queue.agentIn(work, caller.id);
      const wrapsUp = agent?.at === 'wrap-up' && agent.callId === callId;
      if (!agent || !(wrapsUp || agent.at === 'ready' || agent.at === 'break'))
        throw new Refusal('wrong-state', 'not free for this customer');
      if ((await calls.attendedIn(work, caller.id)) !== null)
        throw new Refusal('wrong-state', 'in the call of another customer');
      const { kioskId } = dropped;
      const peer = kioskPeer(kioskId);
      if (!(await nodes.holders([peer])).has(peer)) return { is: 'away' as const };
      if ((await cases.openOfKiosk(work, kioskId)) !== null) return { is: 'busy' as const };
      await recalls.ring(work, dropped);
      return { is: 'rings' as const };
    },
    'recall:stop': async ({ caller, work }, { callId }) => {
      await recalls.stop(work, await recalls.kept(work, { callId, staffId: caller.id }));
      return {};
    },
    'recall:answer': async ({ caller, work }, { recallId, comes }) => {
      const dropped = await recalls.answer(work, { recallId, kioskId: caller.id, comes });
      if (!comes) return {};
      const { callId, caseId, staffId } = dropped;
      if ((await cases.openOfKiosk(work, caller.id)) !== null)
        throw new Refusal('wrong-state', 'something else was begun here');
      if (!(await continueCase(needs, work, { caller, caseId, fromKioskId: callId })))
        throw new Refusal('expired', 'the case is not kept any more');
      await freeAgent(work, dropped);
      const brief = await cases.ofKiosk(work, caller.id, caseId);
      await cases.joinQueue(work, caseId);
      await queue.join(work, {
        ...(await ticketOf(needs, work, { ...brief, caseId, kioskId: caller.id, branchId: caller.branchId })),
        handBack: true,
        preferredStaffId: staffId,
      });
      return {};
    },
  } satisfies Partial<Handlers>;
}

/** Rings end at their deadline; a case that nobody asked for in time is closed, as its customer has left. */
export async function tendRecalls(
  needs: Pick<Parts, 'cases' | 'documents' | 'recalls' | 'reviews'>,
  works: Works,
): Promise<void> {
  await works.bySystem(async (work) => {
    for (const { caseId } of await needs.recalls.tend(work)) await leaveCase(needs, work, { caseId, reason: 'idle' });
  });
}

/** What a kiosk asks whoever stands there. */
export async function shownRecall(
  { cases, recalls, staff }: Pick<Parts, 'cases' | 'recalls' | 'staff'>,
  kioskId: string,
): Promise<KioskRecall | null> {
  const ring = await recalls.ringingAt(kioskId);
  if (!ring) return null;
  const { recallId, caseId, staffId, deadline } = ring;
  const [names, desk] = await Promise.all([staff.names([staffId]), cases.deskView(caseId)]);
  if (!desk) return null;
  const { language, print } = desk;
  return { recallId, agent: names.get(staffId) ?? '', deadline, language, print };
}

/** The calls that an agent may have go on. */
export async function shownDropped(
  { cases, kiosks, recalls, services }: Pick<Parts, 'cases' | 'kiosks' | 'recalls' | 'services'>,
  staffId: string,
): Promise<DroppedCall[]> {
  const all = await Promise.all(
    (await recalls.ofStaff(staffId)).map(async ({ callId, caseId, kioskId, droppedAt, keptUntil, ring }) => {
      const [kiosk, desk] = await Promise.all([kiosks.view(kioskId), cases.deskView(caseId)]);
      if (!kiosk || !desk) return [];
      const { title, icon } = services.get(desk.service.id);
      return [
        {
          callId,
          service: { title, icon },
          kiosk: { name: kiosk.name, branch: kiosk.branch },
          droppedAt,
          keptUntil,
          ring,
        },
      ];
    }),
  );
  return all.flat();
}
