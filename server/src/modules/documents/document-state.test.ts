import { expect, test } from 'vitest';
import { nextDocument } from './document-state.ts';

test('a returned document is captured again until it is accepted', () => {
  expect(nextDocument('asked', 'capture')).toBe('captured');
  expect(nextDocument('captured', 'return')).toBe('returned');
  expect(nextDocument('returned', 'capture')).toBe('captured');
  expect(nextDocument('captured', 'accept')).toBe('accepted');
});

test('what is accepted stays accepted, and nothing is reviewed that was not captured', () => {
  for (const event of ['page', 'capture', 'done', 'accept', 'return', 'not-at-hand', 'withdraw'] as const)
    expect(nextDocument('accepted', event)).toBeNull();
  expect(nextDocument('asked', 'accept')).toBeNull();
  expect(nextDocument('returned', 'return')).toBeNull();
  expect(nextDocument('captured', 'capture')).toBeNull();
});

test('pages are collected until the customer says that they are all', () => {
  expect(nextDocument('asked', 'page')).toBe('collecting');
  expect(nextDocument('collecting', 'page')).toBe('collecting');
  expect(nextDocument('collecting', 'capture')).toBe('captured');
  expect(nextDocument('collecting', 'done')).toBe('captured');
  expect(nextDocument('returned', 'page')).toBe('collecting');
  for (const at of ['asked', 'captured', 'returned'] as const) expect(nextDocument(at, 'done')).toBeNull();
  for (const event of ['accept', 'return', 'not-at-hand'] as const)
    expect(nextDocument('collecting', event)).toBeNull();
});
