import type { CallId, CaseId, DocumentId, In, OfferView } from '@openvtm/protocol';
import type { LabKiosk } from './kiosk.ts';
import type { LabStaff } from './staff.ts';

type ServiceId = In<'case:start'>['serviceId'];
/** Any agent of the demonstration who speaks the language may serve it, and it has no form. */
export const TALK = 'talk-to-a-teller' as ServiceId;
export const LOST_CARD = 'replace-lost-card' as ServiceId;

/** A customer at a kiosk chooses a service and agrees. */
export async function startCase(
  kiosk: LabKiosk,
  { service = TALK, language = 'zh-CN' }: { service?: ServiceId; language?: 'zh-CN' | 'en' } = {},
): Promise<CaseId> {
  const { caseId } = await kiosk.must('case:start', { serviceId: service, language, print: 'normal' });
  const { version } = await kiosk.until((shown) => shown.case?.caseId === caseId && shown.case.service.consent);
  await kiosk.must('case:consent', { caseId, version });
  return caseId;
}

/** … and asks for a teller. */
export async function joinQueue(kiosk: LabKiosk, options: Parameters<typeof startCase>[1] = {}) {
  const caseId = await startCase(kiosk, options);
  const { ticketId } = await kiosk.must('queue:join', { caseId });
  return { caseId, ticketId };
}

/** The offer that rings at the agent's desk, as soon as one does. */
export const ringing = (agent: LabStaff, not?: string): Promise<OfferView> =>
  agent.until(({ agent: state }) => state?.at === 'offered' && state.offer.offerId !== not && state.offer);

export type InCall = { caseId: CaseId; callId: CallId };

/** A customer and an agent in a call, both screens showing it. */
export async function startCall(
  { kiosk, agent }: { kiosk: LabKiosk; agent: LabStaff },
  options: Parameters<typeof startCase>[1] = {},
): Promise<InCall> {
  const { caseId } = await joinQueue(kiosk, options);
  const { offerId } = await ringing(agent);
  const { callId } = await agent.must('call:accept', { offerId });
  await kiosk.until(({ call, case: aCase }) => call?.callId === callId && aCase?.at === 'serving');
  await agent.until(({ call, case: aCase }) => call?.callId === callId && aCase?.caseId === caseId);
  return { caseId, callId };
}

/** The revision of a value that a screen shows; 0 where there is none. */
export const seenBy = ({ shown }: LabKiosk | LabStaff, name: string): number =>
  shown.case?.values.find((one) => one.name === name)?.revision ?? 0;

/** The agent asks for the front of the ID card and the kiosk shows that it was asked for. */
export async function askDocument(
  { kiosk, agent }: { kiosk: LabKiosk; agent: LabStaff },
  caseId: CaseId,
): Promise<DocumentId> {
  const { documentId } = await agent.must('document:ask', { caseId, kind: 'id-card-front', camera: 'document' });
  await kiosk.until(({ documents }) => documents.some((one) => one.documentId === documentId));
  return documentId;
}

/** The agent ends the call and the wrap-up, and is ready again. */
export async function finishCall(agent: LabStaff, callId: CallId): Promise<void> {
  await agent.must('call:end', { callId });
  await agent.must('queue:wrap-up', { callId, outcome: 'complete', note: '', then: 'ready' });
}
