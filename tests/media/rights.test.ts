import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { bareMedia, joinFully } from './lab/bare-media.ts';
import { memberOf, pair } from './lab/members.ts';
import { documentParameters } from './lab/parameters.ts';

const [anna, bob, carl, dora] = ['kiosk:anna', 'staff:bob', 'kiosk:carl', 'staff:dora'] as const;
const nothing = { workers: 1, transports: 0, producers: 0, consumers: 0 };
let stage: Awaited<ReturnType<typeof bareMedia>>;

beforeAll(async () => {
  stage = await bareMedia();
});
afterAll(() => stage.media.close());
beforeEach(async () => {
  for (const peer of [anna, bob, carl, dora]) stage.media.leave(peer);
  stage.told.length = 0;
  await vi.waitFor(async () => expect(await stage.media.count()).toEqual(nothing));
});

test('peers without a call consume nothing', async () => {
  for (const peer of [anna, bob, carl, dora]) await joinFully(stage.media, peer);
  expect(stage.told).toEqual([]);
  expect(await stage.media.count()).toEqual({ workers: 1, transports: 8, producers: 8, consumers: 0 });
});

test('in two calls at once nobody is told of a track from the other call', async () => {
  const { media, consumersOf } = stage;
  for (const peer of [anna, bob, carl, dora]) await joinFully(media, peer);
  const [first, second] = [randomUUID(), randomUUID()];
  media.startCall(first, pair(anna, bob));
  media.ring(second, pair(carl, dora));
  await vi.waitFor(async () => expect((await media.count()).consumers).toBe(8));
  for (const [peer, callId] of [
    [anna, first],
    [bob, first],
    [carl, second],
    [dora, second],
  ] as const) {
    expect(consumersOf(peer).map((told) => [told.callId, told.source])).toEqual([
      [callId, 'microphone'],
      [callId, 'camera'],
    ]);
  }
  media.endCall(first);
  media.endCall(second);
});

test('a consumer of somebody else cannot be resumed, an unknown one neither', async () => {
  const { media, consumersOf } = stage;
  for (const peer of [anna, bob, carl]) await joinFully(media, peer);
  const callId = randomUUID();
  media.startCall(callId, pair(anna, bob));
  await vi.waitFor(() => expect(consumersOf(bob)).toHaveLength(2));
  const consumerId = consumersOf(bob)[0]?.consumerId ?? '';
  await expect(media.resume(carl, { consumerId })).rejects.toMatchObject({ code: 'not-found' });
  await expect(media.resume(bob, { consumerId: randomUUID() })).rejects.toMatchObject({ code: 'not-found' });
  await expect(media.resume(bob, { consumerId })).resolves.toEqual({});
  media.endCall(callId);
  await expect(media.resume(bob, { consumerId })).rejects.toMatchObject({ code: 'not-found' });
});

test('who has not joined is told so for every request', async () => {
  const { media } = stage;
  const refused = { code: 'no-media' };
  await expect(media.resume(anna, { consumerId: randomUUID() })).rejects.toMatchObject(refused);
  await expect(media.unproduce(anna, { source: 'camera' })).rejects.toMatchObject(refused);
  await expect(media.receive(anna, { rtpCapabilities: {} })).rejects.toMatchObject(refused);
  await expect(media.restartIce(anna, { side: 'send' })).rejects.toMatchObject(refused);
});

test('the same source again replaces the first, and the far side changes over', async () => {
  const { media, told } = stage;
  for (const peer of [anna, bob]) await joinFully(media, peer);
  const callId = randomUUID();
  media.startCall(callId, pair(anna, bob));
  await vi.waitFor(async () => expect((await media.count()).consumers).toBe(4));
  told.length = 0;
  await joinFully(media, anna);
  await vi.waitFor(async () => {
    expect(await media.count()).toEqual({ workers: 1, transports: 4, producers: 4, consumers: 4 });
    const names = told.filter(({ peerId }) => peerId === bob).map(({ name }) => name);
    expect(names.toSorted()).toEqual([
      'media:consumer',
      'media:consumer',
      'media:consumer-closed',
      'media:consumer-closed',
    ]);
  });
  media.endCall(callId);
});

test('receive again tells of every consumer again before it answers', async () => {
  const { media, consumersOf } = stage;
  const { rtpCapabilities } = await joinFully(media, anna);
  await joinFully(media, bob);
  const callId = randomUUID();
  media.startCall(callId, pair(anna, bob));
  await vi.waitFor(() => expect(consumersOf(anna)).toHaveLength(2));
  const before = consumersOf(anna).map(({ consumerId }) => consumerId);
  await media.receive(anna, { rtpCapabilities });
  expect(consumersOf(anna).map(({ consumerId }) => consumerId)).toEqual([...before, ...before]);
  media.endCall(callId);
});

