import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createBus } from '../../kernel/bus.ts';
import { createLog } from '../../kernel/log.ts';
import { testDatabase, type TestDatabase } from '../../kernel/testing.ts';
import { createWorks } from '../../kernel/work.ts';
import { openAudit, type Audit } from './index.ts';

let fresh: TestDatabase;
let audit: Audit;
const asked: { kiosks: string[]; staff: string[] }[] = [];
const [kiosk, staff, caseId] = [randomUUID(), randomUUID(), randomUUID()];

beforeEach(async () => {
  fresh = await testDatabase();
  asked.length = 0;
  audit = openAudit({
    database: fresh.database,
    names: async (actors) => {
      asked.push(actors);
      return new Map([[kiosk, 'Lobby']]);
    },
  });
  const bus = createBus(createLog({ level: 'silent' }));
  const works = createWorks({ database: fresh.database, bus, clock: () => 9_000 });
  for (let n = 0; n < 10; n += 1) {
    const actor = n % 2 === 0 ? ({ kind: 'kiosk', id: kiosk } as const) : ({ kind: 'staff', id: staff } as const);
    await works.change(actor, async (work) => {
      const about: Record<string, string> = n === 3 ? { caseId } : {};
      work.record({ kind: n < 5 ? 'case.filled' : 'case_filled', about, data: { n } });
    });
  }
});
afterEach(() => fresh.close());

const numbers = async (query: Parameters<Audit['page']>[0]) => {
  const { lines, next } = await audit.page(query);
  return { n: lines.map(({ data }) => data.n), next };
};

test('lines come newest first, with the name of who did it, or the id where there is none', async () => {
  const { lines, next } = await audit.page({ limit: 2 });
  expect(lines).toMatchObject([
    { at: 9_000, kind: 'case_filled', actor: { kind: 'staff', id: staff, name: staff }, data: { n: 9 } },
    { at: 9_000, kind: 'case_filled', actor: { kind: 'kiosk', id: kiosk, name: 'Lobby' }, data: { n: 8 } },
  ]);
  expect(next).toBe(lines[1]?.id);
  expect(asked).toEqual([{ kiosks: [kiosk], staff: [staff] }]);
});

test('pages join without a gap, and the last one says that it is', async () => {
  const first = await numbers({ limit: 4 });
  const second = await numbers({ limit: 4, before: first.next ?? 0 });
  const third = await numbers({ limit: 4, before: second.next ?? 0 });
  expect([...first.n, ...second.n, ...third.n]).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
  expect(third.next).toBeNull();
  expect((await numbers({ limit: 10 })).next).toBeNull();
});

test('a kind is found by its beginning, letter by letter', async () => {
  expect((await numbers({ limit: 50, kind: 'case.' })).n).toEqual([4, 3, 2, 1, 0]);
  expect((await numbers({ limit: 50, kind: 'case_' })).n).toEqual([9, 8, 7, 6, 5]);
  expect((await numbers({ limit: 50, kind: '%' })).n).toEqual([]);
  expect((await numbers({ limit: 50, kind: '\\' })).n).toEqual([]);
});

test('what concerns an id is found, as a thing and as who did it', async () => {
  expect((await numbers({ limit: 50, about: caseId })).n).toEqual([3]);
  expect((await numbers({ limit: 50, about: staff })).n).toEqual([9, 7, 5, 3, 1]);
  expect((await numbers({ limit: 50, about: `${caseId}' or true --` })).n).toEqual([]);
});
