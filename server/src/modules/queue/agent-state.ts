import type { AgentAt } from './queue.store.ts';

const FROM: Record<AgentAt, readonly AgentAt[]> = {
  offline: ['ready', 'offered', 'break'],
  ready: ['offline', 'ready', 'break', 'offered', 'wrap-up'],
  offered: ['ready'],
  'in-call': ['offered'],
  'wrap-up': ['in-call'],
  break: ['offline', 'ready', 'break', 'offered', 'wrap-up'],
};

/** Whether an agent may go from one state to another. */
export const mayMove = (from: AgentAt, to: AgentAt): boolean => FROM[to].includes(from);
