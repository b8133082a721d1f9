import type {
  AgentState,
  Board,
  BranchAppointment,
  CallView,
  DeskCase,
  DocumentView,
  HelpView,
  SharingView,
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
  const agent = shallowRef<AgentState | null>(null);
  const call = shallowRef<CallView | null>(null);
  const deskCase = shallowRef<DeskCase | null>(null);
  const documents = shallowRef<DocumentView[]>([]);
  const board = shallowRef<Board | null>(null);
  const help = shallowRef<HelpView[]>([]);
  const appointments = shallowRef<BranchAppointment[]>([]);
  const sharing = shallowRef<SharingView | null>(null);

  function replace(snapshot: StaffSnapshot) {
    clockAhead.value = snapshot.now - Date.now();
    demo.value = snapshot.demo;
    staff.value = snapshot.staff;
    agent.value = snapshot.agent;
    call.value = snapshot.call;
    deskCase.value = snapshot.case;
    documents.value = snapshot.documents;
    board.value = snapshot.board;
    help.value = snapshot.help;
    appointments.value = snapshot.appointments;
    sharing.value = snapshot.sharing;
    known.value = true;
  }

  function forget() {
    line.value = { at: 'connecting' };
    known.value = false;
    staff.value = null;
    agent.value = null;
    call.value = null;
    deskCase.value = null;
    documents.value = [];
    board.value = null;
    help.value = [];
    appointments.value = [];
    sharing.value = null;
  }

  return {
    line,
    known,
    clockAhead,
    demo,
    staff,
    agent,
    call,
    deskCase,
    documents,
    board,
    help,
    appointments,
    sharing,
    replace,
    forget,
  };
});

export type Live = ReturnType<typeof useLive>;
