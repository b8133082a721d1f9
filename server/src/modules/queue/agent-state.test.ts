import { expect, test } from 'vitest';
import { mayMove } from './agent-state.ts';
import type { AgentAt } from './agents.store.ts';

const ALL: AgentAt[] = ['offline', 'ready', 'offered', 'in-call', 'hold', 'helping', 'wrap-up', 'break'];
const WAYS: Record<AgentAt, AgentAt[]> = {
  offline: ['ready', 'in-call', 'break'],
  ready: ['offline', 'ready', 'offered', 'in-call', 'helping', 'break'],
  offered: ['offline', 'ready', 'in-call', 'break'],
  'in-call': ['ready', 'hold', 'helping', 'wrap-up'],
  hold: ['ready', 'in-call', 'helping', 'wrap-up'],
  helping: ['ready', 'in-call', 'break'],
  'wrap-up': ['offline', 'ready', 'break'],
  break: ['offline', 'ready', 'in-call', 'helping', 'break'],
};

test.for(ALL.flatMap((from) => ALL.map((to) => [from, to] as const)))('from %s to %s', ([from, to]) => {
  expect(mayMove(from, to)).toBe(WAYS[from].includes(to));
});

test('nobody is put into a call from another offer, or from wrap-up', () => {
  expect(ALL.filter((from) => mayMove(from, 'in-call'))).not.toContain('wrap-up');
  expect(ALL.filter((from) => mayMove(from, 'helping'))).toEqual(['ready', 'in-call', 'hold', 'break']);
});
