import { documentsToTake } from '@openvtm/protocol';
import type {
  AloneStep,
  AppointmentView,
  CallView,
  CaseId,
  ChatView,
  DocumentView,
  ExplainingView,
  FollowedCase,
  HandoutOffer,
  KioskCase,
  KioskRecall,
  KioskSnapshot,
  PaperView,
  MarkedPage,
  Refusal,
  ServiceCard,
  TicketView,
} from '@openvtm/protocol';
import type { EnrolProblem } from '../enrol/identity.ts';
import { bookableServices, type Booking } from './booking.ts';
import { isCallBackShown, type CallBack, type KeptPlace } from './call-back.ts';
import type { SentAhead, SentCase } from './sent-ahead.ts';

/** What only this page knows; everything else that decides the screen comes from the server's snapshot. */
export type Local = {
  identity: { at: 'opening' } | { at: 'none'; problem: EnrolProblem | null } | { at: 'known' };
  line: { at: 'connecting' | 'live' } | { at: 'lost' } | { at: 'closed'; reason: Refusal };
  /** The customer has pressed Start and is choosing a service. */
  browsing: boolean;
  /** The customer has a code to enter or to show to the camera. */
  entering: boolean;
  /** The customer is booking an appointment, or moving it. */
  booking: Booking | null;
  /** The customer wants to be called back, or has just been promised it. */
  callBack: CallBack | null;
  /** A case is being sent ahead from this kiosk, or was just sent. */
  sentAhead: SentAhead | null;
  /** The customer has just been served. */
  thanking: boolean;
  /** A case whose customer has left although the server could not be told yet: nobody else may see it. */
  leaving: CaseId | null;
  /** Taking papers along after the call: wanted, done with, or (null) as there are any. */
  handingOut: boolean | null;
  /** In the call, the customer looks at the form. */
  sharing: boolean;
  /** In the call, the customer looks at what was written. */
  chatting: boolean;
};

type InCase = { case: KioskCase };
type StepOf<K extends AloneStep['kind']> = Extract<AloneStep, { kind: K }>;
type InCall = InCase & { call: CallView | null };

/** Every screen of the kiosk, with what it shows. */
export type Screen =
  | { at: 'starting'; lost: boolean }
  | { at: 'enrol'; problem: EnrolProblem | null }
  | { at: 'closed'; reason: Refusal }
  | { at: 'welcome' }
  | { at: 'self-test' }
  | { at: 'recall'; recall: KioskRecall }
  | { at: 'code' }
  | { at: 'book'; booking: Booking; services: ServiceCard[]; appointment: AppointmentView | null }
  | { at: 'appointment'; appointment: AppointmentView }
  | { at: 'followed'; followed: FollowedCase }
  | { at: 'services'; services: ServiceCard[] }
  | ({ at: 'consent' } & InCase)
  | ({ at: 'form' } & InCase)
  | ({ at: 'explain'; step: StepOf<'explain'> } & InCase)
  | ({ at: 'assess'; step: StepOf<'risk-assessment'> } & InCase)
  | ({ at: 'agree'; step: StepOf<'confirm'> } & InCase)
  | ({ at: 'identify'; step: StepOf<'identify'> } & InCase)
  | ({ at: 'carry-out'; step: StepOf<'carry-out'> } & InCase)
  | ({ at: 'receipt'; step: StepOf<'receipt'> } & InCase)
  | ({ at: 'hand-over'; step: StepOf<'hand-over'> } & InCase)
  | ({ at: 'picture'; step: StepOf<'capture'> } & InCase)
  | ({ at: 'photograph'; document: DocumentView } & InCase)
  | ({ at: 'ahead'; step: StepOf<'ahead'> } & InCase)
  | { at: 'sent-ahead'; sent: SentCase }
  | ({ at: 'person'; step: StepOf<'person'> } & InCase)
  | ({ at: 'stopped'; step: StepOf<'stopped'> } & InCase)
  | ({ at: 'waiting'; ticket: TicketView | null } & InCase)
  | { at: 'call-back' }
  | { at: 'kept-place'; place: KeptPlace }
  | ({ at: 'call' } & InCall)
  | ({ at: 'sharing' } & InCall)
  | ({ at: 'chat'; chat: ChatView } & InCall)
  | ({ at: 'shown'; shown: MarkedPage } & InCall)
  | ({ at: 'explaining'; explaining: ExplainingView } & InCall)
  | ({ at: 'capture'; document: DocumentView } & InCall)
  | ({ at: 'confirm' } & InCall)
  | ({ at: 'paper'; paper: PaperView } & InCall)
  | ({ at: 'signed'; paper: PaperView } & InCall)
  | ({ at: 'handout'; offer: HandoutOffer } & InCase)
  | ({ at: 'rating' } & InCase)
  | { at: 'thanks' };

