import { join } from 'node:path';
import { ConfigError, readConfig } from './config/index.ts';
import { openDatabase } from './kernel/db.ts';
import { inWords } from './kernel/journal-finding.ts';
import { readHeads } from './kernel/journal-head.ts';
import { JournalKeyUnusable, readJournalPublicKey } from './kernel/journal-key.ts';
import { NoBlocks, verifyJournal } from './kernel/journal-verify.ts';
import { createLog } from './kernel/log.ts';
import { DataFolderInUse, DataFolderUnusable } from './kernel/postgres/index.ts';
import { reachDatabase, Refused } from './reach-database.ts';

const say = (line: string) => process.stdout.write(`${line}\n`);
/** One read of a journal that lost its index may take long. */
const ANSWER_WITHIN_MS = 3_600_000;
const NOTED = /^(\d+):([0-9a-f]{64})$/;

/** Blocks that somebody noted elsewhere, as this command prints them. */
function readNoted(args: readonly string[]) {
  return args.map((text) => {
    const [, number, hash] = NOTED.exec(text) ?? [];
    if (!number || !hash)
      throw new Refused(`${text} is no block: give NUMBER:HASH, as this command prints the last one.`);
    return { number: BigInt(number), hash: Buffer.from(hash, 'hex') };
  });
}

async function main(): Promise<boolean> {
  const config = readConfig();
  const noted = readNoted(process.argv.slice(2));
  const log = createLog({ level: 'warn', to: process.stderr });
  const keyFolder = join(config.dataDir, 'keys');
  const publicKey = await readJournalPublicKey(keyFolder);
  const postgres = await reachDatabase(config, log);
  const database = openDatabase({
    connection: postgres.connection,
    log,
    poolSize: 1,
    answerWithinMs: ANSWER_WITHIN_MS,
  });
  try {
    // Read before the database is: a server that runs may seal on in between, and the chain may be ahead of the note.
    const heads = await readHeads(keyFolder);
    const head = heads.at(-1) ?? null;
    const findings: string[] = [];
    const verdict = await verifyJournal(database, {
      publicKey,
      head,
      noted: [...heads.slice(0, -1), ...noted],
      found: (finding) => void findings.push(inWords(finding)),
    });
    const count = (number: number, word: string) => `${number} ${word}${number === 1 ? '' : 's'}`;
    const sealed = `${count(verdict.rows, 'row')} in ${count(verdict.blocks, 'block')}`;
    if (findings.length === 0) say(`journal: ${sealed}, all as they were written`);
    else {
      say(`journal: ${count(findings.length, 'finding')}`);
      for (const finding of findings) say(`  ${finding}`);
      say(`  ${sealed} as they were written`);
    }
    if (verdict.unsealed > 0) say(`not yet sealed: ${count(verdict.unsealed, 'row')}`);
    if (!head) say(`not checked: whether the end was cut off, as ${keyFolder} has no journal.head`);
    if (verdict.last) say(`last block: ${verdict.last.number}:${verdict.last.hash.toString('hex')}`);
    return findings.length === 0;
  } finally {
    await database.close();
    await postgres.close();
  }
}

const isPlain = (error: unknown): error is Error =>
  [ConfigError, DataFolderInUse, DataFolderUnusable, JournalKeyUnusable, NoBlocks, Refused].some(
    (kind) => error instanceof kind,
  );

try {
  process.exitCode = (await main()) ? 0 : 1;
} catch (error) {
  const reason = isPlain(error)
    ? error.message
    : error instanceof Error
      ? (error.stack ?? error.message)
      : String(error);
  process.stderr.write(`\nThe journal can't be verified: ${reason}\n\n`);
  process.exitCode = 1;
}
