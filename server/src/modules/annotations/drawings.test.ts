import type { AnnotationId, DocumentId, Drawing } from '@openvtm/protocol';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createDrawings } from './drawings.ts';

const call = { callId: 'call', kioskId: 'k', staffId: 's' };
const drawing = (by: Drawing['by'], x = 1): Drawing => ({
  documentId: 'd' as DocumentId,
  number: 1,
  annotationId: 'a' as AnnotationId,
  by,
  mark: { shape: 'box', from: [0, 0], to: [x, x] },
});

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function drawn() {
  const { drawings, close } = createDrawings({ clock: Date.now });
  const told: unknown[] = [];
  drawings.onDrawing((screen) => told.push(screen));
  return { drawings, close, told };
}

test('the other side sees what is drawn, and nobody the own', () => {
  const { drawings, told } = drawn();
  drawings.draw(call, drawing('customer'));
  expect(told).toEqual([{ staffId: 's' }]);
  expect(drawings.seenBy('call', 'agent')).toEqual(drawing('customer'));
  expect(drawings.seenBy('call', 'customer')).toBeNull();
  expect(drawings.seenBy('another', 'agent')).toBeNull();
  drawings.draw(call, drawing('agent'));
  expect(told.at(-1)).toEqual({ kioskId: 'k' });
});

test('a screen is told about a dozen times a second at most, and in the end of the last', () => {
  const { drawings, told } = drawn();
  for (let i = 0; i < 100; i += 1) {
    drawings.draw(call, drawing('customer', i));
    vi.advanceTimersByTime(10);
  }
  vi.advanceTimersByTime(100);
  expect(told.length).toBeGreaterThan(8);
  expect(told.length).toBeLessThanOrEqual(14);
  expect(drawings.seenBy('call', 'agent')).toEqual(drawing('customer', 99));
});

test('what rests, and all of a call that is over, is gone; who closes twice leaves no timer', () => {
  const { drawings, close, told } = drawn();
  drawings.draw(call, drawing('customer'));
  drawings.rest(call, 'customer');
  drawings.rest(call, 'customer');
  vi.advanceTimersByTime(100);
  expect(drawings.seenBy('call', 'agent')).toBeNull();
  expect(told).toHaveLength(2);
  drawings.draw(call, drawing('agent'));
  drawings.ended('call');
  expect(drawings.seenBy('call', 'customer')).toBeNull();
  drawings.draw(call, drawing('customer'));
  drawings.draw(call, drawing('customer'));
  close();
  close();
  expect(vi.getTimerCount()).toBe(0);
});
