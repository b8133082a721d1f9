import { describe, expect, test } from 'vitest';
import { boundsOf, daysOf, decadesOf, monthsOf, partsOf, withPart } from './date.ts';

const TODAY = '2026-11-25';
const past = boundsOf('past', TODAY);
const future = boundsOf('future', TODAY);
const any = boundsOf(undefined, TODAY);

describe('what has been chosen so far', () => {
  test.for([
    ['', {}],
    ['195', {}],
    ['1950', { year: 1950 }],
    ['1950-8', { year: 1950 }],
    ['1950-08', { year: 1950, month: 8 }],
    ['1950-13', { year: 1950 }],
    ['1950-08-3', { year: 1950, month: 8 }],
    ['1950-08-31', { year: 1950, month: 8, day: 31 }],
    ['1950-02-29', { year: 1950, month: 2 }],
    ['1952-02-29', { year: 1952, month: 2, day: 29 }],
    ['1900-02-29', { year: 1900, month: 2 }],
    ['2000-02-29', { year: 2000, month: 2, day: 29 }],
  ] as const)('%s', ([raw, parts]) => {
    expect(partsOf(raw)).toEqual(parts);
  });
});

describe('what is offered', () => {
  test('ends today for what lies behind, and begins today for what is ahead', () => {
    expect(past).toEqual({ min: '1906-11-25', max: TODAY });
    expect(future).toEqual({ min: TODAY, max: '2056-11-25' });
    expect(any).toEqual({ min: '1906-11-25', max: '2056-11-25' });
    expect(monthsOf(2026, past)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    expect(monthsOf(2026, future)).toEqual([11, 12]);
    expect(daysOf(2026, 11, past).at(-1)).toBe(25);
    expect(daysOf(2026, 11, future)[0]).toBe(25);
    expect(monthsOf(2027, past)).toEqual([]);
  });

  test('comes by tens of years, none twice', () => {
    const decades = decadesOf(past);
    expect(decades[0]).toEqual([1906, 1907, 1908, 1909]);
    expect(decades.at(-1)).toEqual([2020, 2021, 2022, 2023, 2024, 2025, 2026]);
    expect(decades.flat()).toHaveLength(121);
    expect(decades.find((years) => years.includes(1950))).toHaveLength(10);
  });

  test('knows leap days', () => {
    expect(daysOf(2024, 2, past).at(-1)).toBe(29);
    expect(daysOf(2025, 2, past).at(-1)).toBe(28);
  });
});

describe('choosing a part', () => {
  test('goes from year to month to day', () => {
    const year = withPart('', ['year', 1950], past);
    const month = withPart(year, ['month', 8], past);
    expect([year, month, withPart(month, ['day', 31], past)]).toEqual(['1950', '1950-08', '1950-08-31']);
  });

  test('keeps what stood behind it, but no day that the calendar lacks', () => {
    expect(withPart('1950-08-31', ['year', 1951], past)).toBe('1951-08-31');
    expect(withPart('1950-08-31', ['month', 9], past)).toBe('1950-09');
    expect(withPart('2024-02-29', ['year', 2025], past)).toBe('2025-02');
    expect(withPart('2024-02-29', ['year', 2020], past)).toBe('2020-02-29');
  });

  test('drops what would lie outside of the bounds', () => {
    expect(withPart('2025-12-24', ['year', 2026], past)).toBe('2026');
    expect(withPart('2025-11-30', ['year', 2026], past)).toBe('2026-11');
    expect(withPart('2027-03-01', ['year', 2026], future)).toBe('2026');
  });

  test('a month without a year has no place', () => {
    expect(withPart('', ['month', 8], any)).toBe('');
  });
});
