import { expect, it } from 'vitest';
import { changesOf, shownValue } from './changes.ts';

const text = (value: unknown) => JSON.stringify(value);
const queues = [
  { id: 'corporate', weight: 0, steps: [{ seconds: 120 }, { seconds: null }] },
  { id: 'personal', weight: 5 },
];

it('finds each value that differs, queues by their name', () => {
  const after = [{ id: 'corporate', weight: 60, steps: [{ seconds: 90 }, { seconds: null }] }, queues[1]];
  expect(changesOf(text({ queues }), text({ queues: after }))).toEqual([
    { path: 'queues.corporate.weight', before: 0, after: 60 },
    { path: 'queues.corporate.steps.0.seconds', before: 120, after: 90 },
  ]);
});

it('takes a new entry for one change, wherever it is put', () => {
  const fresh = { id: 'vip', weight: 900 };
  expect(changesOf(text({ queues }), text({ queues: [fresh, ...queues] }))).toEqual([
    { path: 'queues.vip', before: undefined, after: fresh },
  ]);
  expect(changesOf(text({ a: 1, b: 2 }), text({ b: 2 }))).toEqual([{ path: 'a', before: 1, after: undefined }]);
});

it('sees another order of the queues, and no change in another layout', () => {
  expect(changesOf(text({ queues }), text({ queues: queues.toReversed() }))).toEqual([
    { path: 'queues.order', before: 'corporate, personal', after: 'personal, corporate' },
  ]);
  expect(changesOf('{"a":1}', '{\n  "a": 1\n}\n')).toEqual([]);
});

it('does not compare what it can not read', () => {
  expect(changesOf('{', '{}')).toBeNull();
});

it('shows values as the file has them', () => {
  expect(shownValue(undefined)).toBeNull();
  expect(shownValue(null)).toBe('null');
  expect(shownValue({ id: 'a' })).toBe('{"id":"a"}');
  expect(shownValue('x'.repeat(200))).toHaveLength(81);
});
