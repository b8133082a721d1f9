import { QUALITY_SLOT_MS, type QualitySample } from '@openvtm/protocol';
import type { Link } from './ladder.ts';
import type { Report } from './quality.ts';

/** What the browser's statistics say at one moment; all counts are totals since the transports were made. */
export type Totals = {
  /** ms. */
  at: number;
  received: number;
  lost: number;
  bytesIn: number;
  bytesOut: number;
  /** Percent, of the last report of the far side; null: none came yet. */
  lossOut: number | null;
  roundTripMs: number | null;
  jitterMs: number | null;
  /** Sound that was played, and how much of it was made up, in samples; null: none comes, or the browser does not say. */
  sound: { played: number; madeUp: number } | null;
  /** The largest camera picture that comes. */
  picture: { id: string; decoded: number; frozenMs: number; width: number; height: number } | null;
};
/** Totals of these transports: those of others are no base for a difference. null: there are none just now. */
export type LinkReading = { of: object; link: Link; totals: Totals } | null;

type Entry = Parameters<Parameters<Report['forEach']>[0]>[0];
const figure = (entry: Entry, name: string): number | null => {
  const value = entry[name];
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
};
const most = (a: number | null, b: number | null): number | null => (a === null || (b !== null && b > a) ? b : a);

/** Of transports that were just made. */
const nothingAt = (at: number): Totals => ({
  at,
  received: 0,
  lost: 0,
  bytesIn: 0,
  bytesOut: 0,
  lossOut: null,
  roundTripMs: null,
  jitterMs: null,
  sound: null,
  picture: null,
});

/** Reads the reports of both transports. `cameras`: the tracks that are people's pictures, for a shown window stands still and is no fault. */
export function totalsOf({
  send,
  receive,
  at,
  cameras,
}: {
  send: Report;
  receive: Report;
  at: number;
  cameras: ReadonlySet<string>;
}): Totals {
  const totals = nothingAt(at);
  const pair = (entry: Entry) => {
    if (entry.type !== 'candidate-pair' || entry['nominated'] !== true || entry['state'] !== 'succeeded') return;
    const seconds = figure(entry, 'currentRoundTripTime');
    totals.roundTripMs = most(totals.roundTripMs, seconds === null ? null : seconds * 1000);
  };
  const sound = (entry: Entry) => {
    const seconds = figure(entry, 'jitter');
    totals.jitterMs = most(totals.jitterMs, seconds === null ? null : seconds * 1000);
    const [played, madeUp] = [figure(entry, 'totalSamplesReceived'), figure(entry, 'concealedSamples')];
    if (played === null || madeUp === null) return;
    totals.sound = { played: (totals.sound?.played ?? 0) + played, madeUp: (totals.sound?.madeUp ?? 0) + madeUp };
  };
  const picture = (entry: Entry) => {
    const [width, id] = [figure(entry, 'frameWidth') ?? 0, entry['trackIdentifier']];
    if (typeof id !== 'string' || !cameras.has(id) || (totals.picture && totals.picture.width >= width)) return;
    totals.picture = {
      id,
      width,
      height: figure(entry, 'frameHeight') ?? 0,
      decoded: figure(entry, 'framesDecoded') ?? 0,
      frozenMs: (figure(entry, 'totalFreezesDuration') ?? 0) * 1000,
    };
  };
  send.forEach((entry) => {
    pair(entry);
    if (entry.type === 'outbound-rtp') totals.bytesOut += figure(entry, 'bytesSent') ?? 0;
    if (entry.type !== 'remote-inbound-rtp') return;
    const share = figure(entry, 'fractionLost');
    totals.lossOut = most(totals.lossOut, share === null ? null : share * 100);
  });
  receive.forEach((entry) => {
    pair(entry);
    // The forwarder's bandwidth probes come as a stream of their own, with gaps that are no loss.
    if (entry.type !== 'inbound-rtp' || entry['mid'] === 'probator') return;
    totals.received += figure(entry, 'packetsReceived') ?? 0;
    totals.lost += figure(entry, 'packetsLost') ?? 0;
    totals.bytesIn += figure(entry, 'bytesReceived') ?? 0;
    if (entry['kind'] === 'video') picture(entry);
    else sound(entry);
  });
  return totals;
}

const within = (value: number, top: number) => Math.min(top, Math.max(0, value));
const whole = (value: number | null, top: number) => (value === null ? null : Math.round(within(value, top)));
const percent = (value: number) => Math.round(within(value, 100) * 10) / 10;
const grown = (before: number, now: number) => Math.max(0, now - before);

