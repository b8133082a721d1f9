import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createTurns } from './turn.ts';

test('jobs of one key run one after the other in the order they came, whatever each takes and however it ends', async () => {
  const jobs = fc.array(fc.record({ key: fc.constantFrom('a', 'b', 'c'), ticks: fc.nat(5), fails: fc.boolean() }), {
    maxLength: 30,
  });
  await fc.assert(
    fc.asyncProperty(jobs, async (wanted) => {
      const inTurn = createTurns();
      const running = new Set<string>();
      const ended: Record<string, number[]> = { a: [], b: [], c: [] };
      const results = await Promise.allSettled(
        wanted.map(({ key, ticks, fails }, i) =>
          inTurn(key, async () => {
            expect(running.has(key)).toBe(false);
            running.add(key);
            for (let tick = 0; tick < ticks; tick += 1) await Promise.resolve();
            running.delete(key);
            ended[key]?.push(i);
            if (fails) throw new Error(String(i));
            return i;
          }),
        ),
      );
      for (const order of Object.values(ended)) expect(order).toEqual(order.toSorted((a, b) => a - b));
      expect(results.map((result) => (result.status === 'fulfilled' ? result.value : 'failed'))).toEqual(
        wanted.map(({ fails }, i) => (fails ? 'failed' : i)),
      );
    }),
  );
});

test('jobs of different keys run side by side', async () => {
  const inTurn = createTurns();
  let release = () => {};
  const stuck = inTurn(
    'a',
    () =>
      new Promise<void>((resolve) => {
        release = resolve;
      }),
  );
  expect(await inTurn('b', async () => 'done')).toBe('done');
  release();
  await stuck;
});

test('a job that throws at once is a rejection like any other, and the next one runs', async () => {
  const inTurn = createTurns();
  const failing = inTurn('a', () => {
    throw new Error('at once');
  });
  await expect(failing).rejects.toThrow('at once');
  expect(await inTurn('a', async () => 'next')).toBe('next');
});
