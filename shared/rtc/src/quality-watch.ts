import type { Peering } from './peering.ts';
import { bufferTarget, incomingLoss, judge, readReports } from './quality.ts';
import type { Quality, Reading } from './quality.ts';
import type { Receiving } from './receiving.ts';

const READ_EVERY_MS = 2_000;

/** Reads both transports every 2 s, judges the link, and makes the receivers hold frames back while it is bad. */
export function watchQuality(options: { peering: () => Peering | null; receiving: Receiving; onChange: () => void }): {
  latest(): Quality | null;
  close(): void;
} {
  let latest: Quality | null = null;
  let before: { peering: Peering; reading: Reading } | null = null;
  let target = 0;
  let closed = false;

  async function read(): Promise<void> {
    const peering = options.peering();
    if (peering === null) {
      before = null;
      if (latest !== null) {
        latest = null;
        options.onChange();
      }
      return;
    }
    const [send, receive] = await Promise.all([peering.send.getStats(), peering.receive.getStats()]);
    if (closed || options.peering() !== peering) return;
    const reading = readReports({ send, receive, at: performance.now() });
    if (before?.peering === peering) {
      latest = judge(before.reading, reading, peering.link());
      const lossPercent = incomingLoss(before.reading, reading);
      target = bufferTarget(target, { lossPercent, roundTripMs: reading.roundTripMs });
      options.receiving.hold(target);
      options.onChange();
    }
    before = { peering, reading };
  }

  // A transport that closes while its statistics are read rejects; the next reading sees the new one.
  const timer = setInterval(() => void read().catch(() => undefined), READ_EVERY_MS);
  return {
    latest: () => latest,
    close() {
      closed = true;
      clearInterval(timer);
    },
  };
}
