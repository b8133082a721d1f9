import type { AloneStep, CarriedOut, DeskCase, KioskCase, OrderState } from '@openvtm/protocol';
import { calledAt } from './call-agent.ts';
import type { Parts } from './parts.ts';
import { aheadStep } from './send-ahead.ts';

/** What the bank's core did for a case; null while it did nothing. */
export async function receiptOf(
  { core, coreSimulator }: Pick<Parts, 'core' | 'coreSimulator'>,
  caseId: string,
  summary: string | null,
): Promise<CarriedOut | null> {
  const instruction = (await core.of(caseId)).at(-1);
  if (instruction?.state.at !== 'done') return null;
  const { reference, facts } = instruction.state;
  return {
    text: summary ?? '',
    reference,
    facts: Object.entries(facts).map(([name, value]) => ({ name, value })),
    doneAt: instruction.settledAt ?? 0,
    simulated: coreSimulator !== null,
  };
}

/** How far the order of a case is, in the words of the desk; null while nothing was ordered. */
async function orderOf({ core }: Pick<Parts, 'core'>, caseId: string): Promise<OrderState | null> {
  const instruction = (await core.of(caseId)).at(-1);
  if (!instruction) return null;
  const { state, orderedAt } = instruction;
  if (state.at === 'done') return { at: 'done', reference: state.reference };
  if (state.at === 'refused') return { at: 'refused', reason: state.reason };
  if (state.at === 'stuck') return { at: 'stuck' };
  return { at: 'under-way', since: orderedAt, attempts: state.attempts };
}

/** The case as the agent at the desk sees it, with what the bank's core says. */
export async function showDesk(needs: Pick<Parts, 'core'>, shown: DeskCase | null): Promise<DeskCase | null> {
  return shown && { ...shown, order: await orderOf(needs, shown.caseId) };
}

/** Where a case may have been carried out in a call. */
const AFTER_CALL = new Set<KioskCase['at']>(['confirmed', 'rating']);

/** Where branch staff may have a teller called. */
const BEFORE_CALL = new Set<KioskCase['at']>(['consent', 'waiting']);

type Needs = Pick<Parts, 'cases' | 'core' | 'coreSimulator' | 'help' | 'identities' | 'reviews' | 'services' | 'staff'>;

/** The case at a kiosk as its customer sees it, with what other modules know of the step it stands at. */
export async function showStep(needs: Needs, kioskId: string): Promise<KioskCase | null> {
  const shown = await needs.cases.kioskView(kioskId);
  if (!shown) return null;
  if (BEFORE_CALL.has(shown.at)) return { ...shown, calledBy: await calledAt(needs, kioskId) };
  if (AFTER_CALL.has(shown.at)) return { ...shown, receipt: await receiptOf(needs, shown.caseId, shown.summary) };
  if (!shown.step) return shown;
  return aheadStep(needs, { ...shown, step: await fillIn(needs, shown, shown.step) });
}

async function fillIn(needs: Needs, { caseId, summary }: KioskCase, step: AloneStep): Promise<AloneStep> {
  const { core, coreSimulator, identities } = needs;
  const simulated = coreSimulator !== null;
  if (step.kind === 'identify') {
    const sent = await identities.of(caseId);
    if (!sent) return step;
    const text = coreSimulator?.texts.findLast(({ customerId }) => customerId === sent.customerId)?.text ?? null;
    const { sentTo: to, sentAt: at, expiresAt, triesLeft } = sent;
    return { ...step, sent: { to, at, expiresAt, triesLeft }, simulated: text };
  }
  if (step.kind === 'receipt') return { ...step, ...(await receiptOf(needs, caseId, summary)) };
  if (step.kind !== 'carry-out') return step;
  const order = await orderOf({ core }, caseId);
  if (order?.at === 'refused' || order?.at === 'stuck') return { ...step, simulated, state: order };
  return { ...step, simulated, state: order?.at === 'under-way' ? order : { at: 'under-way', since: 0, attempts: 0 } };
}
