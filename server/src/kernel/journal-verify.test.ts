import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Tx } from './db.ts';
import { inWords, type Finding } from './journal-finding.ts';
import { noteHead } from './journal-head.ts';
import { openJournalKey } from './journal-key.ts';
import { hashBlock, hashRow, type Block } from './journal-block.ts';
import { everyBlock, everyRow, insertBlock } from './journal-block.store.ts';
import { sealJournal } from './journal-seal.ts';
import { verifyJournal } from './journal-verify.ts';
import { facts, ignoreRolledBack, RolledBack, testJournal, type TestJournal } from './journal.fixture.ts';

const EDITS = 60;
const SEED = 20_261_124;
const BLOCKS = 8;

let journal: TestJournal;
/** The sealed journal: ids of the rows of each block, by its number. */
const idsOf = new Map<number, number[]>();
let freeIds: number[] = [];

beforeAll(async () => {
  journal = await testJournal();
  for (let block = 1; block <= BLOCKS; block += 1) {
    await journal.writeInVain(block % 3);
    await journal.write(facts(2 + (block % 4)));
    await journal.writeInVain(1);
    await journal.write(facts(1));
    await journal.seal();
  }
  await journal.write(facts(2));
  await journal.database.transaction(async (tx) => {
    for await (const block of everyBlock(tx))
      idsOf.set(
        Number(block.number),
        block.rows.map(({ id }) => Number(id)),
      );
  });
  const used = new Set([...idsOf.values()].flat());
  freeIds = Array.from({ length: lastOf(BLOCKS) + 3 }, (_, index) => index - 2).filter((id) => !used.has(id));
});
afterAll(() => journal.close());

const firstOf = (block: number) => idsOf.get(block)?.[0] ?? 0;
const lastOf = (block: number) => idsOf.get(block)?.at(-1) ?? 0;
/** The last id that may be in the block before this one; that behind the last block is known from its note. */
const lastBefore = (block: number) => (block > BLOCKS ? lastOf(BLOCKS) : firstOf(block) - 1);
const changed = (block: number): Finding => ({
  kind: 'block-changed',
  number: BigInt(block),
  first: BigInt(firstOf(block)),
  last: BigInt(lastOf(block)),
});
const unproven = (block: number, id: number): Finding => ({
  kind: 'row-unproven',
  id: `${id}`,
  blocks: [BigInt(block)],
});

const anyBlock = fc.integer({ min: 1, max: BLOCKS });
const rowOf = (block: number) => fc.constantFrom(...(idsOf.get(block) ?? []));
/** A block and one of its rows. */
const anyRow = () => anyBlock.chain((block) => rowOf(block).map((id) => ({ block, id })));

/** Finds nothing in the journal as it is, then what was done to it as a superuser could; then it is undone. */
async function tamper(edit: (tx: Tx) => Promise<unknown>): Promise<Finding[]> {
  let before: Awaited<ReturnType<TestJournal['verify']>> | undefined;
  let findings: Finding[] = [];
  await journal.database
    .transaction(async (tx) => {
      before = await journal.verify(tx);
      await run(tx, 'alter table kernel.journal disable trigger user; alter table kernel.block disable trigger user');
      await edit(tx);
      ({ findings } = await journal.verify(tx));
      throw new RolledBack();
    })
    .catch(ignoreRolledBack);
  expect(before).toMatchObject({ findings: [], verdict: { blocks: BLOCKS, unsealed: 2 } });
  return findings;
}

const run = (tx: Tx, text: string) => sql.raw(text).execute(tx.as());

function sixtyTimes<T>(edits: () => fc.Arbitrary<T>, check: (edit: T) => Promise<void>) {
  return async () => {
    await fc.assert(fc.asyncProperty(edits(), check), { numRuns: EDITS, seed: SEED, endOnFailure: true });
  };
}

