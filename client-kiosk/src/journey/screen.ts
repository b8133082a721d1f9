import type {
  CallView,
  CaseId,
  DocumentView,
  KioskCase,
  KioskSnapshot,
  Refusal,
  ServiceCard,
  TicketView,
} from '@openvtm/protocol';
import type { EnrolProblem } from '../enrol/identity.ts';

/** What only this page knows; everything else that decides the screen comes from the server's snapshot. */
export type Local = {
  identity: { at: 'opening' } | { at: 'none'; problem: EnrolProblem | null } | { at: 'known' };
  line: { at: 'connecting' | 'live' } | { at: 'lost' } | { at: 'closed'; reason: Refusal };
  /** The customer has pressed Start and is choosing a service. */
  browsing: boolean;
  /** The customer has just been served. */
  thanking: boolean;
  /** A case whose customer has left although the server could not be told yet: nobody else may see it. */
  leaving: CaseId | null;
};

type InCase = { case: KioskCase };
type InCall = InCase & { call: CallView | null };

/** Every screen of the kiosk, with what it shows. */
export type Screen =
  | { at: 'starting'; lost: boolean }
  | { at: 'enrol'; problem: EnrolProblem | null }
  | { at: 'closed'; reason: Refusal }
  | { at: 'welcome' }
  | { at: 'services'; services: ServiceCard[] }
  | ({ at: 'consent' } & InCase)
  | ({ at: 'form' } & InCase)
  | ({ at: 'waiting'; ticket: TicketView | null } & InCase)
  | ({ at: 'call' } & InCall)
  | ({ at: 'capture'; document: DocumentView } & InCall)
  | ({ at: 'confirm' } & InCall)
  | ({ at: 'rating' } & InCase)
  | { at: 'thanks' };

/** The documents that the customer still has to photograph, the longest asked first. */
export function documentsToTake(documents: DocumentView[]): DocumentView[] {
  return documents
    .filter(({ state }) => state.at === 'asked' || state.at === 'returned')
    .toSorted((a, b) => a.askedAt - b.askedAt);
}

/** The services that the customer chooses from, in the catalogue's order. */
export const listedServices = (services: ServiceCard[]): ServiceCard[] =>
  services.filter(({ listed }) => listed).toSorted((a, b) => a.order - b.order);

/** The customer's case, unless it is over or its customer has left. */
export function runningCase(snapshot: KioskSnapshot | null, leaving: CaseId | null): KioskCase | null {
  const found = snapshot?.case ?? null;
  return found === null || found.at === 'closed' || found.caseId === leaving ? null : found;
}

/** The one screen for a state. Pure; a reload gives the same screen, for all that matters is in the snapshot. */
export function screenOf(snapshot: KioskSnapshot | null, local: Local): Screen {
  if (local.identity.at === 'none') return { at: 'enrol', problem: local.identity.problem };
  if (local.line.at === 'closed') return { at: 'closed', reason: local.line.reason };
  if (snapshot === null || local.identity.at === 'opening') return { at: 'starting', lost: local.line.at === 'lost' };
  const running = runningCase(snapshot, local.leaving);
  if (running !== null) return screenOfCase(running, snapshot);
  if (local.thanking) return { at: 'thanks' };
  return local.browsing ? { at: 'services', services: listedServices(snapshot.services) } : { at: 'welcome' };
}

function screenOfCase(running: KioskCase, { ticket, call, documents }: KioskSnapshot): Screen {
  switch (running.at) {
    case 'consent':
    case 'form':
    case 'rating':
      return { at: running.at, case: running };
    case 'waiting':
      return { at: 'waiting', case: running, ticket };
    case 'confirming':
      return { at: 'confirm', case: running, call };
    case 'serving':
    case 'confirmed': {
      const document = call === null ? undefined : documentsToTake(documents)[0];
      return document ? { at: 'capture', case: running, call, document } : { at: 'call', case: running, call };
    }
    case 'closed':
      return { at: 'welcome' };
    default:
      return running.at satisfies never;
  }
}

/** Screens on which the teller's picture stays. */
export const isInCall = (screen: Screen): screen is Extract<Screen, { call: unknown }> =>
  screen.at === 'call' || screen.at === 'capture' || screen.at === 'confirm';

/** Media is held warm from the queue on, so that the picture is there the moment a teller answers. */
export function wantsMedia(snapshot: KioskSnapshot | null, leaving: CaseId | null): boolean {
  const running = runningCase(snapshot, leaving);
  if (running === null) return false;
  return snapshot?.call != null || ['waiting', 'serving', 'confirming', 'confirmed'].includes(running.at);
}
