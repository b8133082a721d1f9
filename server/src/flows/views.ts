import type {
  AgentState,
  DocumentView,
  HelpId,
  HelpView,
  KioskPart,
  KioskSnapshot,
  MarkSide,
  OfferView,
  StaffPart,
  StaffSnapshot,
  TicketId,
} from '@openvtm/protocol';
import { BreakReason, type CallId, type OfferId } from '@openvtm/protocol';
import type { CallBrief } from '../modules/calls/index.ts';
import type { HelpBrief } from '../modules/help/index.ts';
import type { Side } from '../modules/sharing/index.ts';
import type { Parts } from './parts.ts';
import { deskAnnotations, kioskAnnotations } from './annotate-page.ts';
import { branchDay, shownAppointment } from './book-appointment.ts';
import { kiosksOfBranch } from './self-test.ts';
import { placeOf } from './call-help.ts';
import { showEscalation } from './call-agent.ts';
import { deskHearing, kioskHearing } from './help-hearing.ts';
import { callAtDesk } from './call-at-desk.ts';
import { handoutOf } from './hand-out.ts';
import { followedCase } from './hand-over.ts';
import { showCall, showInvitations, showPassedOn } from './show-call.ts';
import { shownDropped, shownRecall } from './recall-kiosk.ts';
import { papersOfStaff } from './sign-document.ts';
import { shownReadings } from './read-document.ts';
import { reviewCounts } from './review-work.ts';
import { reviewsAtDesk } from './second-review.ts';
import { showDesk, showStep } from './show-step.ts';
import { alertsFor } from './watch-quality.ts';
import { deskChat, kioskChat } from './write-chat.ts';

/** What a kiosk's and a person's screen show, part by part, read fresh from the modules. */
export type Views = {
  kiosk: { [P in KioskPart]: (kioskId: string) => Promise<KioskSnapshot[P]> };
  staff: { [P in StaffPart]: (staffId: string) => Promise<StaffSnapshot[P]> };
  kioskSnapshot(kioskId: string): Promise<KioskSnapshot | null>;
  staffSnapshot(staffId: string): Promise<StaffSnapshot | null>;
  /** The kiosk at which a case is open. */
  kioskOf(caseId: string): Promise<string | null>;
  /** Where a kiosk stands; null: it is not known. */
  branchOf(kioskId: string): Promise<string | null>;
  /** The devices that follow a case. */
  followersOf(caseId: string): Promise<string[]>;
  /** Those whose screens show this kiosk's case just now: who leads the call first, then who attends it. */
  desksOf(kioskId: string): Promise<string[]>;
};

