import type { Fact } from '../../kernel/bus.ts';
import type { NoticeNeeds } from './index.ts';

/** Positions and the board change for everybody with every fact; often enough for a screen is four times a second. */
const SPREAD_MS = 250;

export function queueNotices({ refresh, lines, waitingKiosks }: NoticeNeeds): {
  onFact: (fact: Fact) => void;
  close(): void;
} {
  let timer: NodeJS.Timeout | null = null;

  const spread = async () => {
    timer = null;
    for (const kioskId of await waitingKiosks()) refresh.kiosk(kioskId, 'ticket');
    for (const { caller } of lines.all()) if (caller.kind === 'staff') refresh.staff(caller.id, 'board');
  };

  return {
    onFact({ about: { kioskId, staffId } }) {
      if (kioskId) refresh.kiosk(kioskId, 'ticket');
      if (staffId) refresh.staff(staffId, 'agent');
      timer ??= setTimeout(() => void spread().catch(() => undefined), SPREAD_MS);
    },
    close() {
      if (timer) clearTimeout(timer);
    },
  };
}
