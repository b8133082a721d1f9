import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Finding } from '../../server/src/kernel/journal-finding.ts';
import { readHeads } from '../../server/src/kernel/journal-head.ts';
import { readJournalPublicKey } from '../../server/src/kernel/journal-key.ts';
import { verifyJournal } from '../../server/src/kernel/journal-verify.ts';
import { startLab, type Lab } from './lab/index.ts';
import { startCase } from './lab/stories.ts';

async function verify({ database, dataDir }: Lab) {
  const keyFolder = join(dataDir, 'keys');
  const publicKey = await readJournalPublicKey(keyFolder);
  const heads = await readHeads(keyFolder);
  const findings: Finding[] = [];
  const head = heads.at(-1) ?? null;
  const verdict = await verifyJournal(database, { publicKey, head, found: (one) => findings.push(one) });
  return { findings, ...verdict, heads };
}

test('a server that closes leaves every line of the journal sealed, and the next one carries the chain on', async () => {
  const lab = await startLab();
  await startCase(await lab.kiosk());
  await lab.app.close('end of the day');
  const first = await verify(lab);
  expect(first).toMatchObject({ findings: [], unsealed: 0 });
  expect(first.rows).toBeGreaterThan(3);
  expect(first.heads).toEqual([expect.objectContaining({ number: BigInt(first.blocks) })]);

  await lab.restart();
  await lab.staff('li.na', { line: false });
  await lab.app.close('end of the next day');
  const second = await verify(lab);
  expect(second).toMatchObject({ findings: [], unsealed: 0 });
  expect(second.blocks).toBeGreaterThan(first.blocks);
});