test('another agent under the same call id takes the place of the first', async () => {
  const { media, consumersOf } = stage;
  for (const peer of [anna, bob, dora]) await joinFully(media, peer);
  const callId = randomUUID();
  media.ring(callId, pair(anna, bob));
  await vi.waitFor(() => expect(consumersOf(bob)).toHaveLength(2));
  media.ring(callId, pair(anna, dora));
  await vi.waitFor(() => expect(consumersOf(dora)).toHaveLength(2));
  expect((await media.count()).consumers).toBe(4);
  media.endCall(callId);
  media.endCall(callId);
  await vi.waitFor(async () => expect((await media.count()).consumers).toBe(0));
});

test('leaving closes everything of a peer and nothing of the other', async () => {
  const { media } = stage;
  for (const peer of [anna, bob]) await joinFully(media, peer);
  const callId = randomUUID();
  media.startCall(callId, pair(anna, bob));
  await vi.waitFor(async () => expect((await media.count()).consumers).toBe(4));
  media.leave(anna);
  media.leave(anna);
  await vi.waitFor(async () =>
    expect(await media.count()).toEqual({ workers: 1, transports: 2, producers: 2, consumers: 0 }),
  );
  media.endCall(callId);
});

test('a whisper makes one consumer, the voice for the agent; to listen makes none of one’s own', async () => {
  const { media, told, consumersOf } = stage;
  for (const peer of [anna, bob, dora]) await joinFully(media, peer);
  const callId = randomUUID();
  media.startCall(callId, pair(anna, bob));
  await vi.waitFor(async () => expect((await media.count()).consumers).toBe(4));
  told.length = 0;
  media.setCall(callId, { members: pair(anna, bob).set(dora, memberOf(dora, 'listening')) });
  await vi.waitFor(() => expect(consumersOf(dora)).toHaveLength(4));
  expect(told.filter(({ peerId }) => peerId !== dora)).toEqual([]);
  media.setCall(callId, { members: pair(anna, bob).set(dora, memberOf(dora, 'whispering')) });
  await vi.waitFor(() => expect(consumersOf(bob)).toMatchObject([{ source: 'microphone' }]));
  media.setCall(callId, { members: pair(anna, bob).set(dora, memberOf(dora, 'joined')) });
  await vi.waitFor(() => expect(consumersOf(anna)).toHaveLength(2));
  media.silence(callId, dora);
  media.setCall(callId, { members: pair(anna, bob).set(dora, memberOf(dora, 'whispering')) });
  await vi.waitFor(async () => expect((await media.count()).consumers).toBe(4 + 4 + 1));
  media.setCall(callId, { members: pair(anna, bob) });
  await vi.waitFor(async () => expect((await media.count()).consumers).toBe(4));
  media.endCall(callId);
});

test('the document camera is for those of its call alone, and for none before it', async () => {
  const { media, told, consumersOf } = stage;
  for (const peer of [anna, bob, carl, dora]) await joinFully(media, peer);
  await media.produce(anna, documentParameters());
  const [callId, other] = [randomUUID(), randomUUID()];
  media.startCall(other, pair(carl, 'staff:nobody'));
  media.ring(callId, pair(anna, bob));
  const documents = (peer: string) => consumersOf(peer).filter(({ source }) => source === 'document');
  await vi.waitFor(() => expect(consumersOf(bob)).toHaveLength(2));
  expect(documents(bob)).toEqual([]);
  media.startCall(callId, pair(anna, bob).set(dora, memberOf(dora, 'listening')));
  await vi.waitFor(() => expect([bob, dora].map((peer) => documents(peer).length)).toEqual([1, 1]));
  expect(documents(carl)).toEqual([]);
  expect(documents(bob)).toMatchObject([{ callId, participant: 'customer', kind: 'video' }]);
  const consumerId = documents(bob)[0]?.consumerId ?? '';
  await expect(media.resume(carl, { consumerId })).rejects.toMatchObject({ code: 'not-found' });
  // Who leaves has it no longer, and neither has anybody when the camera is put away.
  told.length = 0;
  media.setCall(callId, { members: pair(anna, bob) });
  await vi.waitFor(() => expect(told.filter(({ peerId }) => peerId === dora)).toHaveLength(5));
  await media.unproduce(anna, { source: 'document' });
  await vi.waitFor(() =>
    expect(told.filter(({ peerId }) => peerId === bob)).toMatchObject([
      { name: 'media:consumer-closed', data: { consumerId } },
    ]),
  );
  media.endCall(callId);
  media.endCall(other);
});
