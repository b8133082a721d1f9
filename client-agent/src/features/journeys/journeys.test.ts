import type { JourneyStep } from '@openvtm/protocol';
import { expect, test } from 'vitest';
import { addressOf, funnelOf, worstOf } from './journeys.ts';

const step = (node: string, reached: number, change: Partial<JourneyStep> = {}): JourneyStep => ({
  node,
  place: null,
  title: null,
  kind: null,
  reached,
  stopped: { cancelled: 0, idle: 0, replaced: 0 },
  wentBack: 0,
  here: 0,
  handedOver: 0,
  helpOffered: 0,
  medianMs: null,
  ...change,
});

test('who entered went on, stopped or is there now', () => {
  const steps = funnelOf([
    step('@consent', 10, { stopped: { cancelled: 1, idle: 1, replaced: 0 } }),
    step('form', 8, { stopped: { cancelled: 2, idle: 1, replaced: 1 }, here: 1 }),
    step('never', 0),
  ]);
  expect(steps).toEqual([
    { node: '@consent', entered: 10, wentOn: 8, stopped: 2, here: 0, stoppedShare: 20 },
    { node: 'form', entered: 8, wentOn: 3, stopped: 4, here: 1, stoppedShare: 50 },
    { node: 'never', entered: 0, wentOn: 0, stopped: 0, here: 0, stoppedShare: 0 },
  ]);
  expect(worstOf(steps)?.node).toBe('form');
  expect(worstOf(funnelOf([step('@consent', 3)]))).toBeNull();
});

test('asks for what was chosen only', () => {
  expect(addressOf({ days: 1, service: null, print: null }, 86_400_005)).toBe('/api/journeys?from=5');
  expect(addressOf({ days: 1, service: 'a b', print: 'elder' }, 86_400_005)).toBe(
    '/api/journeys?from=5&service=a+b&print=elder',
  );
});
