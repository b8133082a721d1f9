import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { idNumberHolds, maskValue, problemOf, tidyValue } from './fields.ts';
import type { Field } from './services.ts';

const words = { 'zh-CN': '字', en: 'word' };
const field = (kind: Field['kind'], extra: Partial<Field> = {}): Field => ({
  name: 'one',
  kind,
  label: words,
  class: 'C1',
  required: false,
  maxLength: 120,
  ...extra,
});
const problem = (kind: Field['kind'], value: string) => problemOf(field(kind), value);

describe('an ID number', () => {
  // The worked examples of GB 11643-1999, and others whose check digit was computed by hand.
  test.for(['11010519491231002X', '440524188001010014', '11010519900307005X'])('%s holds', (value) => {
    expect(idNumberHolds(value)).toBe(true);
  });

  test.for<[string, string]>([
    ['110105194912310021', 'the wrong check digit'],
    ['11010519491231002x', 'a small x: tidied away before'],
    ['1101051949123100', 'too short'],
    ['11010519491231002XX', 'too long'],
    ['X10105194912310021', 'an X in front'],
    ['１１０１０５１９４９１２３１００２Ｘ', 'full-width digits'],
    ['', 'nothing'],
  ])('%s does not: %s', ([value]) => {
    expect(idNumberHolds(value)).toBe(false);
  });

  test('with a right check digit and a day that no calendar has does not hold', () => {
    expect(withCheckDigit('11010519900230005')).toHaveLength(18);
    expect(idNumberHolds(withCheckDigit('11010519900230005'))).toBe(false);
    expect(idNumberHolds(withCheckDigit('11010519901301005'))).toBe(false);
    expect(idNumberHolds(withCheckDigit('11010520000229005'))).toBe(true);
    expect(idNumberHolds(withCheckDigit('11010519000229005'))).toBe(false);
  });

  test('with one digit changed, or two neighbours swapped, is always found', () => {
    const at = fc.integer({ min: 0, max: 16 });
    fc.assert(
      fc.property(at, fc.integer({ min: 1, max: 9 }), (i, by) => {
        const right = '11010519491231002X';
        const digit = (Number(right[i]) + by) % 10;
        expect(idNumberHolds(`${right.slice(0, i)}${digit}${right.slice(i + 1)}`)).toBe(false);
      }),
    );
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 15 }), (i) => {
        const right = '11010519491231002X';
        const swapped = `${right.slice(0, i)}${right[i + 1]}${right[i]}${right.slice(i + 2)}`;
        expect(idNumberHolds(swapped)).toBe(swapped === right);
      }),
    );
  });
});

/** ISO 7064 MOD 11-2 by its recursive definition, another way than the code's table of weights. */
function withCheckDigit(first17: string): string {
  let sum = 0;
  for (const digit of first17) sum = ((sum + Number(digit)) * 2) % 11;
  const check = (12 - sum) % 11;
  return first17 + (check === 10 ? 'X' : String(check));
}

describe('a value is tidied', () => {
  test('by its kind', () => {
    expect(tidyValue(field('phone'), ' 138-0013 8000 ')).toBe('13800138000');
    expect(tidyValue(field('id-number'), ' 110105 19491231 002x')).toBe('11010519491231002X');
    expect(tidyValue(field('name'), '  Anna  Maria ')).toBe('Anna  Maria');
    expect(tidyValue(field('text'), 'e\u0301')).toBe('é');
  });

  test('once and for all: tidying again changes nothing', () => {
    const kinds = fc.constantFrom<Field['kind']>('text', 'name', 'phone', 'id-number', 'card-last4', 'choice', 'date');
    fc.assert(
      fc.property(kinds, fc.string({ unit: 'binary' }), (kind, raw) => {
        const once = tidyValue(field(kind), raw);
        expect(tidyValue(field(kind), once)).toBe(once);
      }),
    );
  });
});

describe('a value is checked', () => {
  test('by whether it must be there', () => {
    expect(problemOf(field('name', { required: true }), '')).toBe('missing');
    expect(problemOf(field('name'), '')).toBeNull();
  });

  test('by its length in characters that a person counts', () => {
    expect(problemOf(field('name', { maxLength: 3 }), '𠮷𠮷𠮷')).toBeNull();
    expect(problemOf(field('name', { maxLength: 3 }), '𠮷𠮷𠮷𠮷')).toBe('too-long');
  });

  test.for<[Field['kind'], string, ReturnType<typeof problemOf>]>([
    ['phone', '13800138000', null],
    ['phone', '+4915123456789', null],
    ['phone', '12800138000', 'not-a-phone'],
    ['phone', '1380013800', 'not-a-phone'],
    ['phone', '+0915123456789', 'not-a-phone'],
    ['phone', '+1234567890123456', 'not-a-phone'],
    ['id-number', '11010519491231002X', null],
    ['id-number', '110105194912310021', 'not-an-id-number'],
    ['card-last4', '0042', null],
    ['card-last4', '42', 'not-four-digits'],
    ['card-last4', '٠٠٤٢', 'not-four-digits'],
    ['date', '2024-02-29', null],
    ['date', '2023-02-29', 'not-a-date'],
    ['date', '2024-13-01', 'not-a-date'],
    ['date', '24-02-01', 'not-a-date'],
    ['text', '<script>', null],
  ])('%s %s: %s', ([kind, value, expected]) => {
    expect(problem(kind, value)).toBe(expected);
  });

  test('by the choices that there are', () => {
    const choice = field('choice', {
      choices: [
        { value: 'lost', label: words },
        { value: 'stolen', label: words },
      ],
    });
    expect(problemOf(choice, 'lost')).toBeNull();
    expect(problemOf(choice, 'Lost')).toBe('not-a-choice');
    expect(problem('choice', 'lost')).toBe('not-a-choice');
  });
});

describe('a masked value', () => {
  test('shows the last four of more than six characters, and nothing of fewer', () => {
    expect(maskValue('13800138000')).toBe('•••••••8000');
    expect(maskValue('123456')).toBe('••••••');
    expect(maskValue('')).toBe('••••');
  });

  test('never tells more than four characters, nor how long a long one is', () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 60 }).filter((one) => !one.includes('•')),
        (value) => {
          const shown = maskValue(value);
          const plain = shown.replace(/^•+/, '');
          expect(shown.startsWith('••••')).toBe(true);
          expect(shown.length).toBeLessThanOrEqual(16);
          expect(plain.length).toBeLessThanOrEqual(value.length > 6 ? 4 : 0);
        },
      ),
    );
  });
});
