import type { Clock } from '../kernel/clock.ts';
import type { Database } from '../kernel/db.ts';
import { noteHead } from '../kernel/journal-head.ts';
import type { JournalKey } from '../kernel/journal-key.ts';
import { sealJournal } from '../kernel/journal-seal.ts';
import type { Log } from '../kernel/log.ts';

type Needs = { database: Database; key: JournalKey; keyFolder: string; clock: Clock; log: Log };

/** For so long at most a row can still be changed without a trace. */
const SEAL_EVERY_MS = 10_000;

/**
 * Seals the journal by the clock, and a last time when it is closed. The newest block is noted beside the key and in
 * the log, so that a database that lost its end does not pass for a whole one.
 */
export function keepSealed({ database, key, keyFolder, clock, log }: Needs): { close(): Promise<void> } {
  const round = async () => {
    const rows = await sealJournal(database, { key, now: clock() });
    const { newest, lost } = await noteHead(database, keyFolder);
    if (lost) {
      log.error(
        { block: Number(lost.number), hash: lost.hash.toString('hex'), rowsUpTo: Number(lost.lastId) },
        'the journal lost its last block: run npm run journal:verify',
      );
    }
    if (rows > 0 && newest)
      log.info({ rows, block: Number(newest.number), hash: newest.hash.toString('hex') }, 'the journal was sealed');
  };
  let closed = false;
  let running: Promise<void> = Promise.resolve();
  const run = () =>
    (running = round().catch((error: unknown) =>
      log.warn({ err: error }, 'the journal could not be sealed; trying again'),
    ));
  const loop = () => {
    void run().then(() => {
      if (!closed) timer = setTimeout(loop, SEAL_EVERY_MS);
    });
  };
  let timer = setTimeout(loop, SEAL_EVERY_MS);

  return {
    async close() {
      if (closed) return;
      closed = true;
      clearTimeout(timer);
      await running;
      await run();
    },
  };
}
