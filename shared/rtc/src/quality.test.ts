import { expect, test } from 'vitest';
import { bufferTarget, incomingLoss, judge, readReports } from './quality.ts';
import type { Reading } from './quality.ts';

const reading = (over: Partial<Reading>): Reading => ({
  at: 0,
  speech: { received: 0, lost: 0 },
  pictures: { received: 0, lost: 0 },
  bytesReceived: 0,
  bytesSent: 0,
  outgoingLossPercent: 0,
  roundTripMs: 0,
  width: 0,
  height: 0,
  framesPerSecond: 0,
  ...over,
});

test('reads the browser reports of both transports', () => {
  const pair = { type: 'candidate-pair', nominated: true, state: 'succeeded', currentRoundTripTime: 0.12 };
  const send = [
    pair,
    { type: 'outbound-rtp', bytesSent: 1000 },
    { type: 'outbound-rtp', bytesSent: 500 },
    { type: 'remote-inbound-rtp', fractionLost: 0.05 },
  ];
  const receive = [
    { ...pair, nominated: false, currentRoundTripTime: 9 },
    { type: 'inbound-rtp', kind: 'video', mid: 'probator', packetsReceived: 50, packetsLost: 50, bytesReceived: 9 },
    { type: 'inbound-rtp', kind: 'audio', packetsReceived: 10, packetsLost: 1, bytesReceived: 100 },
    {
      type: 'inbound-rtp',
      kind: 'video',
      packetsReceived: 90,
      packetsLost: 4,
      bytesReceived: 900,
      frameWidth: 1280,
      frameHeight: 720,
      framesPerSecond: 29.7,
    },
  ];
  expect(readReports({ send, receive, at: 5 })).toEqual(
    reading({
      at: 5,
      speech: { received: 10, lost: 1 },
      pictures: { received: 90, lost: 4 },
      bytesReceived: 1000,
      bytesSent: 1500,
      outgoingLossPercent: 5,
      roundTripMs: 120,
      width: 1280,
      height: 720,
      framesPerSecond: 30,
    }),
  );
});

test('what the far side told before the link was cut says nothing of now', () => {
  const send = (told: number) => [
    { type: 'outbound-rtp', bytesSent: 1000, timestamp: 20_000 },
    { type: 'remote-inbound-rtp', fractionLost: 0.4, timestamp: told },
  ];
  expect(readReports({ send: send(15_000), receive: [], at: 5 }).outgoingLossPercent).toBe(40);
  expect(readReports({ send: send(13_000), receive: [], at: 5 }).outgoingLossPercent).toBe(0);
});

test('loss is that of the interval, and 0 when nothing came', () => {
  const before = reading({ pictures: { received: 100, lost: 50 } });
  expect(incomingLoss(before, reading({ pictures: { received: 190, lost: 60 } }))).toBe(10);
  expect(incomingLoss(before, before)).toBe(0);
  // Speech that is sent again counts as come: the pictures' loss must not be thinned by it.
  const both = reading({ pictures: { received: 190, lost: 60 }, speech: { received: 500, lost: 0 } });
  expect(incomingLoss(before, both)).toBe(10);
  expect(incomingLoss(reading({}), reading({ speech: { received: 80, lost: 20 } }))).toBe(20);
});

test('the level follows the worse of both directions, and a link that is down is lost', () => {
  const before = reading({});
  const after = (over: Partial<Reading>) => judge(before, reading({ at: 2000, ...over }), 'up').level;
  expect(after({ speech: { received: 100, lost: 0 } })).toBe('good');
  expect(after({ speech: { received: 97, lost: 3 } })).toBe('fair');
  expect(after({ speech: { received: 97, lost: 0 }, outgoingLossPercent: 9 })).toBe('poor');
  expect(after({ roundTripMs: 300 })).toBe('fair');
  expect(after({ roundTripMs: 700 })).toBe('poor');
  expect(judge(before, reading({ at: 2000 }), 'down').level).toBe('lost');
});

test('bitrates are of the interval', () => {
  const quality = judge(
    reading({ at: 1000, bytesSent: 1000, bytesReceived: 0 }),
    reading({ at: 3000, bytesSent: 26_000, bytesReceived: 250_000 }),
    'up',
  );
  expect(quality).toMatchObject({ sendingKbps: 100, receivingKbps: 1000 });
});

test('frames are held back for as long as was measured to end the freezing, and let go step by step', () => {
  expect(bufferTarget(0, { lossPercent: 0, roundTripMs: 300 })).toBe(0);
  expect(bufferTarget(0, { lossPercent: 10, roundTripMs: 0 })).toBe(300);
  expect(bufferTarget(0, { lossPercent: 5, roundTripMs: 300 })).toBe(600);
  expect(bufferTarget(0, { lossPercent: 20, roundTripMs: 800 })).toBe(900);
  expect(bufferTarget(600, { lossPercent: 0, roundTripMs: 300 })).toBe(550);
  expect(bufferTarget(50, { lossPercent: 0, roundTripMs: 0 })).toBe(0);
});