export function createViews(parts: Parts): Views {
  const {
    calls,
    cases,
    clock,
    demo,
    documents,
    explaining,
    handovers,
    help,
    kiosks,
    queue,
    selfTests,
    services,
    sharing,
    signing,
    staff,
  } = parts;

  const drawingSeen = (at: Side, side: MarkSide) => {
    const call = sharing.callOf(at);
    return call && parts.annotations.drawings.seenBy(call.callId, side);
  };
  const callView = (call: CallBrief | null, to: Parameters<typeof showCall>[2]['to']) =>
    call ? showCall(parts, call, { to }) : null;

  const offerView = async (staffId: string): Promise<OfferView | null> => {
    const offer = await queue.ringing(staffId);
    if (!offer) return null;
    const service = services.get(offer.serviceId);
    const [kiosk, desk, known, visit, passedOn, escalated] = await Promise.all([
      kiosks.view(offer.kioskId),
      cases.deskView(offer.caseId),
      cases.known(offer.caseId),
      parts.appointments.ofVisit(offer.caseId),
      showPassedOn(parts, offer.caseId),
      showEscalation(parts, offer.caseId),
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
      passedOn,
      escalated,
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
    case: (id) => showStep(parts, id),
    ticket: (id) => queue.ticketView(id),
    call: async (kioskId) => callView(await calls.activeOf({ kioskId }), 'kiosk'),
    chat: (id) => kioskChat(parts, id),
    documents: async (id): Promise<DocumentView[]> => {
      const open = await cases.kioskView(id);
      return open ? documents.ofCase(open.caseId) : [];
    },
    papers: async (id) => {
      const open = await cases.kioskView(id);
      return open ? signing.ofCase(open.caseId) : [];
    },
    handout: (id) => handoutOf(parts, id),
    help: async (id) => {
      const open = await help.ofKiosk(id);
      return open ? helpView(open) : null;
    },
    hearing: (id) => kioskHearing(parts, id),
    followed: (id) => followedCase(parts, id),
    appointment: (id) => shownAppointment(parts, id),
    annotations: (id) => kioskAnnotations(parts, id),
    drawing: async (kioskId) => drawingSeen({ kioskId }, 'customer'),
    sharing: async (kioskId) => sharing.viewOf({ kioskId }),
    explaining: async (kioskId) => explaining.viewOf({ kioskId }),
    selfTest: async (id) => (await selfTests.asked([id], clock())).get(id) ?? null,
    recall: (id) => shownRecall(parts, id),
  };

  const staffParts: Views['staff'] = {
    agent: agentState,
    call: async (staffId) => callView(await calls.activeOf({ staffId }), { staffId }),
    attending: async (staffId) =>
      Promise.all((await calls.attendedBy(staffId)).map((call) => showCall(parts, call, { to: { staffId } }))),
    invitations: (staffId) => showInvitations(parts, staffId),
    chat: (id) => deskChat(parts, id),
    case: async (id) => {
      const call = await callAtDesk(parts, id);
      return call ? showDesk(parts, await cases.deskView(call.caseId)) : null;
    },
    documents: async (id) => {
      const call = await callAtDesk(parts, id);
      return call ? documents.ofCase(call.caseId) : [];
    },
    papers: (id) => papersOfStaff(parts, id),
    readings: (id) => shownReadings(parts, id),
    reviews: async (id) => {
      const counts = await reviewCounts(parts, id);
      return { counts, desk: counts && (await reviewsAtDesk(parts, id)) };
    },
    annotations: (id) => deskAnnotations(parts, id),
    drawing: async (staffId) => drawingSeen({ staffId }, 'agent'),
    board: async (id) => {
      const person = await staff.view(id);
      return person?.roles.some((role) => role === 'agent' || role === 'supervisor') ? queue.board() : null;
    },
    help: async (id) => {
      const person = await staff.view(id);
      if (!person?.roles.includes('branch-staff')) return [];
      return Promise.all((await help.ofBranch(person.branchId)).map(helpView));
    },
    hearing: (id) => deskHearing(parts, id),
    appointments: async (id) => {
      const person = await staff.view(id);
      return person?.roles.includes('branch-staff') ? branchDay(parts, person.branchId) : [];
    },
    sharing: async (staffId) => sharing.viewOf({ staffId }),
    explaining: async (staffId) => explaining.viewOf({ staffId }),
    kiosks: async (id) => {
      const person = await staff.view(id);
      return person?.roles.includes('branch-staff') ? kiosksOfBranch(parts, person.branchId) : [];
    },
    dropped: (id) => shownDropped(parts, id),
    alerts: (id) => alertsFor(parts, id),
  };

  return {
    kiosk,
    staff: staffParts,
    async kioskSnapshot(id) {
      const known = await kiosks.view(id);
      if (!known) return null;
      const [
        aCase,
        ticket,
        call,
        chat,
        docs,
        annotations,
        papers,
        handout,
        helpCall,
        hearing,
        followed,
        appointment,
        asked,
        recall,
      ] = await Promise.all([
        kiosk.case(id),
        kiosk.ticket(id),
        kiosk.call(id),
        kiosk.chat(id),
        kiosk.documents(id),
        kiosk.annotations(id),
        kiosk.papers(id),
        kiosk.handout(id),
        kiosk.help(id),
        kiosk.hearing(id),
        kiosk.followed(id),
        kiosk.appointment(id),
        kiosk.selfTest(id),
        kiosk.recall(id),
      ]);
      const { kioskId, name, kind, branchId, branch, readers, printer } = known;
      return {
        now: clock(),
        demo,
        kiosk: { kioskId, name, kind, branchId, branch, readers, printer },
        typing: parts.typing,
        cleanSound: parts.cleanSound,
        services: services.cards(),
        case: aCase,
        ticket,
        call,
        chat,
        documents: docs,
        papers,
        handout,
        annotations,
        drawing: drawingSeen({ kioskId: id }, 'customer'),
        help: helpCall,
        hearing,
        followed,
        appointment,
        sharing: sharing.viewOf({ kioskId: id }),
        explaining: explaining.viewOf({ kioskId: id }),
        selfTest: asked,
        recall,
      };
    },
    async staffSnapshot(id) {
      const person = await staff.view(id);
      if (!person) return null;
      const [
        agent,
        call,
        attending,
        invitations,
        chat,
        aCase,
        docs,
        annotations,
        papers,
        readings,
        reviews,
        board,
        helpCalls,
        hearing,
        appointments,
        branchKiosks,
        dropped,
        alerts,
      ] = await Promise.all([
        staffParts.agent(id),
        staffParts.call(id),
        staffParts.attending(id),
        staffParts.invitations(id),
        staffParts.chat(id),
        staffParts.case(id),
        staffParts.documents(id),
        staffParts.annotations(id),
        staffParts.papers(id),
        staffParts.readings(id),
        staffParts.reviews(id),
        staffParts.board(id),
        staffParts.help(id),
        staffParts.hearing(id),
        staffParts.appointments(id),
        staffParts.kiosks(id),
        staffParts.dropped(id),
        staffParts.alerts(id),
      ]);
      const { staffId, username, name, roles, skills, languages } = person;
      return {
        now: clock(),
        demo,
        staff: { staffId, username, name, roles, skills, languages },
        background: parts.background,
        agent,
        call,
        attending,
        invitations,
        chat,
        case: aCase,
        documents: docs,
        papers,
        readings,
        reviews,
        annotations,
        drawing: drawingSeen({ staffId: id }, 'agent'),
        board,
        help: helpCalls,
        hearing,
        appointments,
        sharing: sharing.viewOf({ staffId: id }),
        explaining: explaining.viewOf({ staffId: id }),
        kiosks: branchKiosks,
        dropped,
        alerts,
      };
    },
    kioskOf: (caseId) => cases.kioskOf(caseId),
    branchOf: async (kioskId) => (await kiosks.view(kioskId))?.branchId ?? null,
    followersOf: (caseId) => handovers.followersOf(caseId),
    async desksOf(kioskId) {
      const call = await calls.activeOf({ kioskId });
      if (!call) return [];
      return [call.staffId, ...(await calls.attendants([call.callId])).map(({ staffId }) => staffId)];
    },
  };
}
