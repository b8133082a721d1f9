import type { Fact } from '../../kernel/bus.ts';
import type { NoticeNeeds } from './index.ts';

/** Positions and the board change for everybody with every fact; often enough for a screen is four times a second. */
const SPREAD_MS = 250;
/** Of ten thousand who wait nobody needs the position four times a second: so long for each, or reading does nothing else. */
const EACH_MS = 2;

export function queueNotices({ refresh, lines, waitingKiosks }: NoticeNeeds): {
  onFact: (fact: Fact) => void;
  close(): void;
} {
  let timer: NodeJS.Timeout | null = null;
  let pause = SPREAD_MS;

  const spread = async () => {
    timer = null;
    const here = (await waitingKiosks()).filter((kioskId) => lines.of(`kiosk:${kioskId}`));
    pause = Math.max(SPREAD_MS, here.length * EACH_MS);
    for (const kioskId of here) refresh.kiosk(kioskId, 'ticket');
    for (const { caller } of lines.all()) if (caller.kind === 'staff') refresh.staff(caller.id, 'board');
  };

  return {
    onFact({ about: { kioskId, staffId } }) {
      if (kioskId) refresh.kiosk(kioskId, 'ticket');
      if (staffId) refresh.staff(staffId, 'agent');
      timer ??= setTimeout(() => void spread().catch(() => undefined), pause);
    },
    close() {
      if (timer) clearTimeout(timer);
    },
  };
}
