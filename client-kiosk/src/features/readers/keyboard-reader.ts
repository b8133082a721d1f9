import { readLine } from './lines.ts';
import { NotRead, type CardKind, type CardReader } from './reader.ts';
import type { Wedge } from './wedge.ts';

/** A reader that types like a keyboard. Two kinds of card may come from one device, so both listen to the same keys. */
export function createKeyboardReader(kind: CardKind, wedge: Pick<Wedge, 'onLine'>): CardReader {
  const running = new Set<() => void>();
  return {
    kind,
    unasked: true,
    read(signal) {
      return new Promise((resolve, reject) => {
        const end = () => {
          stop();
          running.delete(breakOff);
          signal.removeEventListener('abort', abort);
        };
        const abort = () => {
          end();
          reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
        };
        const breakOff = () => {
          end();
          reject(new NotRead('broken'));
        };
        const stop = wedge.onLine((line) => {
          end();
          const read = readLine(line);
          if (read?.kind === kind) resolve(read.facts);
          else reject(new NotRead(read ? 'wrong-card' : 'unreadable'));
        });
        running.add(breakOff);
        signal.addEventListener('abort', abort);
        if (signal.aborted) abort();
      });
    },
    close() {
      for (const breakOff of [...running]) breakOff();
    },
  };
}
