import type {
  AgentState,
  CallView,
  DocumentView,
  HelpId,
  HelpView,
  KioskPart,
  KioskSnapshot,
  OfferView,
  StaffPart,
  StaffSnapshot,
  TicketId,
} from '@openvtm/protocol';
import { BreakReason, type CallId, type OfferId } from '@openvtm/protocol';
import type { CallBrief } from '../modules/calls/index.ts';
import type { HelpBrief } from '../modules/help/index.ts';
import type { Parts } from './parts.ts';
import { branchDay, shownAppointment } from './book-appointment.ts';
import { placeOf } from './call-help.ts';
import { followedCase } from './hand-over.ts';
import { showDesk, showStep } from './show-step.ts';

/** What a kiosk's and a person's screen show, part by part, read fresh from the modules. */
export type Views = {
  kiosk: { [P in KioskPart]: (kioskId: string) => Promise<KioskSnapshot[P]> };
  staff: { [P in StaffPart]: (staffId: string) => Promise<StaffSnapshot[P]> };
  kioskSnapshot(kioskId: string): Promise<KioskSnapshot | null>;
  staffSnapshot(staffId: string): Promise<StaffSnapshot | null>;
  /** The kiosk at which a case is open. */
  kioskOf(caseId: string): Promise<string | null>;
  /** The devices that follow a case. */
  followersOf(caseId: string): Promise<string[]>;
  /** The agent whose desk shows this kiosk's case just now. */
  deskOf(kioskId: string): Promise<string | null>;
};