describe('finds and names', () => {
  const edits = [
    'at = at + 1',
    "actor_kind = case actor_kind when 'staff' then 'kiosk' else 'staff' end",
    "actor_id = actor_id || ' '",
    "kind = 'test.changed'",
    `about = about || '{"caseId": "another"}'`,
    `about = '{}'`,
    `data = data || '{"more": null}'`,
    // another way to write the same number
    `data = jsonb_set(data, '{step}', (data ->> 'step' || '.0')::jsonb)`,
  ];
  it(
    'an edited row',
    sixtyTimes(
      () => fc.tuple(anyRow(), fc.constantFrom(...edits)),
      async ([{ block, id }, edit]) => {
        const findings = await tamper((tx) => run(tx, `update kernel.journal set ${edit} where id = ${id}`));
        expect(findings).toEqual([{ kind: 'row-edited', id: BigInt(id), block: BigInt(block) }]);
      },
    ),
  );

  it(
    'a removed row',
    sixtyTimes(anyRow, async ({ block, id }) => {
      const findings = await tamper((tx) => run(tx, `delete from kernel.journal where id = ${id}`));
      expect(findings).toEqual([{ kind: 'row-missing', id: BigInt(id), block: BigInt(block) }]);
    }),
  );

  it(
    'an inserted row',
    sixtyTimes(
      () => fc.constantFrom(...freeIds),
      async (id) => {
        const findings = await tamper((tx) =>
          run(
            tx,
            `insert into kernel.journal (id, at, actor_kind, actor_id, kind, about, data) overriding system value
              values (${id}, 1, 'system', 'openvtm', 'test.noted', '{}', '{}')`,
          ),
        );
        const block = [...idsOf.keys()].find((number) => lastOf(number) > id) ?? 0;
        expect(findings).toEqual([{ kind: 'row-inserted', id: BigInt(id), block: BigInt(block) }]);
      },
    ),
  );

  const flip = (column: string, byte: number) =>
    `${column} = set_byte(${column}, ${byte}, get_byte(${column}, ${byte}) # 1)`;
  it(
    'a changed block',
    sixtyTimes(
      () => fc.tuple(anyBlock, fc.nat(6), fc.nat(31)),
      async ([block, column, byte]) => {
        const [first = 0, second = 0] = idsOf.get(block) ?? [];
        const free = 1_000_000;
        // Before the next genuine block it would have to come; behind the last one it may.
        const invented = block === BLOCKS ? [unproven(block, free)] : [];
        const edits: { set: string; finds: Finding[] }[] = [
          { set: 'sealed_at = sealed_at - 1', finds: [changed(block)] },
          { set: flip('previous_hash', byte), finds: [changed(block)] },
          { set: flip('hash', byte), finds: [changed(block)] },
          { set: flip('signature', byte + 32), finds: [changed(block)] },
          { set: flip('row_hashes', byte + 32), finds: [changed(block), unproven(block, second)] },
          { set: `row_ids[1] = ${free}`, finds: [changed(block), unproven(block, first), ...invented] },
          { set: `last_id = last_id + 1`, finds: [{ ...changed(block), last: BigInt(lastOf(block) + 1) } as Finding] },
        ];
        const { set, finds } = edits[column] ?? { set: '', finds: [] };
        expect(await tamper((tx) => run(tx, `update kernel.block set ${set} where number = ${block}`))).toEqual(finds);
      },
    ),
  );

  it(
    'a block that was given another number',
    sixtyTimes(
      () => fc.tuple(anyBlock, fc.integer({ min: BLOCKS + 1, max: 1_000 })),
      async ([block, number]) => {
        const findings = await tamper((tx) =>
          run(tx, `update kernel.block set number = ${number} where number = ${block}`),
        );
        const gap = { from: BigInt(block), to: BigInt(block), first: BigInt(lastOf(block - 1) + 1) };
        expect(new Set(findings)).toEqual(
          new Set([
            { kind: 'blocks-missing', ...gap, last: BigInt(lastBefore(block + 1)) },
            { ...changed(block), number: BigInt(number) },
          ]),
        );
      },
    ),
  );

  it(
    'a removed block',
    sixtyTimes(
      () => anyBlock,
      async (block) => {
        const findings = await tamper((tx) => run(tx, `delete from kernel.block where number = ${block}`));
        const last = block === BLOCKS ? lastOf(block) : firstOf(block + 1) - 1;
        const gap = {
          from: BigInt(block),
          to: BigInt(block),
          first: BigInt(lastOf(block - 1) + 1),
          last: BigInt(last),
        };
        expect(findings).toEqual([{ kind: 'blocks-missing', ...gap }]);
      },
    ),
  );

  it(
    'an end that was cut off, with its rows or without',
    sixtyTimes(
      () => fc.tuple(fc.integer({ min: 0, max: BLOCKS - 1 }), fc.boolean()),
      async ([kept, withRows]) => {
        const findings = await tamper(async (tx) => {
          await run(tx, `delete from kernel.block where number > ${kept}`);
          if (withRows) await run(tx, `delete from kernel.journal where id > ${lastOf(kept)}`);
        });
        const gap = { from: BigInt(kept + 1), to: BigInt(BLOCKS), first: BigInt(lastOf(kept) + 1) };
        expect(findings).toEqual([{ kind: 'blocks-missing', ...gap, last: BigInt(lastOf(BLOCKS)) }]);
      },
    ),
  );

  it(
    'a block that was made anew, with another key, for an edited row',
    sixtyTimes(anyRow, async ({ block, id }) => {
      const forger = await openJournalKey(`${journal.folder}/forger`);
      const findings = await tamper(async (tx) => {
        await run(tx, `update kernel.journal set actor_id = 'another' where id = ${id}`);
        const rows = new Map<string, Buffer>();
        for await (const row of everyRow(tx)) rows.set(row.id, hashRow(row));
        let forged: Block | undefined;
        for await (const one of everyBlock(tx)) if (one.number === BigInt(block)) forged = one;
        if (!forged) throw new Error('no such block');
        forged = { ...forged, rows: forged.rows.map(({ id, hash }) => ({ id, hash: rows.get(id) ?? hash })) };
        const hash = hashBlock(forged);
        await run(tx, `delete from kernel.block where number = ${block}`);
        await insertBlock(tx, { ...forged, hash, signature: forger.sign(hash) });
      });
      expect(findings).toEqual([changed(block)]);
    }),
  );
});

