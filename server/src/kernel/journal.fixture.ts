import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KeyObject } from 'node:crypto';
import type { Fact } from './bus.ts';
import { noteHead, readHeads } from './journal-head.ts';
import { openJournalKey, readJournalPublicKey, type JournalKey } from './journal-key.ts';
import type { Finding } from './journal-finding.ts';
import { sealJournal } from './journal-seal.ts';
import { walkJournal, type Verdict } from './journal-verify.ts';
import { SYSTEM, writeJournal } from './journal.ts';
import type { Database, Tx } from './db.ts';
import { testDatabase, type TestDatabase } from './testing.ts';

export type TestJournal = TestDatabase & {
  folder: string;
  key: JournalKey;
  publicKey: KeyObject;
  write(facts: readonly Fact[]): Promise<void>;
  /** A transaction that fails after it wrote: its ids are never used again. */
  writeInVain(rows: number): Promise<void>;
  seal(): Promise<number>;
  /** What is found in the database as `tx` sees it, with the heads noted in the folder. */
  verify(tx: Tx): Promise<{ findings: Finding[]; verdict: Verdict }>;
};

export const facts = (count: number): Fact[] =>
  Array.from({ length: count }, (_, n) => ({ kind: 'test.noted', about: { caseId: `case-${n}` }, data: { step: n } }));

export const write = (database: Database, lines: readonly Fact[]) =>
  database.transaction((tx) => writeJournal(tx, lines, { actor: SYSTEM, now: 1_790_000_000_000 }));

/** A journal in a database of its own, with key and head in a folder of its own. */
export async function testJournal(): Promise<TestJournal> {
  const test = await testDatabase();
  const { database } = test;
  const folder = await mkdtemp(join(tmpdir(), 'openvtm-journal-'));
  const key = await openJournalKey(folder);
  const publicKey = await readJournalPublicKey(folder);
  let now = 1_790_000_000_000;
  return {
    ...test,
    folder,
    key,
    publicKey,
    write: (lines) => write(database, lines),
    writeInVain: (rows) =>
      database
        .transaction(async (tx) => {
          await writeJournal(tx, facts(rows), { actor: SYSTEM, now });
          throw new RolledBack();
        })
        .catch(ignoreRolledBack),
    async seal() {
      const sealed = await sealJournal(database, { key, now: (now += 10_000) });
      await noteHead(database, folder);
      return sealed;
    },
    async verify(tx) {
      const heads = await readHeads(folder);
      const findings: Finding[] = [];
      const verdict = await walkJournal(tx, {
        publicKey,
        head: heads.at(-1) ?? null,
        noted: heads.slice(0, -1),
        found: (finding) => void findings.push(finding),
      });
      return { findings, verdict };
    },
    async close() {
      await test.close();
      await rm(folder, { recursive: true });
    },
  };
}

export class RolledBack extends Error {
  override readonly name = 'RolledBack';
}

export function ignoreRolledBack(error: unknown): void {
  if (!(error instanceof RolledBack)) throw error;
}
