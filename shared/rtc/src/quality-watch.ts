import type { Peering } from './peering.ts';
import { allPictures, interrupted, judgePictures } from './pictures.ts';
import { bufferTarget, incomingLoss, judge, readReports } from './quality.ts';
import type { Quality, Reading } from './quality.ts';
import type { Receiving } from './receiving.ts';

const READ_EVERY_MS = 1_000;
/** A reading is judged by what came since the one before the last: a second alone has too few packets for a share. */
const JUDGED_OVER = 2;

/** Reads both transports every second, judges the link, and makes the receivers hold frames back while it is bad. */
export function watchQuality(options: {
  peering: () => Peering | null;
  receiving: Receiving;
  /** The link has no room for pictures, or has it again. */
  onPictures: (on: boolean) => void;
  onChange: () => void;
}): {
  latest(): Quality | null;
  close(): void;
} {
  let latest: Quality | null = null;
  let before: { peering: Peering; readings: Reading[] } | null = null;
  let target = 0;
  let pictures = allPictures;
  let closed = false;

  function judgeLink({ level, lossPercent, roundTripMs }: Quality): void {
    // A link that is down is the ladder's matter.
    if (level === 'lost') {
      pictures = interrupted(pictures);
      return;
    }
    const now = judgePictures(pictures, { lossPercent, roundTripMs }, performance.now());
    const changes = now.at !== pictures.at;
    pictures = now;
    if (changes) options.onPictures(now.at === 'on');
  }

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
    const readings = before?.peering === peering ? before.readings : [];
    if (before?.peering !== peering) pictures = interrupted(pictures);
    const [earlier] = readings;
    if (earlier !== undefined) {
      latest = judge(earlier, reading, peering.link());
      const lossPercent = incomingLoss(earlier, reading);
      target = bufferTarget(target, { lossPercent, roundTripMs: reading.roundTripMs });
      options.receiving.hold(target);
      judgeLink(latest);
      options.onChange();
    }
    before = { peering, readings: [...readings, reading].slice(-JUDGED_OVER) };
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