it('names a copied block, and one with an invented number, once the primary key is gone', async () => {
  const copy = (number: string) =>
    `insert into kernel.block select ${number}, first_id, last_id, sealed_at, previous_hash, hash, row_ids, row_hashes, signature
      from kernel.block where number = 3 limit 1`;
  const findings = await tamper(async (tx) => {
    await run(tx, 'alter table kernel.block drop constraint block_pkey');
    await run(tx, copy('number'));
    await run(tx, copy('77'));
  });
  expect(findings).toEqual([
    { kind: 'block-copied', number: 3n },
    { ...changed(3), number: 77n },
  ]);
});

it('names a chain that was cut off and went on with the same key', async () => {
  const cut = await testJournal();
  try {
    for (let block = 0; block < 4; block += 1) {
      await cut.write(facts(3));
      await cut.seal();
    }
    await sql
      .raw(
        `alter table kernel.journal disable trigger user; alter table kernel.block disable trigger user;
        delete from kernel.block where number > 2; delete from kernel.journal where id > 6`,
      )
      .execute(cut.database.as());
    await cut.write(facts(2));
    await sealJournal(cut.database, { key: cut.key, now: 1 });
    expect((await noteHead(cut.database, cut.folder)).lost).toMatchObject({ number: 4n });
    for (let block = 0; block < 3; block += 1) {
      const { findings } = await cut.database.transaction((tx) => cut.verify(tx));
      expect(findings).toEqual([expect.objectContaining({ kind: 'block-lost', number: 4n })]);
      await cut.write(facts(1));
      await cut.seal();
    }
  } finally {
    await cut.close();
  }
});

it('finds nothing in untouched journals, whatever stands in them', async () => {
  const untouched = await testJournal();
  // Postgres keeps no NUL and no half of a surrogate pair.
  const text = fc.string({ unit: 'grapheme', maxLength: 20 }).filter((one) => !one.includes('\0'));
  const value = fc.oneof(text, fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean(), fc.constant(null));
  const fact = fc.record({
    kind: text,
    about: fc.dictionary(text, text, { maxKeys: 3 }),
    data: fc.dictionary(text, value, { maxKeys: 3 }),
  });
  let sealed = 0;
  try {
    await fc.assert(
      fc.asyncProperty(fc.array(fact, { minLength: 1, maxLength: 5 }), async (lines) => {
        await untouched.write(lines);
        sealed += await untouched.seal();
        const findings: Finding[] = [];
        const { publicKey, database } = untouched;
        const verdict = await verifyJournal(database, { publicKey, head: null, found: (one) => findings.push(one) });
        expect({ findings, rows: verdict.rows, unsealed: verdict.unsealed }).toEqual({
          findings: [],
          rows: sealed,
          unsealed: 0,
        });
      }),
      { numRuns: EDITS, seed: SEED, endOnFailure: true },
    );
  } finally {
    await untouched.close();
  }
});

it('says in words what was found', () => {
  const gap = { from: 4n, to: 4n, first: 11n, last: 14n };
  const findings: Finding[] = [
    { kind: 'row-edited', id: 7n, block: 2n },
    { kind: 'row-unproven', id: '8', blocks: [2n, 3n] },
    { kind: 'blocks-missing', ...gap },
    { kind: 'blocks-missing', ...gap, to: 6n },
  ];
  expect(findings.map(inWords)).toEqual([
    'row 7 was edited after block 2 had sealed it',
    'row 8 does not fit the changed blocks 2, 3; row or block is false',
    'block 4 is missing; nothing vouches for the rows 11 to 14',
    'the blocks 4 to 6 are missing; nothing vouches for the rows 11 to 14',
  ]);
});
