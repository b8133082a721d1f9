import { expect, test } from 'vitest';
import { createSampler, frozenBetween, totalsOf, type LinkReading, type Totals } from './quality-sample.ts';

const totals = (changes: Partial<Totals> = {}): Totals => ({
  at: 0,
  received: 0,
  lost: 0,
  bytesIn: 0,
  bytesOut: 0,
  lossOut: null,
  roundTripMs: null,
  jitterMs: null,
  sound: null,
  picture: null,
  ...changes,
});
const picture = (decoded: number, changes = {}) => ({
  id: 'a',
  decoded,
  frozenMs: 0,
  width: 640,
  height: 480,
  ...changes,
});
const of = {};
const reading = (changes: Partial<Totals>, link: 'up' | 'down' = 'up'): LinkReading => ({
  of,
  link,
  totals: totals(changes),
});

test('reads the reports of both transports: all sound, the largest camera, no shown window, no probes', () => {
  const pair = { type: 'candidate-pair', nominated: true, state: 'succeeded', currentRoundTripTime: 0.04 };
  const video = { type: 'inbound-rtp', kind: 'video', packetsReceived: 10, packetsLost: 1, bytesReceived: 100 };
  const audio = {
    type: 'inbound-rtp',
    kind: 'audio',
    packetsReceived: 5,
    packetsLost: 0,
    bytesReceived: 10,
    jitter: 0.006,
  };
  const found = totalsOf({
    at: 7,
    cameras: new Set(['face', 'small']),
    send: [
      pair,
      { type: 'outbound-rtp', bytesSent: 500 },
      { type: 'remote-inbound-rtp', fractionLost: 0.02 },
      { type: 'remote-inbound-rtp', fractionLost: 0.05 },
    ],
    receive: [
      { ...pair, nominated: false, currentRoundTripTime: 9 },
      { ...video, trackIdentifier: 'small', frameWidth: 320, frameHeight: 180, framesDecoded: 1 },
      {
        ...video,
        trackIdentifier: 'face',
        frameWidth: 640,
        frameHeight: 360,
        framesDecoded: 9,
        totalFreezesDuration: 1.5,
      },
      { ...video, trackIdentifier: 'window', frameWidth: 1920, frameHeight: 1080, framesDecoded: 1 },
      { ...video, mid: 'probator', packetsLost: 99 },
      { ...audio, totalSamplesReceived: 480, concealedSamples: 48 },
      { ...audio, totalSamplesReceived: 480, concealedSamples: 0 },
    ],
  });
  expect(found).toEqual({
    at: 7,
    received: 40,
    lost: 3,
    bytesIn: 320,
    bytesOut: 500,
    lossOut: 5,
    roundTripMs: 40,
    jitterMs: 6,
    sound: { played: 960, madeUp: 48 },
    picture: { id: 'face', decoded: 9, frozenMs: 1_500, width: 640, height: 360 },
  });
});

test('a sample is the difference of two readings of the same transports', () => {
  const sampler = createSampler();
  expect(sampler.take(reading({ received: 1_000, lost: 500 }), false)).toBeNull();
  const first = sampler.take(
    reading({
      at: 5_000,
      received: 1_090,
      lost: 510,
      bytesIn: 625_000,
      bytesOut: 62_500,
      lossOut: 2.04,
      roundTripMs: 31.4,
      jitterMs: 5.6,
      sound: { played: 1_000, madeUp: 15 },
      picture: picture(0),
    }),
    false,
  );
  expect(first).toMatchObject({ cut: false, lossIn: 10, lossOut: 2, roundTripMs: 31, jitterMs: 6, concealed: 1.5 });
  expect(first).toMatchObject({ kbpsIn: 1_000, kbpsOut: 100, framesPerSecond: null, frozenMs: 0, width: 640 });
  const second = sampler.take(reading({ at: 10_000, received: 1_090, lost: 510, picture: picture(125) }), false);
  expect(second).toMatchObject({ framesPerSecond: 25, lossIn: null, concealed: null });
  // Joined anew since then: all that the new transports have is of these five seconds.
  const anew = { of: {}, link: 'up' as const, totals: totals({ at: 15_000, received: 90, lost: 10, bytesIn: 62_500 }) };
  expect(sampler.take(anew, false)).toMatchObject({ lossIn: 10, kbpsIn: 100 });
});

test('transports that do not connect are no way', () => {
  const sampler = createSampler();
  sampler.take(reading({}), false);
  const connecting = (at: number, received: number): LinkReading => ({
    of: anew,
    link: 'connecting',
    totals: totals({ at, received }),
  });
  const anew = {};
  expect(sampler.take(connecting(5_000, 0), false)).toMatchObject({ cut: true });
  // One of them does.
  expect(sampler.take(connecting(10_000, 50), false)).toMatchObject({ cut: false, lossIn: 0 });
});

test('without a way, or while it is down, it is cut; and what comes next is not measured against what was before', () => {
  const sampler = createSampler();
  sampler.take(reading({ received: 5 }), false);
  expect(sampler.take(null, false)).toMatchObject({ cut: true, lossIn: null, kbpsIn: 0 });
  expect(sampler.take(reading({ at: 9_000, received: 900, lost: 900 }), false)).toBeNull();
  expect(sampler.take(reading({}, 'down'), false)).toMatchObject({ cut: true });
});

test('on hold nothing is judged, and the link still is', () => {
  const sampler = createSampler();
  sampler.take(reading({ picture: picture(10) }), true);
  expect(sampler.take(reading({ at: 5_000, roundTripMs: 20, picture: picture(10) }), true)).toMatchObject({
    cut: false,
    roundTripMs: 20,
    lossIn: null,
    concealed: null,
    frozenMs: null,
    framesPerSecond: null,
  });
  const back = (at: number, decoded: number) => sampler.take(reading({ at, picture: picture(decoded) }), false);
  expect(back(10_000, 12)?.framesPerSecond).toBeNull();
  expect(back(15_000, 62)?.framesPerSecond).toBe(10);
});

test('a picture that stands still counts while it does, and its end does not count that once more', () => {
  const at = (ms: number, decoded: number, frozenMs: number) =>
    totals({ at: ms, picture: picture(decoded, { frozenMs }) });
  expect(frozenBetween(at(0, 10, 0), at(5_000, 10, 0), 0)).toEqual({ frozenMs: 5_000, counted: 5_000 });
  expect(frozenBetween(at(5_000, 10, 0), at(10_000, 60, 7_000), 5_000)).toEqual({ frozenMs: 2_000, counted: 0 });
  expect(frozenBetween(at(0, 10, 0), at(5_000, 60, 300), 0)).toEqual({ frozenMs: 300, counted: 0 });
  expect(frozenBetween(at(0, 10, 0), totals({ at: 5_000 }), 0)).toBeNull();
  expect(frozenBetween(totals(), at(5_000, 10, 900), 0)).toEqual({ frozenMs: 0, counted: 0 });
});
