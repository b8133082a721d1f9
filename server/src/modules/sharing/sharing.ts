import type { DataClass, Place, SharingView } from '@openvtm/protocol';
import type { Sharing, SharedCall, SharingNeeds, Side } from './index.ts';

/** ms between two tellings of one screen: more than ten a second nobody reads. */
const GAP_MS = 100;

type Shared = SharedCall & { customer: Place | null; agent: Place | null; asked: string | null };
type Told = { at: number; timer: NodeJS.Timeout | null };

/** What the agent may see of a place: that somebody types into a sensitive field, and not what. Pure. */
export function shown({ class: kind, ...place }: Place & { class: DataClass }): Place {
  return kind === 'C1' ? place : { ...place, draft: null };
}

const keyOf = (side: Side) => ('kioskId' in side ? `kiosk:${side.kioskId}` : `staff:${side.staffId}`);

/** See `Sharing` for each one's contract. */
export function createSharing({ clock }: SharingNeeds): Sharing {
  const calls = new Map<string, Shared>();
  const told = new Map<string, Told>();
  const listeners = new Set<(side: Side) => void>();

  const find = (side: Side): Shared | null => {
    for (const call of calls.values())
      if ('kioskId' in side ? call.kioskId === side.kioskId : call.staffId === side.staffId) return call;
    return null;
  };
  const tell = (side: Side, state: Told) => {
    state.at = clock();
    state.timer = null;
    for (const listener of listeners) listener(side);
  };
  /** Now, or when the gap is over: the screen is told what is there then. */
  const changed = (side: Side) => {
    const key = keyOf(side);
    const state = told.get(key) ?? { at: -Infinity, timer: null };
    told.set(key, state);
    if (state.timer) return;
    const wait = state.at + GAP_MS - clock();
    if (wait <= 0) tell(side, state);
    else state.timer = setTimeout(() => tell(side, state), Math.min(wait, GAP_MS)).unref();
  };
  const other = (call: Shared, side: Side): Side =>
    'kioskId' in side ? { staffId: call.staffId } : { kioskId: call.kioskId };
  const forget = (side: Side) => {
    const state = told.get(keyOf(side));
    if (state?.timer) clearTimeout(state.timer);
    told.delete(keyOf(side));
  };

  const put = (call: Shared, side: Side, place: Place | null) => {
    const mine = 'kioskId' in side ? 'customer' : 'agent';
    if (call[mine] === null && place === null) return;
    call[mine] = place;
    changed(other(call, side));
  };

  return {
    started(call) {
      if (calls.has(call.callId)) return;
      calls.set(call.callId, { ...call, customer: null, agent: null, asked: null });
      // The form is shared from here on, as a snapshot would say.
      for (const side of [{ kioskId: call.kioskId }, { staffId: call.staffId }])
        for (const listener of listeners) listener(side);
    },
    ended(callId) {
      const call = calls.get(callId);
      if (!call) return;
      calls.delete(callId);
      for (const side of [{ kioskId: call.kioskId }, { staffId: call.staffId }]) {
        forget(side);
        for (const listener of listeners) listener(side);
      }
    },
    callOf(side) {
      const call = find(side);
      if (!call) return null;
      const { callId, caseId, kioskId, staffId } = call;
      return { callId, caseId, kioskId, staffId };
    },
    at(side, place) {
      const call = find(side);
      if (!call) return;
      const ofAgent = 'staffId' in side;
      if (!ofAgent && place && call.asked === place.name) {
        call.asked = null;
        changed(side);
        changed(other(call, side));
      }
      if (!place) return put(call, side, null);
      const { class: _, ...whole } = place;
      // The data are the customer's own: what an agent types for them is theirs to see.
      put(call, side, ofAgent ? whole : shown(place));
    },
    ask(staffId, name) {
      const call = find({ staffId });
      if (!call) return;
      call.asked = name;
      changed({ kioskId: call.kioskId });
      changed({ staffId });
    },
    left(side) {
      const call = find(side);
      if (call) put(call, side, null);
    },
    viewOf(side): SharingView | null {
      const call = find(side);
      if (!call) return null;
      return { other: 'kioskId' in side ? call.agent : call.customer, asked: call.asked };
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close() {
      for (const { timer } of told.values()) if (timer) clearTimeout(timer);
      told.clear();
      calls.clear();
      listeners.clear();
    },
  };
}
