import { expect, test } from 'vitest';
import { nextDocument } from './document-state.ts';

test('a returned document is captured again until it is accepted', () => {
  expect(nextDocument('asked', 'capture')).toBe('captured');
  expect(nextDocument('captured', 'return')).toBe('returned');
  expect(nextDocument('returned', 'capture')).toBe('captured');
  expect(nextDocument('captured', 'accept')).toBe('accepted');
});

test('what is accepted stays accepted, and nothing is reviewed that was not captured', () => {
  for (const event of ['capture', 'accept', 'return', 'not-at-hand', 'withdraw'] as const)
    expect(nextDocument('accepted', event)).toBeNull();
  expect(nextDocument('asked', 'accept')).toBeNull();
  expect(nextDocument('returned', 'return')).toBeNull();
  expect(nextDocument('captured', 'capture')).toBeNull();
});