export function createViews(parts: Parts): Views {
  const { calls, cases, clock, demo, documents, handovers, help, kiosks, queue, services, sharing, staff } = parts;

  const callView = async (call: CallBrief | null): Promise<CallView | null> => {
    if (!call) return null;
    const [names, kiosk] = await Promise.all([staff.names([call.staffId]), kiosks.view(call.kioskId)]);
    return {
      callId: call.callId,
      caseId: call.caseId,
      startedAt: call.startedAt,
      participants: [
        {
          role: 'customer',
          name: kiosk?.name ?? '',
          here: call.customerLostAt === null,
          lostSince: call.customerLostAt,
        },
        {
          role: 'agent',
          name: names.get(call.staffId) ?? '',
          here: call.agentLostAt === null,
          lostSince: call.agentLostAt,
        },
      ],
    };
  };

  const offerView = async (staffId: string): Promise<OfferView | null> => {
    const offer = await queue.ringing(staffId);
    if (!offer) return null;
    const service = services.get(offer.serviceId);
    const [kiosk, desk, known, visit] = await Promise.all([
      kiosks.view(offer.kioskId),
      cases.deskView(offer.caseId),
      cases.known(offer.caseId),
      parts.appointments.ofVisit(offer.caseId),
    ]);
    if (!kiosk || !desk) return null;
    return {
      offerId: offer.offerId as OfferId,
      callId: offer.callId as CallId,
      madeAt: offer.madeAt,
      deadline: offer.deadline,
      waitedMs: Math.max(0, offer.madeAt - offer.joinedAt),
      service: { title: service.title, icon: service.icon },
      kiosk: { name: kiosk.name, branch: kiosk.branch },
      language: desk.language,
      print: desk.print,
      booked: visit?.at === 'arrived' ? { startsAt: visit.startsAt, zone: visit.zone } : null,
      known,
      why: offer.why,
      ticketId: offer.ticketId as TicketId,
    };
  };

  const agentState = async (staffId: string): Promise<AgentState | null> => {
    const person = await staff.view(staffId);
    if (!person?.roles.includes('agent')) return null;
    const agent = await queue.agent(staffId);
    if (!agent) return { at: 'offline', since: clock() };
    const since = agent.since;
    switch (agent.at) {
      case 'offered': {
        const offer = await offerView(staffId);
        return offer ? { at: 'offered', since, offer } : { at: 'ready', since };
      }
      case 'in-call':
      case 'hold':
      case 'helping':
        return { at: agent.at, since, callId: agent.callId as CallId };
      case 'wrap-up': {
        const { rule, until } = agent.wrapUp ?? { rule: { mode: 'until-done' as const, seconds: null }, until: null };
        return { at: 'wrap-up', since, callId: agent.callId as CallId, rule, until };
      }
      case 'break': {
        const known = BreakReason.safeParse(agent.reason);
        return { at: 'break', since, reason: known.success ? known.data : 'missed-offer' };
      }
      default:
        return { at: agent.at, since };
    }
  };

  /** The call on the agent's desk: the running one, or the one being wrapped up. */
  const deskCall = async (staffId: string): Promise<CallBrief | null> => {
    const agent = await queue.agent(staffId);
    return agent?.callId ? calls.byId(agent.callId) : null;
  };

  const helpView = async (one: HelpBrief): Promise<HelpView> => {
    const [kiosk, names] = await Promise.all([kiosks.view(one.kioskId), staff.names(one.staffId ? [one.staffId] : [])]);
    const by = one.staffId ? (names.get(one.staffId) ?? '') : '';
    return {
      helpId: one.helpId as HelpId,
      kioskId: one.kioskId as HelpView['kioskId'],
      kiosk: kiosk?.name ?? '',
      why: one.why,
      place: placeOf(parts, one.stood),
      calledAt: one.calledAt,
      state: one.state === 'coming' ? { at: 'coming', since: one.since, by } : { at: one.state },
    };
  };

  const kiosk: Views['kiosk'] = {
    case: async (id) => showStep(parts, await cases.kioskView(id)),
    ticket: (id) => queue.ticketView(id),
    call: async (kioskId) => callView(await calls.activeOf({ kioskId })),
    documents: async (id): Promise<DocumentView[]> => {
      const open = await cases.kioskView(id);
      return open ? documents.ofCase(open.caseId) : [];
    },
    help: async (id) => {
      const open = await help.ofKiosk(id);
      return open ? helpView(open) : null;
    },
    followed: (id) => followedCase(parts, id),
    appointment: (id) => shownAppointment(parts, id),
    sharing: async (kioskId) => sharing.viewOf({ kioskId }),
  };

  const staffParts: Views['staff'] = {
    agent: agentState,
    call: async (staffId) => callView(await calls.activeOf({ staffId })),
    case: async (id) => {
      const call = await deskCall(id);
      return call ? showDesk(parts, await cases.deskView(call.caseId)) : null;
    },
    documents: async (id) => {
      const call = await deskCall(id);
      return call ? documents.ofCase(call.caseId) : [];
    },
    board: async (id) => {
      const person = await staff.view(id);
      return person?.roles.some((role) => role === 'agent' || role === 'supervisor') ? queue.board() : null;
    },
    help: async (id) => {
      const person = await staff.view(id);
      if (!person?.roles.includes('branch-staff')) return [];
      return Promise.all((await help.ofBranch(person.branchId)).map(helpView));
    },
    appointments: async (id) => {
      const person = await staff.view(id);
      return person?.roles.includes('branch-staff') ? branchDay(parts, person.branchId) : [];
    },
    sharing: async (staffId) => sharing.viewOf({ staffId }),
  };

  return {
    kiosk,
    staff: staffParts,
    async kioskSnapshot(id) {
      const known = await kiosks.view(id);
      if (!known) return null;
      const [aCase, ticket, call, docs, helpCall, followed, appointment] = await Promise.all([
        kiosk.case(id),
        kiosk.ticket(id),
        kiosk.call(id),
        kiosk.documents(id),
        kiosk.help(id),
        kiosk.followed(id),
        kiosk.appointment(id),
      ]);
      const { kioskId, name, kind, branchId, branch, readers } = known;
      return {
        now: clock(),
        demo,
        kiosk: { kioskId, name, kind, branchId, branch, readers },
        typing: parts.typing,
        services: services.cards(),
        case: aCase,
        ticket,
        call,
        documents: docs,
        help: helpCall,
        followed,
        appointment,
        sharing: sharing.viewOf({ kioskId: id }),
      };
    },
    async staffSnapshot(id) {
      const person = await staff.view(id);
      if (!person) return null;
      const [agent, call, aCase, docs, board, helpCalls, appointments] = await Promise.all([
        staffParts.agent(id),
        staffParts.call(id),
        staffParts.case(id),
        staffParts.documents(id),
        staffParts.board(id),
        staffParts.help(id),
        staffParts.appointments(id),
      ]);
      const { staffId, username, name, roles, skills, languages } = person;
      return {
        now: clock(),
        demo,
        staff: { staffId, username, name, roles, skills, languages },
        agent,
        call,
        case: aCase,
        documents: docs,
        board,
        help: helpCalls,
        appointments,
        sharing: sharing.viewOf({ staffId: id }),
      };
    },
    kioskOf: (caseId) => cases.kioskOf(caseId),
    followersOf: (caseId) => handovers.followersOf(caseId),
    deskOf: async (kioskId) => (await calls.activeOf({ kioskId }))?.staffId ?? null,
  };
}
