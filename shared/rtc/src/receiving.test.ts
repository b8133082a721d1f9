import { CallId, StaffId, type NoticeData, type ParticipantId, type Source } from '@openvtm/protocol';
import type { Transport } from 'mediasoup-client/types';
import { expect, test } from 'vitest';
import { createFakeLine } from './fakes.ts';
import { createReceiving } from './receiving.ts';

const call = CallId.parse('6b1f2a0e-8f0a-4c62-9d58-0f6a5d1c9e01');
const other = CallId.parse('6b1f2a0e-8f0a-4c62-9d58-0f6a5d1c9e02');
const agent = StaffId.parse('6b1f2a0e-8f0a-4c62-9d58-0f6a5d1c9e03');
const expertId = StaffId.parse('6b1f2a0e-8f0a-4c62-9d58-0f6a5d1c9e04');

/** A transport of which only what is asked of it here is there. */
const someTransport = () =>
  ({
    closed: false,
    consume: async ({ id }: { id: string }) => ({ track: { id: `track of ${id}` }, close() {}, rtpReceiver: {} }),
  }) as unknown as Transport;

function someReceiving() {
  const line = createFakeLine();
  line.answer('media:resume', () => ({}));
  const errors: unknown[] = [];
  let changes = 0;
  const receiving = createReceiving({ line, onChange: () => (changes += 1), onError: (error) => errors.push(error) });
  receiving.use(someTransport());
  const told = (participant: ParticipantId, source: Source, more: { callId?: CallId; consumerId?: string } = {}) =>
    ({
      callId: call,
      participant,
      consumerId: `${participant} ${source}`,
      producerId: 'p',
      source,
      kind: source === 'camera' ? 'video' : 'audio',
      rtpParameters: {},
      ...more,
    }) satisfies NoticeData<'media:consumer'>;
  return { receiving, told, errors, line, changes: () => changes };
}
const ids = (receiving: ReturnType<typeof someReceiving>['receiving']) =>
  receiving
    .remotes()
    .map(({ callId, participant, camera, microphone }) => [
      callId === call ? 'call' : 'other',
      participant,
      camera?.id ?? null,
      microphone?.id ?? null,
    ]);

test('gives the tracks of each participant of each call, the first to come first', async () => {
  const { receiving, told, errors } = someReceiving();
  await receiving.add(told('customer', 'camera'));
  await receiving.add(told(agent, 'microphone'));
  await receiving.add(told('customer', 'microphone'));
  await receiving.add(told('customer', 'camera', { callId: other, consumerId: 'another customer' }));
  expect(ids(receiving)).toEqual([
    ['call', 'customer', 'track of customer camera', 'track of customer microphone'],
    ['call', agent, null, `track of ${agent} microphone`],
    ['other', 'customer', 'track of another customer', null],
  ]);
  expect(errors).toEqual([]);
});

test('is the same array with the same tracks until somebody or something comes or goes', async () => {
  const { receiving, told, changes } = someReceiving();
  await receiving.add(told(agent, 'camera'));
  const before = receiving.remotes();
  const { camera } = before[0]!;
  // Told again, as after every gap of the line.
  await receiving.add(told(agent, 'camera'));
  receiving.hold(300);
  expect(receiving.remotes()).toBe(before);
  expect(changes()).toBe(1);
  await receiving.add(told(expertId, 'camera'));
  expect(receiving.remotes()).not.toBe(before);
  expect(receiving.remotes()[0]!.camera).toBe(camera);
  receiving.remove(`${expertId} camera`);
  expect(ids(receiving)).toEqual([['call', agent, `track of ${agent} camera`, null]]);
});

test('shows the newer of two tracks of one source, and nobody of whom nothing is left', async () => {
  const { receiving, told } = someReceiving();
  await receiving.add(told(agent, 'camera', { consumerId: 'old' }));
  await receiving.add(told(agent, 'camera', { consumerId: 'new' }));
  expect(ids(receiving)).toEqual([['call', agent, 'track of new', null]]);
  receiving.remove('old');
  expect(ids(receiving)).toEqual([['call', agent, 'track of new', null]]);
  receiving.remove('new');
  expect(receiving.remotes()).toEqual([]);
});

test('drops whom the server names no more, and everybody with the transport', async () => {
  const { receiving, told } = someReceiving();
  await receiving.add(told(agent, 'camera'));
  await receiving.add(told(expertId, 'camera'));
  await receiving.reconcile(() => receiving.add(told(agent, 'camera')));
  expect(ids(receiving)).toEqual([['call', agent, `track of ${agent} camera`, null]]);
  receiving.use(null);
  expect(receiving.remotes()).toEqual([]);
});
