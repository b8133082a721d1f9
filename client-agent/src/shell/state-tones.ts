import type { AgentState } from '@openvtm/protocol';

/** The colour of an agent's state, wherever one is shown. */
export const stateTones: Record<AgentState['at'], 'good' | 'brand' | 'warn' | undefined> = {
  offline: undefined,
  ready: 'good',
  offered: 'good',
  'in-call': 'brand',
  hold: 'warn',
  helping: 'brand',
  'wrap-up': 'warn',
  break: 'warn',
};
