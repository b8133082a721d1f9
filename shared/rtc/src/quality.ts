import type { Link } from './ladder.ts';

export type Quality = {
  level: 'good' | 'fair' | 'poor' | 'lost';
  lossPercent: number;
  roundTripMs: number;
  width: number;
  height: number;
  framesPerSecond: number;
  sendingKbps: number;
  receivingKbps: number;
};

type Packets = { received: number; lost: number };
/** What the browser's statistics say at one moment; packets and bytes are totals since the transports were made. */
export type Reading = {
  at: number;
  /** Apart, for what is sent again counts as come where there is no stream of its own for it, as with speech. */
  speech: Packets;
  pictures: Packets;
  bytesReceived: number;
  bytesSent: number;
  outgoingLossPercent: number;
  roundTripMs: number;
  width: number;
  height: number;
  framesPerSecond: number;
};

type Entry = { type: string } & Partial<Record<string, unknown>>;
export type Report = { forEach(visit: (entry: Entry) => void): void };

const figure = (entry: Entry, name: string): number => {
  const value = entry[name];
  return typeof value === 'number' && Number.isFinite(value) ? value : 0;
};

/** The far side tells of its loss every second, of speech every five (RFC 3550): what is older is of a link that was cut. */
const TOLD_WITHIN_MS = 6_000;

/** Reads the reports of both transports. `at` is milliseconds. */
export function readReports({ send, receive, at }: { send: Report; receive: Report; at: number }): Reading {
  const reading: Reading = {
    at,
    speech: { received: 0, lost: 0 },
    pictures: { received: 0, lost: 0 },
    bytesReceived: 0,
    bytesSent: 0,
    outgoingLossPercent: 0,
    roundTripMs: 0,
    width: 0,
    height: 0,
    framesPerSecond: 0,
  };
  const pair = (entry: Entry) => {
    if (entry.type !== 'candidate-pair' || entry['nominated'] !== true || entry['state'] !== 'succeeded') return;
    reading.roundTripMs = Math.max(reading.roundTripMs, figure(entry, 'currentRoundTripTime') * 1000);
  };
  let now = 0;
  send.forEach((entry) => (now = Math.max(now, figure(entry, 'timestamp'))));
  send.forEach((entry) => {
    pair(entry);
    if (entry.type === 'outbound-rtp') reading.bytesSent += figure(entry, 'bytesSent');
    if (entry.type === 'remote-inbound-rtp' && now - figure(entry, 'timestamp') <= TOLD_WITHIN_MS) {
      reading.outgoingLossPercent = Math.max(reading.outgoingLossPercent, figure(entry, 'fractionLost') * 100);
    }
  });
  receive.forEach((entry) => {
    pair(entry);
    // The forwarder's bandwidth probes come as a stream of their own, with gaps that are no loss.
    if (entry.type !== 'inbound-rtp' || entry['mid'] === 'probator') return;
    const packets = entry['kind'] === 'video' ? reading.pictures : reading.speech;
    packets.received += figure(entry, 'packetsReceived');
    packets.lost += figure(entry, 'packetsLost');
    reading.bytesReceived += figure(entry, 'bytesReceived');
    if (entry['kind'] !== 'video' || figure(entry, 'frameWidth') < reading.width) return;
    reading.width = figure(entry, 'frameWidth');
    reading.height = figure(entry, 'frameHeight');
    reading.framesPerSecond = Math.round(figure(entry, 'framesPerSecond'));
  });
  return reading;
}

/** Percent of what the far side sent in this interval that did not come, 0 to 100; of speech or pictures, whichever is worse. */
export function incomingLoss(before: Reading, now: Reading): number {
  const of = (what: 'speech' | 'pictures') => {
    const lost = Math.max(0, now[what].lost - before[what].lost);
    const received = Math.max(0, now[what].received - before[what].received);
    return lost + received === 0 ? 0 : (100 * lost) / (lost + received);
  };
  return Math.max(of('speech'), of('pictures'));
}

/**
 * What two readings, a few seconds apart, say in plain words. Speech stays clear up to about 2 % of loss and 250 ms of
 * round trip (ITU-T G.114 and G.113); past 8 % or 600 ms people talk over each other.
 */
export function judge(before: Reading, now: Reading, link: Link): Quality {
  const seconds = Math.max(0.001, (now.at - before.at) / 1000);
  const kbps = (bytes: number) => Math.round((Math.max(0, bytes) * 8) / 1000 / seconds);
  const lossPercent = Math.max(incomingLoss(before, now), now.outgoingLossPercent);
  const { roundTripMs, width, height, framesPerSecond } = now;
  const level =
    link === 'down'
      ? 'lost'
      : lossPercent > 8 || roundTripMs > 600
        ? 'poor'
        : lossPercent > 2 || roundTripMs > 250
          ? 'fair'
          : 'good';
  return {
    level,
    lossPercent: Math.round(lossPercent * 10) / 10,
    roundTripMs: Math.round(roundTripMs),
    width,
    height,
    framesPerSecond,
    sendingKbps: kbps(now.bytesSent - before.bytesSent),
    receivingKbps: kbps(now.bytesReceived - before.bytesReceived),
  };
}

const MOST_BUFFER_MS = 900;
const CALM_STEP_MS = 50;

/**
 * How long the receiver should hold frames back, in milliseconds, so that what was lost can be sent again in time.
 * Measured: at 5 % loss and 300 ms round trip 600 ms end all freezing (54 % without), at 10 % and no delay 300 ms.
 * Grows at once, shrinks by a step each time, so that one calm interval does not bring the freezing back.
 */
export function bufferTarget(
  current: number,
  { lossPercent, roundTripMs }: { lossPercent: number; roundTripMs: number },
): number {
  const needed = lossPercent < 1 ? 0 : Math.min(MOST_BUFFER_MS, 1.5 * roundTripMs + 30 * lossPercent);
  return Math.round(Math.max(needed, current - CALM_STEP_MS, 0));
}
