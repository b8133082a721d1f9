import type { AgentAt } from './agents.store.ts';

const FROM: Record<AgentAt, readonly AgentAt[]> = {
  offline: ['ready', 'offered', 'break', 'wrap-up'],
  ready: ['offline', 'ready', 'break', 'offered', 'helping', 'in-call', 'hold', 'wrap-up'],
  offered: ['ready'],
  // Off duty or on a break: a supervisor who takes a call over.
  'in-call': ['offered', 'hold', 'helping', 'offline', 'ready', 'break'],
  hold: ['in-call'],
  helping: ['ready', 'break', 'in-call', 'hold'],
  'wrap-up': ['in-call', 'hold'],
  break: ['offline', 'ready', 'break', 'offered', 'helping', 'wrap-up'],
};

/** Whether an agent may go from one state to another. From a call straight to ready: where no wrap-up is wanted. */
export const mayMove = (from: AgentAt, to: AgentAt): boolean => FROM[to].includes(from);
