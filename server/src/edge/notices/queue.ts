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
  let later: NodeJS.Timeout | null = null;
  let positionsFrom = 0;

  const positions = async () => {
    later = null;
    const here = (await waitingKiosks()).filter((kioskId) => lines.of(`kiosk:${kioskId}`));
    positionsFrom = performance.now() + here.length * EACH_MS;
    for (const kioskId of here) refresh.kiosk(kioskId, 'ticket');
  };
  const spread = () => {
    timer = null;
    const wait = Math.max(0, positionsFrom - performance.now());
    later ??= setTimeout(() => void positions().catch(() => undefined), wait);
    for (const { caller } of lines.all()) if (caller.kind === 'staff') refresh.staff(caller.id, 'board');
  };

  return {
    onFact({ about: { kioskId, staffId } }) {
      if (kioskId) refresh.kiosk(kioskId, 'ticket');
      if (staffId) refresh.staff(staffId, 'agent');
      timer ??= setTimeout(spread, SPREAD_MS);
    },
    close() {
      for (const one of [timer, later]) if (one) clearTimeout(one);
    },
  };
}
