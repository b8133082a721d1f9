import { NotRead, type CardFacts, type CardKind, type CardReader, type ReadFailure } from './reader.ts';
import { readLine } from './lines.ts';
import cards from './simulated-cards.json';

/** The cards of invented people, whom the simulated core knows too, as a reader would type them. */
export const SIMULATED_CARDS: readonly { name: string; idCard: string; bankCard: string }[] = cards;

/** What somebody at the screen does to the simulated reader. */
export type SimulatedTouch = { put: number; slow?: boolean } | { fail: Exclude<ReadFailure, 'broken'> };

/** A reader that waits for what it is told, instead of a card. */
export interface SimulatedReader extends CardReader {
  /** Nothing happens while it is not reading. */
  touch(what: SimulatedTouch): void;
}

const READS_MS = 600;
const SLOWLY_MS = 6000;
/** Nobody has put a card on it. */
const WAITS_MS = 30_000;

export function createSimulatedReader(kind: CardKind): SimulatedReader {
  let current: { settle(result: CardFacts | Error): void; after(ms: number, result: CardFacts | Error): void } | null =
    null;

  return {
    kind,
    unasked: false,
    read(signal) {
      current?.settle(new NotRead('broken'));
      return new Promise((resolve, reject) => {
        let timer: ReturnType<typeof setTimeout> | undefined;
        const abort = () => mine.settle(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
        const mine = {
          settle(result: CardFacts | Error) {
            clearTimeout(timer);
            signal.removeEventListener('abort', abort);
            if (current === mine) current = null;
            if (result instanceof Error) reject(result);
            else resolve(result);
          },
          after(ms: number, result: CardFacts | Error) {
            clearTimeout(timer);
            timer = setTimeout(() => mine.settle(result), ms);
          },
        };
        current = mine;
        signal.addEventListener('abort', abort);
        mine.after(WAITS_MS, new NotRead('no-card'));
        if (signal.aborted) abort();
      });
    },
    touch(what) {
      if ('fail' in what) {
        current?.after(what.fail === 'no-card' ? 0 : READS_MS, new NotRead(what.fail));
        return;
      }
      const card = SIMULATED_CARDS[what.put];
      const read = card ? readLine(kind === 'id-card' ? card.idCard : card.bankCard) : null;
      current?.after(what.slow ? SLOWLY_MS : READS_MS, read?.facts ?? new NotRead('unreadable'));
    },
    close() {
      current?.settle(new NotRead('broken'));
    },
  };
}
