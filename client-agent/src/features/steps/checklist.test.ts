import type { Step } from '@openvtm/protocol';
import { expect, it } from 'vitest';
import { checklistOf } from './checklist.ts';

const text = { 'zh-CN': '字', en: 'word' };
const steps: Step[] = [
  { kind: 'consent', id: 'consent' },
  { kind: 'form', id: 'form' },
  { kind: 'identify', id: 'who', title: text, script: text, by: 'agent' },
  {
    kind: 'capture',
    id: 'card',
    title: text,
    script: text,
    document: 'id-card-front',
    camera: 'document',
    person: 'agent',
  },
  { kind: 'confirm', id: 'yes', title: text, script: text, person: 'agent' },
  { kind: 'rate', id: 'rate' },
];

it('holds the steps of the talk only, numbered, and begins with the first', () => {
  const list = checklistOf(steps, []);
  expect(list.items.map((item) => [item.number, item.step.id])).toEqual([
    [1, 'who'],
    [2, 'card'],
    [3, 'yes'],
  ]);
  expect(list.current?.id).toBe('who');
  expect(list.done).toBe(0);
});

it('goes on to the first step that is not done, in whatever order they were ticked', () => {
  expect(checklistOf(steps, ['who', 'yes']).current?.id).toBe('card');
  expect(checklistOf(steps, ['card']).current?.id).toBe('who');
});

it('stays at the step the agent chose to read, even a done one', () => {
  const list = checklistOf(steps, ['who'], 'who');
  expect(list.items.find((item) => item.current)?.step.id).toBe('who');
  expect(checklistOf(steps, ['who'], 'unknown').current?.id).toBe('card');
});

it('has no current step when all is done, and does not count unknown ticks', () => {
  const list = checklistOf(steps, ['who', 'card', 'yes', 'gone']);
  expect(list.current).toBeNull();
  expect(list.done).toBe(3);
});
