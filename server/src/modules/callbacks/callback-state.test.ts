import { expect, test } from 'vitest';
import { KEPT_AT_MOST_MS, KEPT_MS, keptUntil } from './callback-state.ts';

const NOW = 1_000_000;

test.each<[string, number | null, number]>([
  ['from now while the queue is open', null, NOW + KEPT_MS],
  ['from its opening while it is closed', NOW + 9 * 3_600_000, NOW + 9 * 3_600_000 + KEPT_MS],
  ['from now when it opened a moment ago', NOW - 1, NOW + KEPT_MS],
  ['not beyond the life of the case', NOW + 30 * 24 * 3_600_000, NOW + KEPT_AT_MOST_MS],
])('a place is kept %s', (_, opensAt, until) => {
  expect(keptUntil(NOW, opensAt)).toBe(until);
});