/** The paper that the customer has to read and sign, or to look at with the signature on it; the one made first. */
export const paperToSign = (papers: PaperView[]): PaperView | undefined =>
  papers.find(({ state }) => ['made', 'shown', 'read', 'signed'].includes(state.at));

/** Whether the customer signed anything: that is taken along before anything else is asked. */
const hasSigned = (papers: PaperView[]): boolean =>
  papers.some(({ kind, state }) => kind === 'agreement' && ['confirmed', 'sealing', 'sealed'].includes(state.at));

/** Whether there is anything to take along after the call: signed papers, or a receipt of what the bank did. */
export const mayHandOut = ({ handout, papers, case: one }: KioskSnapshot): boolean =>
  handout !== null && one?.at === 'rating' && (hasSigned(papers) || one.receipt !== null);

/** The services that the customer chooses from, in the catalogue's order. */
export const listedServices = (services: ServiceCard[]): ServiceCard[] =>
  services.filter(({ listed }) => listed).toSorted((a, b) => a.order - b.order);

/** The customer's case, unless it is over or its customer has left. */
export function runningCase(snapshot: KioskSnapshot | null, leaving: CaseId | null): KioskCase | null {
  const found = snapshot?.case ?? null;
  return found === null || found.at === 'closed' || found.caseId === leaving ? null : found;
}

const IN_CALL: ReadonlySet<KioskCase['at']> = new Set(['serving', 'confirming', 'confirmed']);
const BEFORE_THE_CALL: ReadonlySet<KioskCase['at']> = new Set(['consent', 'alone', 'waiting']);
/** What an appointment's own screen is for; who has arrived sees the case. */
const SHOWN: ReadonlySet<AppointmentView['at']> = new Set(['booked', 'missed', 'called-off']);

/** The one screen for a state. Pure; a reload gives the same screen, for all that matters is in the snapshot. */
export function screenOf(snapshot: KioskSnapshot | null, local: Local): Screen {
  if (local.identity.at === 'none') return { at: 'enrol', problem: local.identity.problem };
  if (local.line.at === 'closed') return { at: 'closed', reason: local.line.reason };
  if (snapshot === null || local.identity.at === 'opening') return { at: 'starting', lost: local.line.at === 'lost' };
  const running = runningCase(snapshot, local.leaving);
  const { booking, callBack } = local;
  // Booked while one waits or fills in, too; a call goes first.
  if (booking !== null && (running === null || BEFORE_THE_CALL.has(running.at))) {
    const { services, appointment } = snapshot;
    return { at: 'book', booking, services: bookableServices(services), appointment };
  }
  if (callBack !== null && isCallBackShown(callBack, running, snapshot.ticket))
    return callBack.at === 'kept' ? { at: 'kept-place', place: callBack.place } : { at: 'call-back' };
  if (running !== null) return screenOfCase(running, snapshot, local);
  // Whoever books, or holds a kept place, is another customer; all others are asked.
  if (snapshot.recall) return { at: 'recall', recall: snapshot.recall };
  if (local.sentAhead?.at === 'sent') return { at: 'sent-ahead', sent: local.sentAhead.sent };
  if (local.thanking) return { at: 'thanks' };
  if (local.entering) return { at: 'code' };
  const { appointment } = snapshot;
  // A kiosk shows what was just booked until its customer is done; a phone until something else is begun.
  if (appointment && SHOWN.has(appointment.at) && (!local.browsing || snapshot.kiosk.kind !== 'phone'))
    return { at: 'appointment', appointment };
  if (snapshot.followed !== null && !local.browsing) return { at: 'followed', followed: snapshot.followed };
  // Nobody is at it: what branch staff asked for can be done.
  if (snapshot.selfTest !== null && !local.browsing) return { at: 'self-test' };
  return local.browsing ? { at: 'services', services: listedServices(snapshot.services) } : { at: 'welcome' };
}

