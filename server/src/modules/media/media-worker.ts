import { setTimeout as pause } from 'node:timers/promises';
import { createWorker, type types } from 'mediasoup';
import type { Log, MediaSettings } from './media-needs.ts';

/** One media worker process with its one router and its one port. */
export type MediaWorker = {
  readonly index: number;
  readonly pid: number;
  readonly router: types.Router;
  readonly webRtcServer: types.WebRtcServer;
  close(): Promise<void>;
};

const PROBE_EVERY_MS = 1_000;
const PROBE_TIMEOUT_MS = 1_000;
const PROBE_FAILURES = 2;
const EXIT_TIMEOUT_MS = 2_000;

// VP8 is what every browser encodes and decodes without patents; NACK for Opus brings lost speech back.
const mediaCodecs: types.RouterRtpCodecCapability[] = [
  { kind: 'audio', mimeType: 'audio/opus', clockRate: 48_000, channels: 2, parameters: { useinbandfec: 1, usedtx: 0 } },
  { kind: 'video', mimeType: 'video/VP8', clockRate: 90_000 },
];

/**
 * Starts a worker and probes it every second; one that fails to answer twice in a row is killed. `onDied` is told once
 * when the process is gone without close() having been called. Rejects in plain words if its port is taken.
 */
export async function startWorker(options: {
  index: number;
  settings: MediaSettings;
  log: Log;
  onDied: () => void;
}): Promise<MediaWorker> {
  const { index, settings, log, onDied } = options;
  const worker = await withoutSignalListeners(() => createWorker({ logLevel: 'warn' }));
  const { pid } = worker;
  let probe: ReturnType<typeof setInterval> | undefined;
  let closing: Promise<void> | null = null;

  async function close(): Promise<void> {
    clearInterval(probe);
    const gone = new Promise<void>((resolve) => worker.once('subprocessclose', resolve));
    if (worker.subprocessClosed) return;
    try {
      worker.close();
    } catch (error) {
      log.warn({ index, pid, err: error }, 'media worker does not close by itself');
      kill(pid);
    }
    // A stopped process does not hear that it should close.
    const exited = await Promise.race([gone.then(() => true), pause(EXIT_TIMEOUT_MS, false, { ref: false })]);
    if (!exited) kill(pid);
    await gone;
  }

  try {
    const listen = { ip: settings.listenIp, port: settings.basePort + index };
    const announced = settings.announcedAddress === null ? {} : { announcedAddress: settings.announcedAddress };
    const webRtcServer = await worker.createWebRtcServer({
      listenInfos: [
        { protocol: 'udp', ...listen, ...announced },
        { protocol: 'tcp', ...listen, ...announced },
      ],
    });
    const router = await worker.createRouter({ mediaCodecs });
    worker.once('died', (error) => {
      clearInterval(probe);
      if (closing !== null) return;
      log.error({ index, pid, err: error }, 'media worker died');
      onDied();
    });
    probe = watch(worker, () => {
      log.error({ index, pid }, 'media worker does not answer and is killed');
      kill(pid);
    });
    log.info({ index, pid, port: listen.port }, 'media worker is up');
    return { index, pid, router, webRtcServer, close: () => (closing ??= close()) };
  } catch (error) {
    await (closing ??= close());
    const where = `${settings.listenIp}:${settings.basePort + index}`;
    throw new Error(`The media worker cannot listen on ${where} (UDP and TCP); free that port or set another one.`, {
      cause: error,
    });
  }
}

/** Asks for something small every second; a worker that is stopped does not answer, a wedged one throws. */
function watch(worker: types.Worker, onHung: () => void): ReturnType<typeof setInterval> {
  let failures = 0;
  let asking = false;
  async function ask(): Promise<void> {
    if (asking) return;
    asking = true;
    const answered = worker.getResourceUsage().then(
      () => true,
      () => false,
    );
    const inTime = await Promise.race([answered, pause(PROBE_TIMEOUT_MS, false, { ref: false })]);
    asking = false;
    failures = inTime ? 0 : failures + 1;
    if (failures < PROBE_FAILURES || worker.closed) return;
    clearInterval(timer);
    onHung();
  }
  const timer = setInterval(() => void ask(), PROBE_EVERY_MS);
  timer.unref();
  return timer;
}

/** mediasoup closes a worker as soon as our process is told to stop; calls must outlive that while we drain. */
async function withoutSignalListeners<T>(start: () => Promise<T>): Promise<T> {
  const signals = ['SIGINT', 'SIGTERM'] as const;
  const before = signals.map((signal) => new Set<unknown>(process.listeners(signal)));
  const started = start();
  signals.forEach((signal, i) => {
    for (const listener of process.listeners(signal)) {
      if (before[i]?.has(listener) === false) process.removeListener(signal, listener);
    }
  });
  return started;
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It is gone already, which is what was wanted.
  }
}