/** How long the picture stood still between two readings, and what a later end of it has counted already (ms). Pure. */
export function frozenBetween(
  before: Totals,
  now: Totals,
  counted: number,
): { frozenMs: number; counted: number } | null {
  const [was, is] = [before.picture, now.picture];
  if (is === null) return null;
  if (was?.id !== is.id) return { frozenMs: 0, counted: 0 };
  const interval = now.at - before.at;
  // A browser tells of a freeze when it is over: until then it is seen by there being no frames.
  if (is.decoded <= was.decoded) return { frozenMs: interval, counted: counted + interval };
  return { frozenMs: within(grown(was.frozenMs, is.frozenMs) - counted, interval), counted: 0 };
}

const NOTHING = {
  lossIn: null,
  lossOut: null,
  roundTripMs: null,
  jitterMs: null,
  concealed: null,
  frozenMs: null,
  framesPerSecond: null,
  width: null,
  height: null,
  kbpsIn: 0,
  kbpsOut: 0,
};
type Figures = Omit<QualitySample, 'slot'>;

/** What comes between two readings of the same transports. `held`: nobody is seen or heard, and that is no fault. */
function figuresOf(
  before: Totals,
  now: Totals,
  { held, frozenMs }: { held: boolean; frozenMs: number | null },
): Figures {
  const seconds = Math.max(0.001, (now.at - before.at) / 1000);
  const kbps = (bytes: number) => Math.round(within((bytes * 8) / 1000 / seconds, 1_000_000));
  const [lost, received] = [grown(before.lost, now.lost), grown(before.received, now.received)];
  const played = grown(before.sound?.played ?? 0, now.sound?.played ?? 0);
  const { picture } = now;
  const frames = picture && before.picture?.id === picture.id ? grown(before.picture.decoded, picture.decoded) : null;
  return {
    cut: false,
    lossIn: held || lost + received === 0 ? null : percent((100 * lost) / (lost + received)),
    lossOut: held || now.lossOut === null ? null : percent(now.lossOut),
    roundTripMs: whole(now.roundTripMs, 60_000),
    jitterMs: held ? null : whole(now.jitterMs, 60_000),
    concealed:
      held || now.sound === null || played === 0
        ? null
        : percent((100 * grown(before.sound?.madeUp ?? 0, now.sound.madeUp)) / played),
    frozenMs: held || frozenMs === null ? null : whole((frozenMs / seconds / 1000) * QUALITY_SLOT_MS, QUALITY_SLOT_MS),
    framesPerSecond: held || frames === null ? null : whole(frames / seconds, 240),
    width: held || picture === null ? null : whole(picture.width, 16_384),
    height: held || picture === null ? null : whole(picture.height, 16_384),
    kbpsIn: kbps(grown(before.bytesIn, now.bytesIn)),
    kbpsOut: kbps(grown(before.bytesOut, now.bytesOut)),
  };
}

/** Makes a sample of each reading and the one before; null for the first, which has none before. */
export function createSampler(): { take(reading: LinkReading, held: boolean): Figures | null } {
  let before: LinkReading = null;
  let known: object | null = null;
  let isFirst = true;
  let counted = 0;
  let wasHeld = false;

  /** Transports that were not there at the last reading began with nothing since then. */
  function baseOf({ of, totals }: NonNullable<LinkReading>, last: LinkReading): Totals | null {
    if (last?.of === of) return last.totals;
    return isFirst || of === known ? null : nothingAt(totals.at - QUALITY_SLOT_MS);
  }
  return {
    take(reading, isHeld) {
      const last = before;
      before = reading;
      // Five seconds that were on hold in part are not judged by what came in the rest of them.
      const held = isHeld || wasHeld;
      wasHeld = isHeld;
      const base = reading && baseOf(reading, last);
      known = reading?.of ?? known;
      isFirst = false;
      const isSilent = reading?.link === 'connecting' && base?.received === reading.totals.received;
      if (reading === null || reading.link === 'down' || isSilent) {
        counted = 0;
        return { ...NOTHING, cut: true };
      }
      if (base === null) return null;
      const frozen = frozenBetween(base, reading.totals, counted);
      counted = held ? 0 : (frozen?.counted ?? 0);
      return figuresOf(base, reading.totals, { held, frozenMs: frozen?.frozenMs ?? null });
    },
  };
}