function screenOfCase(
  running: KioskCase,
  snapshot: KioskSnapshot,
  { sharing, chatting, handingOut }: Pick<Local, 'sharing' | 'chatting' | 'handingOut'>,
): Screen {
  const { ticket, call, chat, documents, papers, handout, explaining } = snapshot;
  // What the customer opened; what is asked meanwhile closes it, see `beneathChat`.
  if (chatting && call !== null && chat?.callId === call.callId && IN_CALL.has(running.at))
    return { at: 'chat', case: running, call, chat };
  switch (running.at) {
    case 'consent':
      return { at: 'consent', case: running };
    case 'rating':
      return handout !== null && (handingOut ?? hasSigned(papers))
        ? { at: 'handout', case: running, offer: handout }
        : { at: 'rating', case: running };
    case 'alone': {
      const document = documentsToTake(documents)[0];
      return document ? { at: 'photograph', case: running, document } : screenOfStep(running);
    }
    case 'waiting':
      return { at: 'waiting', case: running, ticket };
    case 'confirming':
      return { at: 'confirm', case: running, call };
    case 'serving':
    case 'confirmed': {
      // The agent opened it after all else that is asked: what is asked later takes it away.
      if (call !== null && call.held === null && explaining !== null)
        return { at: 'explaining', case: running, call, explaining };
      const document = call === null ? undefined : documentsToTake(documents)[0];
      if (document) return { at: 'capture', case: running, call, document };
      const paper = call !== null && running.at === 'confirmed' ? paperToSign(papers) : undefined;
      if (paper) return { at: paper.state.at === 'signed' ? 'signed' : 'paper', case: running, call, paper };
      const { shown } = snapshot.annotations;
      if (shown && call !== null) return { at: 'shown', case: running, call, shown };
      return { at: sharing && call !== null && mayShare(running) ? 'sharing' : 'call', case: running, call };
    }
    case 'closed':
      return { at: 'welcome' };
    default:
      return running.at satisfies never;
  }
}

/** The screen of a customer who works through the service's steps alone. */
function screenOfStep(running: KioskCase): Screen {
  const { step } = running;
  switch (step?.kind) {
    case 'explain':
      return { at: 'explain', case: running, step };
    case 'risk-assessment':
      return { at: 'assess', case: running, step };
    case 'confirm':
      return { at: 'agree', case: running, step };
    case 'identify':
      return { at: 'identify', case: running, step };
    case 'carry-out':
      return { at: 'carry-out', case: running, step };
    case 'receipt':
      return { at: 'receipt', case: running, step };
    case 'hand-over':
      return { at: 'hand-over', case: running, step };
    case 'capture':
      return { at: 'picture', case: running, step };
    case 'ahead':
      return { at: 'ahead', case: running, step };
    case 'person':
      return { at: 'person', case: running, step };
    case 'stopped':
      return { at: 'stopped', case: running, step };
    default:
      return { at: 'form', case: running };
  }
}

/** Whether a service asks for anything to be filled in. */
export const asks = ({ form }: Pick<KioskCase['service'], 'form'>): boolean => form.ui.elements.length > 0;

/** Whether there is a form for customer and teller to fill in together, and the time for it. */
export const mayShare = ({ at, service }: KioskCase): boolean => at === 'serving' && asks(service);

/** What makes a screen another one: a new document is a new screen; the same screen about the same thing is not. Pure. */
export function screenKey(screen: Screen): string {
  if ('document' in screen) return `capture ${screen.document.documentId}`;
  if ('explaining' in screen) return `explaining ${screen.explaining.sheetId} ${screen.explaining.openedAt}`;
  return 'paper' in screen ? `${screen.at} ${screen.paper.paperId}` : screen.at;
}

/** Screens on which the teller's picture stays. */
export const isInCall = (screen: Screen): screen is Extract<Screen, { call: unknown }> =>
  ['call', 'sharing', 'chat', 'shown', 'explaining', 'capture', 'confirm', 'paper', 'signed'].includes(screen.at);

/** Media is held warm from the queue on, so that the picture is there the moment a teller answers. */
export function wantsMedia(snapshot: KioskSnapshot | null, leaving: CaseId | null): boolean {
  const running = runningCase(snapshot, leaving);
  if (running === null) return false;
  return snapshot?.call != null || ['waiting', 'serving', 'confirming', 'confirmed'].includes(running.at);
}
