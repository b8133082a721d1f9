import type { ParticipantMode, StaffId } from '@openvtm/protocol';
import { expect, test } from 'vitest';
import { createRooms, flow, voices, type Member, type Room } from './rooms.ts';

const staff = (role: Member['role'], mode: ParticipantMode = 'joined'): Member => ({
  participant: '00000000-0000-4000-8000-000000000001' as StaffId,
  role,
  mode,
});
const CUSTOMER: Member = { participant: 'customer', role: 'customer', mode: 'joined' };
const pair = (agent = 'staff:1') =>
  new Map([
    ['kiosk:1', CUSTOMER],
    [agent, staff('agent')],
  ]);
const ways = (room: Room) => {
  const ids = [...room.members.keys()];
  return Object.fromEntries(
    ids.flatMap((from) =>
      ids
        .filter((to) => to !== from)
        .map((to) => [
          `${from} > ${to}`,
          (['microphone', 'camera'] as const).map((source) => flow(room, { from, to, source })).join(' '),
        ]),
    ),
  );
};

test('a room is opened once, and says anew who is in it', () => {
  const rooms = createRooms();
  const room = rooms.open('a', pair());
  expect(rooms.open('a', pair('staff:2'))).toBe(room);
  expect(rooms.of('staff:1')).toEqual([]);
  expect(rooms.of('staff:2')).toEqual([room]);
});

test('a peer finds its running call before one that rings, and the latest ring before older ones', () => {
  const rooms = createRooms();
  rooms.open('a', pair()).started = true;
  rooms.open('b', pair('staff:2'));
  rooms.open('c', pair('staff:3'));
  expect(rooms.of('kiosk:1').map(({ callId }) => callId)).toEqual(['a', 'c', 'b']);
  expect(rooms.remove('a')?.callId).toBe('a');
  expect(rooms.remove('a')).toBeUndefined();
});

test('while it rings the agent may receive and the customer may not', () => {
  const room = createRooms().open('a', pair());
  expect(ways(room)).toEqual({ 'kiosk:1 > staff:1': 'open open', 'staff:1 > kiosk:1': 'paused paused' });
  room.started = true;
  expect(ways(room)).toEqual({ 'kiosk:1 > staff:1': 'open open', 'staff:1 > kiosk:1': 'open open' });
});

test('on hold nothing goes from or to the customer, and colleagues talk on', () => {
  const room: Room = { callId: 'a', started: true, held: true, members: pair().set('staff:2', staff('other')) };
  const to = ways(room);
  expect(
    Object.entries(to)
      .filter(([way]) => way.includes('kiosk'))
      .map(([, how]) => how),
  ).toEqual(Array.from({ length: 4 }, () => 'paused paused'));
  expect(to['staff:1 > staff:2']).toBe('open open');
  expect(to['staff:2 > staff:1']).toBe('open open');
});

test('of who listens nobody has anything; of who whispers the agent alone has the voice', () => {
  const room: Room = { callId: 'a', started: true, held: false, members: pair() };
  const members = new Map(pair()).set('staff:2', staff('other')).set('staff:9', staff('other', 'listening'));
  room.members = members;
  for (const [way, how] of Object.entries(ways(room)))
    expect([way, how]).toEqual([way, way.startsWith('staff:9') ? 'none none' : 'open open']);
  room.members = new Map(members).set('staff:9', staff('other', 'whispering'));
  const whisper = ways(room);
  expect(whisper['staff:9 > staff:1']).toBe('open none');
  expect(whisper['staff:9 > kiosk:1']).toBe('none none');
  expect(whisper['staff:9 > staff:2']).toBe('none none');
  expect(whisper['kiosk:1 > staff:9']).toBe('open open');
});

test('who is not in the room has nothing of it', () => {
  const room: Room = { callId: 'a', started: true, held: false, members: pair() };
  expect(flow(room, { from: 'kiosk:1', to: 'staff:5', source: 'camera' })).toBe('none');
  expect(flow(room, { from: 'staff:5', to: 'kiosk:1', source: 'microphone' })).toBe('none');
});

test('a window is shown to the customer alone, by whom the customer sees, and not on hold', () => {
  const members = new Map(pair()).set('staff:2', staff('other')).set('staff:9', staff('other', 'listening'));
  const room: Room = { callId: 'a', started: true, held: false, members };
  const screen = (from: string, to: string) => flow(room, { from, to, source: 'screen' });
  expect([screen('staff:1', 'kiosk:1'), screen('staff:2', 'kiosk:1')]).toEqual(['open', 'open']);
  expect([screen('staff:9', 'kiosk:1'), screen('staff:1', 'staff:2'), screen('kiosk:1', 'staff:1')]).toEqual([
    'none',
    'none',
    'none',
  ]);
  room.held = true;
  expect(screen('staff:1', 'kiosk:1')).toBe('paused');
});

test('of voices those are read who speak to everybody, on the sides that are asked for, and nobody’s on hold or before', () => {
  const members = new Map(pair())
    .set('staff:2', staff('other'))
    .set('staff:8', staff('other', 'listening'))
    .set('staff:9', staff('other', 'whispering'));
  const room: Room = { callId: 'a', started: true, held: false, members };
  expect(voices(room, ['customer', 'staff'])).toEqual(['kiosk:1', 'staff:1', 'staff:2']);
  expect(voices(room, ['staff'])).toEqual(['staff:1', 'staff:2']);
  expect(voices(room, ['customer'])).toEqual(['kiosk:1']);
  expect(voices(room, [])).toEqual([]);
  expect(voices({ ...room, held: true }, ['customer', 'staff'])).toEqual([]);
  expect(voices({ ...room, started: false }, ['customer', 'staff'])).toEqual([]);
});

test('what lies under the document camera is for all who may see the customer, and for nobody before the call', () => {
  const members = new Map(pair())
    .set('staff:2', staff('other'))
    .set('staff:3', staff('other', 'whispering'))
    .set('staff:9', staff('other', 'listening'));
  const room = createRooms().open('a', members);
  const all = ['staff:1', 'staff:2', 'staff:3', 'staff:9'];
  const document = (from: string, to: string) => flow(room, { from, to, source: 'document' });
  const seenBy = () => all.map((to) => document('kiosk:1', to));
  expect(seenBy()).toEqual(all.map(() => 'none'));
  room.started = true;
  expect(seenBy()).toEqual(all.map(() => 'open'));
  // Nobody of the staff has one to send.
  expect([document('staff:1', 'kiosk:1'), document('staff:2', 'staff:1')]).toEqual(['none', 'none']);
  expect(document('kiosk:1', 'staff:5')).toBe('none');
  room.held = true;
  expect(seenBy()).toEqual(all.map(() => 'paused'));
});
