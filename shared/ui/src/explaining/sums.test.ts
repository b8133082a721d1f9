import { expect, test } from 'vitest';
import { workOut } from './sums.ts';

test('interest of a deposit is simple, paid at the end, and rounded to the fen', () => {
  const { main, total, parts } = workOut('deposit-interest', { amount: 50_000, months: 12, rate: 135 });
  expect([main, total]).toEqual([675, 50_675]);
  expect(parts).toHaveLength(12);
  expect(parts.at(-1)).toEqual({ capital: 0, interest: 675 });
  expect(workOut('deposit-interest', { amount: 1_000, months: 3, rate: 115 }).main).toBe(2.88);
});

test('instalments are equal, pay the loan back to the end, and hold ever less interest', () => {
  // 100,000 at 4.35 % over 36 months: each month's payment, as annuity tables have it.
  const { main, total, interest, parts } = workOut('loan-instalment', { amount: 100_000, months: 36, rate: 435 });
  expect(main).toBeCloseTo(2_967.94, 1);
  expect(total).toBeCloseTo(main * 36, 0);
  expect(interest).toBeCloseTo(total - 100_000, 2);
  const shares = parts.map((part) => part.interest);
  expect(shares).toEqual(shares.toSorted((a, b) => b - a));
  const all = workOut('loan-instalment', { amount: 12_000, months: 12, rate: 600 });
  expect(all.parts.reduce((sum, { capital }) => sum + capital, 0)).toBeCloseTo(12_000, 6);
});

test('without interest the loan is divided, and a long one is drawn with few bars, the last month among them', () => {
  expect(workOut('loan-instalment', { amount: 12_000, months: 12, rate: 0 })).toMatchObject({
    main: 1_000,
    interest: 0,
  });
  const { parts, main } = workOut('loan-instalment', { amount: 500_000, months: 360, rate: 400 });
  expect(parts).toHaveLength(24);
  expect(parts.at(-1)!.capital + parts.at(-1)!.interest).toBeCloseTo(main, 1);
  expect(parts.at(-1)!.interest).toBeLessThan(10);
});
