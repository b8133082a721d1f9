import { expect, test } from 'vitest';
import { mayMove } from './agent-state.ts';
import type { AgentAt } from './queue.store.ts';

const ALL: AgentAt[] = ['offline', 'ready', 'offered', 'in-call', 'wrap-up', 'break'];
const WAYS: Record<AgentAt, AgentAt[]> = {
  offline: ['ready', 'break'],
  ready: ['offline', 'ready', 'offered', 'break'],
  offered: ['offline', 'ready', 'in-call', 'break'],
  'in-call': ['wrap-up'],
  'wrap-up': ['ready', 'break'],
  break: ['offline', 'ready', 'break'],
};

test.for(ALL.flatMap((from) => ALL.map((to) => [from, to] as const)))('from %s to %s', ([from, to]) => {
  expect(mayMove(from, to)).toBe(WAYS[from].includes(to));
});

test('a call is left by wrap-up only, and is entered by an offer only', () => {
  expect(ALL.filter((to) => mayMove('in-call', to))).toEqual(['wrap-up']);
  expect(ALL.filter((from) => mayMove(from, 'in-call'))).toEqual(['offered']);
});
