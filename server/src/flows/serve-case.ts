import type { ReadFact } from '@openvtm/protocol';
import type { Handlers, StaffCaller } from '../kernel/handler.ts';
import { Refusal } from '../kernel/errors.ts';
import type { Work } from '../kernel/work.ts';
import { joinOnConsent } from './call-agent.ts';
import { orderWhatIsDue } from './carry-out.ts';
import { endCall } from './end-call.ts';
import type { Parts } from './parts.ts';
import { leaveCase } from './put-by.ts';
import { requireSeconded } from './second-review.ts';
import { requireUnreviewed } from './send-ahead.ts';

type Needs = Pick<
  Parts,
  | 'appointments'
  | 'calls'
  | 'cases'
  | 'core'
  | 'documents'
  | 'help'
  | 'kiosks'
  | 'quality'
  | 'queue'
  | 'recalls'
  | 'reviews'
  | 'services'
  | 'signing'
  | 'staff'
>;

/** An agent works on a case only while in a call about it. */
export async function requireInCall(
  needs: Pick<Parts, 'calls'>,
  work: Work,
  { caller, caseId }: { caller: StaffCaller; caseId: string },
): Promise<string> {
  const call = await needs.calls.activeIn(work, { staffId: caller.id });
  if (call?.caseId !== caseId) throw new Refusal('not-found', 'not in a call about this case');
  return call.callId;
}

const TAKEN: ReadonlySet<string> = new Set(['captured', 'provisional', 'accepted']);

/** Whether the step asks for a picture that was not taken. */
async function lacksPicture(
  { cases, documents }: Needs,
  work: Work,
  { caseId, step }: { caseId: string; step: string },
): Promise<boolean> {
  const wanted = await cases.captureStep(work, caseId, step);
  if (!wanted) return false;
  const taken = await documents.ofCase(caseId);
  return !taken.some(({ kind, state }) => kind === wanted.document && TAKEN.has(state.at));
}

/** Only a kiosk with a reader reads; whether typing is offered beside it is for the screen, which knows if it is in order. */
async function mayEnter(
  { kiosks }: Pick<Parts, 'kiosks'>,
  { kioskId, reads, origin }: { kioskId: string; reads: ReadFact | undefined; origin: 'customer' | 'reader' },
): Promise<void> {
  if (origin !== 'reader') return;
  const readers = (await kiosks.view(kioskId))?.readers;
  const via = reads?.startsWith('id-card.') ? readers?.idCard : readers?.bankCard;
  if (reads === undefined || via === undefined || via === 'none')
    throw new Refusal('not-allowed', 'no reader of this kiosk reads it');
}

/** A case from its first touch at the kiosk to the rating: what the customer does, and what the agent does with it in the call. */
export function serveCase(needs: Needs) {
  const { calls, cases, queue, services } = needs;
  return {
    'case:start': async ({ caller, work }, { serviceId, language, print }) => {
      if (await calls.activeIn(work, { kioskId: caller.id })) throw new Refusal('wrong-state', 'a call is running');
      const unfinished = await cases.openOfKiosk(work, caller.id);
      await needs.recalls.taken(work, caller.id);
      if (unfinished) {
        await queue.leave(work, unfinished.caseId, 'replaced');
        await leaveCase(needs, work, { caseId: unfinished.caseId, reason: 'replaced' });
      }
      const started = await cases.start(work, {
        kioskId: caller.id,
        device: caller.device,
        serviceId,
        language,
        print,
      });
      return { caseId: started.caseId };
    },
    'case:present': async ({ caller, work }, { caseId, language, print }) => {
      await cases.ofKiosk(work, caller.id, caseId);
      await cases.present(work, caseId, { language, print });
      return {};
    },
    'case:consent': async ({ caller, work }, { caseId, version }) => {
      await cases.ofKiosk(work, caller.id, caseId);
      await cases.consent(work, caseId, version);
      await joinOnConsent(needs, work, { caseId, kioskId: caller.id, branchId: caller.branchId });
      return {};
    },
    'case:fill': async ({ caller, work }, { caseId, name, value, seen, origin = 'customer' }) => {
      const { serviceId, at } = await cases.ofKiosk(work, caller.id, caseId);
      await requireUnreviewed(needs, work, { caseId, at });
      const { reads } = services.get(serviceId).form.schema.properties[name] ?? {};
      await mayEnter(needs, { kioskId: caller.id, reads, origin });
      if ((await needs.core.of(caseId)).length > 0) throw new Refusal('wrong-state', 'it was ordered as it is');
      return { revision: await cases.fill(work, caseId, { name, value, seen, by: 'customer', origin }) };
    },
    'case:pass': async ({ caller, work }, { caseId, step, confirms }) => {
      await cases.ofKiosk(work, caller.id, caseId);
      if (await lacksPicture(needs, work, { caseId, step }))
        throw new Refusal('invalid-value', 'no picture was taken yet');
      await cases.pass(work, caseId, { step, confirms });
      await orderWhatIsDue(needs, work, caseId);
      return {};
    },
    'case:assess': async ({ caller, work }, { caseId, step, answers }) => {
      await cases.ofKiosk(work, caller.id, caseId);
      await cases.assess(work, caseId, { step, answers });
      await orderWhatIsDue(needs, work, caseId);
      return {};
    },
    'case:back': async ({ caller, work }, { caseId }) => {
      const { at } = await cases.ofKiosk(work, caller.id, caseId);
      await requireUnreviewed(needs, work, { caseId, at });
      await cases.back(work, caseId);
      return {};
    },
    'case:abandon': async ({ caller, work }, { caseId, reason }) => {
      await cases.ofKiosk(work, caller.id, caseId);
      await queue.leave(work, caseId, reason);
      const call = await calls.activeIn(work, { kioskId: caller.id });
      if (call) await endCall(needs, work, { callId: call.callId, reason: 'kiosk-reset' });
      await leaveCase(needs, work, { caseId, reason });
      return {};
    },
    'case:confirm': async ({ caller, work }, { caseId, agreed }) => {
      await cases.ofKiosk(work, caller.id, caseId);
      await cases.answer(work, caseId, agreed);
      return {};
    },
    'case:rate': async ({ caller, work }, { caseId, stars }) => {
      await cases.ofKiosk(work, caller.id, caseId);
      await cases.rate(work, caseId, stars);
      return {};
    },

    'case:tick': async ({ caller, work }, { caseId, step, done }) => {
      await requireInCall(needs, work, { caller, caseId });
      await cases.tick(work, caseId, { step, done, staffId: caller.id });
      return {};
    },
    'case:reveal': async ({ caller, work }, { caseId, name, reason }) => {
      await requireInCall(needs, work, { caller, caseId });
      return { value: await cases.reveal(work, caseId, { name, reason }) };
    },
    'case:correct': async ({ caller, work }, { caseId, name, value, seen }) => {
      await requireInCall(needs, work, { caller, caseId });
      return { revision: await cases.correct(work, caseId, { name, value, seen, staffId: caller.id }) };
    },
    'case:settle': async ({ caller, work }, { caseId, name, agreed, seen }) => {
      await cases.ofKiosk(work, caller.id, caseId);
      await cases.settle(work, caseId, { name, agreed, seen });
      return {};
    },
    'case:propose': async ({ caller, work }, { caseId, summary }) => {
      await requireInCall(needs, work, { caller, caseId });
      await requireSeconded(needs, work, caseId);
      await cases.propose(work, caseId, summary);
      return {};
    },
  } satisfies Partial<Handlers>;
}
