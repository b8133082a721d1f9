import type { EndReason } from '@openvtm/protocol';

/** ms that a call waits for a participant whose line is down. Source: DESIGN "Media", recovery of a lost line. */
export const WAIT_FOR_LOST_MS = 90_000;
/** ms after which an ended call counts as served, so that the customer is asked for a rating and not sent back to the form. */
export const SERVED_AFTER_MS = 10_000;

export type CallState =
  | {
      at: 'active';
      startedAt: number;
      customerLostAt: number | null;
      agentLostAt: number | null;
      /** Since when the customer is on hold. */
      heldAt: number | null;
    }
  | { at: 'ended'; reason: EndReason };

export type CallEvent =
  | { is: 'lost'; who: 'customer' | 'agent' }
  | { is: 'back'; who: 'customer' | 'agent' }
  | { is: 'hold' }
  | { is: 'resume' }
  /** Another member of staff, who is here, leads from now on. */
  | { is: 'lead-passed' }
  | { is: 'end'; reason: EndReason }
  | { is: 'tick' };

/** The life of a call. Pure: the same state, event and moment give the same answer. An ended call stays ended. */
export function nextCall(state: CallState, event: CallEvent, now: number): CallState {
  if (state.at === 'ended') return state;
  switch (event.is) {
    case 'lost':
      return event.who === 'customer'
        ? { ...state, customerLostAt: state.customerLostAt ?? now }
        : { ...state, agentLostAt: state.agentLostAt ?? now };
    case 'back':
      return event.who === 'customer' ? { ...state, customerLostAt: null } : { ...state, agentLostAt: null };
    case 'hold':
      return { ...state, heldAt: state.heldAt ?? now };
    case 'resume':
      return { ...state, heldAt: null };
    case 'lead-passed':
      return { ...state, agentLostAt: null, heldAt: null };
    case 'end':
      return { at: 'ended', reason: event.reason };
    case 'tick':
      if (state.customerLostAt !== null && now - state.customerLostAt >= WAIT_FOR_LOST_MS)
        return { at: 'ended', reason: 'customer-lost' };
      if (state.agentLostAt !== null && now - state.agentLostAt >= WAIT_FOR_LOST_MS)
        return { at: 'ended', reason: 'agent-lost' };
      return state;
    default:
      return event satisfies never;
  }
}

/** Whether the customer was served: not when the agent's side broke off, nor when it ended at once. */
export function wasServed(call: { startedAt: number; endedAt: number; reason: EndReason }): boolean {
  if (call.reason === 'agent-lost' || call.reason === 'transferred') return false;
  return call.reason === 'agent-ended' || call.endedAt - call.startedAt >= SERVED_AFTER_MS;
}
