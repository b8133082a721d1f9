import type {
  AgentState,
  AnnotationsView,
  Board,
  BranchAppointment,
  CallView,
  ChatView,
  DeskBackground,
  DeskCase,
  DocumentView,
  Drawing,
  DroppedCall,
  ExplainingView,
  HearingView,
  HelpView,
  InvitationView,
  KioskHealth,
  LinkAlert,
  PaperView,
  ReadingView,
  SharingView,
  StaffReviews,
  StaffSnapshot,
  StaffView,
} from '@openvtm/protocol';
import type { LineState } from '@openvtm/rtc/line';
import { defineStore } from 'pinia';
import { ref, shallowRef } from 'vue';

/** All that is live on the screen, as plain data. Filled by `wiring.ts` alone; each part is replaced whole. */
export const useLive = defineStore('live', () => {
  const line = shallowRef<LineState>({ at: 'connecting' });
  /** Whether a snapshot has come since the line was opened. */
  const known = ref(false);
  /** Server's clock minus this device's (ms). */
  const clockAhead = ref(0);
  const demo = ref(false);
  const staff = shallowRef<StaffView | null>(null);
  /** What agents may stand before; null: not known yet. */
  const background = shallowRef<DeskBackground | null>(null);
  const agent = shallowRef<AgentState | null>(null);
  const call = shallowRef<CallView | null>(null);
  /** The calls of others that this person is in, the latest first. */
  const attending = shallowRef<CallView[]>([]);
  /** Open ones, to this person. */
  const invitations = shallowRef<InvitationView[]>([]);
  /** What was written about the case on the desk. */
  const chat = shallowRef<ChatView | null>(null);
  const deskCase = shallowRef<DeskCase | null>(null);
  const documents = shallowRef<DocumentView[]>([]);
  const papers = shallowRef<PaperView[]>([]);
  /** What was read on the pages of those. */
  const readings = shallowRef<ReadingView[]>([]);
  /** How much there is to review, and what was reviewed of the case on the desk. */
  const reviews = shallowRef<StaffReviews>({ counts: null, desk: null });
  const annotations = shallowRef<AnnotationsView>({ shown: null, layers: [] });
  /** What the customer is drawing just now. */
  const drawing = shallowRef<Drawing | null>(null);
  const board = shallowRef<Board | null>(null);
  const help = shallowRef<HelpView[]>([]);
  /** Captions, and whether the customer hears badly; null: no call. */
  const hearing = shallowRef<HearingView | null>(null);
  /** The kiosks of the person's branch. */
  const kiosks = shallowRef<KioskHealth[]>([]);
  const appointments = shallowRef<BranchAppointment[]>([]);
  const sharing = shallowRef<SharingView | null>(null);
  const explaining = shallowRef<ExplainingView | null>(null);
  /** Calls whose kiosk dropped out, as long as they can go on. */
  const dropped = shallowRef<DroppedCall[]>([]);
  /** Branches whose link is worse than usual. */
  const alerts = shallowRef<LinkAlert[]>([]);

  function replace(snapshot: StaffSnapshot) {
    clockAhead.value = snapshot.now - Date.now();
    demo.value = snapshot.demo;
    staff.value = snapshot.staff;
    background.value = snapshot.background;
    agent.value = snapshot.agent;
    call.value = snapshot.call;
    attending.value = snapshot.attending;
    invitations.value = snapshot.invitations;
    chat.value = snapshot.chat;
    deskCase.value = snapshot.case;
    documents.value = snapshot.documents;
    papers.value = snapshot.papers;
    readings.value = snapshot.readings;
    reviews.value = snapshot.reviews;
    annotations.value = snapshot.annotations;
    drawing.value = snapshot.drawing;
    board.value = snapshot.board;
    help.value = snapshot.help;
    hearing.value = snapshot.hearing;
    kiosks.value = snapshot.kiosks;
    appointments.value = snapshot.appointments;
    sharing.value = snapshot.sharing;
    explaining.value = snapshot.explaining;
    dropped.value = snapshot.dropped;
    alerts.value = snapshot.alerts;
    known.value = true;
  }

  function forget() {
    line.value = { at: 'connecting' };
    known.value = false;
    staff.value = null;
    background.value = null;
    agent.value = null;
    call.value = null;
    attending.value = [];
    invitations.value = [];
    chat.value = null;
    deskCase.value = null;
    documents.value = [];
    papers.value = [];
    readings.value = [];
    reviews.value = { counts: null, desk: null };
    annotations.value = { shown: null, layers: [] };
    drawing.value = null;
    board.value = null;
    help.value = [];
    hearing.value = null;
    kiosks.value = [];
    appointments.value = [];
    sharing.value = null;
    explaining.value = null;
    dropped.value = [];
    alerts.value = [];
  }

  return {
    line,
    known,
    clockAhead,
    demo,
    staff,
    background,
    agent,
    call,
    attending,
    invitations,
    chat,
    deskCase,
    documents,
    papers,
    readings,
    reviews,
    annotations,
    drawing,
    board,
    help,
    hearing,
    kiosks,
    appointments,
    sharing,
    explaining,
    dropped,
    alerts,
    replace,
    forget,
  };
});

export type Live = ReturnType<typeof useLive>;
