import { expect, test } from 'vitest';
import { mayMove } from './agent-state.ts';
import type { AgentAt } from './agents.store.ts';

const ALL: AgentAt[] = ['offline', 'ready', 'offered', 'in-call', 'hold', 'helping', 'wrap-up', 'break'];
const WAYS: Record<AgentAt, AgentAt[]> = {
  offline: ['ready', 'break'],
  ready: ['offline', 'ready', 'offered', 'helping', 'break'],
  offered: ['offline', 'ready', 'in-call', 'break'],
  'in-call': ['ready', 'hold', 'wrap-up'],
  hold: ['ready', 'in-call', 'wrap-up'],
  helping: ['ready', 'break'],
  'wrap-up': ['offline', 'ready', 'break'],
  break: ['offline', 'ready', 'helping', 'break'],
};

test.for(ALL.flatMap((from) => ALL.map((to) => [from, to] as const)))('from %s to %s', ([from, to]) => {
  expect(mayMove(from, to)).toBe(WAYS[from].includes(to));
});

test('a call is entered by an offer only, or from its hold', () => {
  expect(ALL.filter((from) => mayMove(from, 'in-call'))).toEqual(['offered', 'hold']);
});
