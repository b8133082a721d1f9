import { expect, test } from 'vitest';
import { counterpart, createRooms, mayReceive } from './rooms.ts';

const pair = { customer: 'kiosk:1', agent: 'staff:1' };

test('a room is opened once, and anew for other peers under the same call id', () => {
  const rooms = createRooms();
  const first = rooms.open('a', pair).room;
  expect(rooms.open('a', pair)).toEqual({ room: first, replaced: undefined });
  const second = rooms.open('a', { customer: 'kiosk:1', agent: 'staff:2' });
  expect(second.replaced).toBe(first);
  expect(rooms.get('a')).toBe(second.room);
  expect(rooms.of('staff:1')).toEqual([]);
});

test('a peer finds its running call before one that rings, and the latest ring before older ones', () => {
  const rooms = createRooms();
  rooms.open('a', pair).room.started = true;
  rooms.open('b', { customer: 'kiosk:1', agent: 'staff:2' });
  rooms.open('c', { customer: 'kiosk:1', agent: 'staff:3' });
  expect(rooms.of('kiosk:1').map((room) => counterpart(room, 'kiosk:1'))).toEqual(['staff:1', 'staff:3', 'staff:2']);
  expect(rooms.remove('a')?.callId).toBe('a');
  expect(rooms.remove('a')).toBeUndefined();
});

test('while it rings the agent may receive and the customer may not', () => {
  const { room } = createRooms().open('a', pair);
  expect([mayReceive(room, 'staff:1'), mayReceive(room, 'kiosk:1')]).toEqual([true, false]);
  room.started = true;
  expect(mayReceive(room, 'kiosk:1')).toBe(true);
});
