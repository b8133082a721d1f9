import { MAX_QUALITY_SAMPLES, QUALITY_SLOT_MS, type CallId, type QualitySample } from '@openvtm/protocol';
import { RequestFailed, type Line } from './line.ts';
import { createSampler, type LinkReading } from './quality-sample.ts';

/** A call that this page is in. */
export type ReportedCall = { callId: CallId; startedAt: number; held: boolean };

/** The server may have them all the same, or can be told later. */
const PASSING: ReadonlySet<string> = new Set(['offline', 'timeout', 'unavailable', 'internal', 'too-fast']);
/** A later batch says the same, so nobody need wait longer for one. */
const ANSWER_MS = 4_000;

/** Samples that the server has not said it has, by call; bounded, the oldest go first. */
export function createSampleBox() {
  const calls = new Map<CallId, QualitySample[]>();
  return {
    put(callId: CallId, sample: QualitySample): void {
      const waiting = calls.get(callId) ?? [];
      if (waiting.some(({ slot }) => slot === sample.slot)) return;
      calls.set(callId, [...waiting, sample].slice(-MAX_QUALITY_SAMPLES));
    },
    /** What waits, whole calls at a time. */
    waiting: (): [CallId, QualitySample[]][] => [...calls],
    /** The server has these. */
    drop(callId: CallId, sent: readonly QualitySample[]): void {
      const left = (calls.get(callId) ?? []).filter((one) => !sent.includes(one));
      if (left.length === 0) calls.delete(callId);
      else calls.set(callId, left);
    },
    /** The server wants none of this call. */
    forget: (callId: CallId): void => void calls.delete(callId),
  };
}

/**
 * Tells the server every 5 s how this side's link was, in each call that this page is in. While the line is lost the
 * samples wait, so that the bad minutes are not the ones that are missing.
 */
export function createQualityReport(options: {
  line: Line;
  /** null: no media session just now, and nothing to tell. */
  read: () => Promise<LinkReading> | null;
  calls: () => readonly ReportedCall[];
  /** The server's clock. */
  serverNow: () => number;
}): { close(): void } {
  const { line, read, calls, serverNow } = options;
  const sampler = createSampler();
  const box = createSampleBox();
  const sending = new Set<CallId>();
  let last = -1;
  let closed = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function sample(): Promise<void> {
    const reading = read();
    if (reading === null) return;
    // Transports that close while they are read reject: they were no way any more.
    const now = await reading.catch(() => null);
    // The five seconds that are just over, also when the timer was a little early.
    const slot = Math.floor((serverNow() - QUALITY_SLOT_MS / 2) / QUALITY_SLOT_MS);
    const mine = calls();
    const taken = sampler.take(now, mine.length > 0 && mine.every(({ held }) => held));
    if (taken === null || slot === last) return;
    last = slot;
    for (const { callId, startedAt } of mine)
      if (slot >= Math.floor(startedAt / QUALITY_SLOT_MS)) box.put(callId, { slot, ...taken });
  }

  async function send(callId: CallId, samples: QualitySample[]): Promise<void> {
    if (sending.has(callId)) return;
    sending.add(callId);
    try {
      await line.request('quality:report', { callId, samples }, { timeoutMs: ANSWER_MS });
      box.drop(callId, samples);
    } catch (error) {
      if (!(error instanceof RequestFailed) || !PASSING.has(error.code)) box.forget(callId);
    } finally {
      sending.delete(callId);
    }
  }

  function sendAll(): void {
    if (line.state.at !== 'live') return;
    for (const [callId, samples] of box.waiting()) void send(callId, samples);
  }

  async function tick(): Promise<void> {
    await sample();
    if (closed) return;
    sendAll();
    plan();
  }
  function plan(): void {
    timer = setTimeout(() => void tick(), QUALITY_SLOT_MS - (serverNow() % QUALITY_SLOT_MS));
  }
  plan();
  const stop = line.onState(({ at }) => {
    if (at === 'live') sendAll();
  });
  return {
    close() {
      closed = true;
      clearTimeout(timer);
      stop();
    },
  };
}
