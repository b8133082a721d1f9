import { CaseAt } from '@openvtm/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nextCase, wayOf, type CaseEvent } from './case-state.ts';

const EVENTS: Record<string, CaseEvent> = {
  consent: { is: 'consent' },
  'join-queue': { is: 'join-queue' },
  'leave-queue': { is: 'leave-queue' },
  accepted: { is: 'accepted' },
  done: { is: 'done-alone' },
  propose: { is: 'propose' },
  yes: { is: 'answer', agreed: true },
  no: { is: 'answer', agreed: false },
  served: { is: 'call-ended', served: true },
  broken: { is: 'call-ended', served: false },
  passed: { is: 'passed-on' },
  rate: { is: 'rate' },
  close: { is: 'close', reason: 'idle' },
};

/** The whole table: what is not here is not possible. */
const TABLE: Record<CaseAt, Record<string, CaseAt>> = {
  consent: { consent: 'alone', close: 'closed' },
  alone: { 'join-queue': 'waiting', done: 'rating', close: 'closed' },
  waiting: { 'leave-queue': 'alone', accepted: 'serving', close: 'closed' },
  serving: { propose: 'confirming', served: 'rating', broken: 'alone', passed: 'waiting', close: 'closed' },
  confirming: {
    propose: 'confirming',
    yes: 'confirmed',
    no: 'serving',
    served: 'rating',
    broken: 'alone',
    passed: 'waiting',
    close: 'closed',
  },
  confirmed: { propose: 'confirming', served: 'rating', broken: 'alone', passed: 'waiting', close: 'closed' },
  rating: { rate: 'closed', close: 'closed' },
  closed: {},
};

test.for(CaseAt.options.flatMap((at) => Object.keys(EVENTS).map((event) => [at, event] as const)))(
  'from %s by %s',
  ([at, event]) => {
    expect(nextCase(at, EVENTS[event]!)).toBe(TABLE[at][event] ?? null);
  },
);

test.for(Object.keys(EVENTS))('%s leads from everywhere to the one place', (name) => {
  const { from, to } = wayOf(EVENTS[name]!);
  expect(from).toEqual(CaseAt.options.filter((at) => TABLE[at][name]));
  expect(from.map((at) => TABLE[at][name])).toEqual(from.map(() => to));
});

const anyEvent = fc.constantFrom(...Object.values(EVENTS));

/** Where the events lead from the first touch, refused ones leaving it where it is. */
function walk(events: CaseEvent[]): CaseAt[] {
  const way: CaseAt[] = ['consent'];
  for (const event of events) way.push(nextCase(way.at(-1)!, event) ?? way.at(-1)!);
  return way;
}

test('whatever happens in whatever order: no form before consent, no call before the queue, no end but one', () => {
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 60 }), (events) => {
      const way = walk(events);
      const comesBefore = (earlier: CaseAt, later: CaseAt) =>
        !way.includes(later) || way.slice(0, way.indexOf(later)).includes(earlier);
      const consented = events.findIndex((event) => event.is === 'consent');
      expect(way.slice(0, consented === -1 ? undefined : consented + 1)).not.toContain('alone');
      expect(comesBefore('alone', 'waiting')).toBe(true);
      expect(comesBefore('waiting', 'serving')).toBe(true);
      expect(comesBefore('confirming', 'confirmed')).toBe(true);
      const afterTheEnd = way.includes('closed') ? way.slice(way.indexOf('closed')) : [];
      expect(afterTheEnd.every((at) => at === 'closed')).toBe(true);
    }),
  );
});

test('from wherever it is, a case can be closed at once', () => {
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 60 }), (events) => {
      const at = walk(events).at(-1)!;
      expect(nextCase(at, EVENTS.close!)).toBe(at === 'closed' ? null : 'closed');
    }),
  );
});
