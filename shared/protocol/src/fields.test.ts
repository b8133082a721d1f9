import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  askedFields,
  cardNumberHolds,
  conditionHolds,
  creditCodeHolds,
  idNumberHolds,
  maskValue,
  openFields,
  problemOf,
  shownValue,
  tidyValue,
  todayInChina,
} from './fields.ts';
import { fieldsOf, Form, type Field, type Property } from './forms.ts';

const words = { 'zh-CN': '字', en: 'word' };
const control = (name: string) => ({ type: 'Control', scope: `#/properties/${name}` });

/** A form of these properties, all on one page. */
const formOf = (properties: Record<string, object>, required: string[] = []): Form =>
  Form.parse({
    schema: { type: 'object', properties, required },
    ui: {
      type: 'Categorization',
      elements: [{ type: 'Category', label: words, elements: Object.keys(properties).map(control) }],
    },
  });
const ofKind = (kind: Field['kind']): object => {
  if (kind === 'choice')
    return { type: 'string', oneOf: ['lost', 'stolen'].map((one) => ({ const: one, label: words })) };
  if (kind === 'amount') return { type: 'integer', format: 'amount', minimum: 100, maximum: 5_000_000 };
  return { type: 'string', ...(kind === 'text' ? {} : { format: kind }) };
};
const field = (kind: Field['kind'], extra: Partial<Property> & { required?: boolean } = {}): Field => {
  const { required = false, ...property } = extra;
  const form = formOf({ one: { ...ofKind(kind), label: words, class: 'C1', ...property } }, required ? ['one'] : []);
  return fieldsOf(form)[0]!;
};
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
    const kinds = fc.constantFrom<Field['kind']>(
      'text',
      'name',
      'phone',
      'id-number',
      'card-last4',
      'choice',
      'date',
      'amount',
    );
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
    ['name', '王𠮷', null],
    ['name', "O'Brien", null],
    ['name', 'مريم', null],
    ['name', '李\u202e明', 'not-a-name'],
    ['name', '王2', 'not-a-name'],
    ['card-number', '4111111111111111', null],
    ['card-number', '4111111111111112', 'not-a-card-number'],
    ['credit-code', '91350100M000100Y43', null],
    ['credit-code', '91350100M000100Y44', 'not-a-credit-code'],
    ['amount', '1.00', null],
    ['amount', '0.99', 'too-little'],
    ['amount', '50000.01', 'too-much'],
    ['amount', 'ten', 'not-an-amount'],
    ['address', '北京市海淀区中关村大街27号', null],
    ['address', '27', 'not-an-address'],
    ['email', 'wang@example.com', null],
    ['email', 'wang', 'not-an-email'],
  ])('%s %s: %s', ([kind, value, expected]) => {
    expect(problem(kind, value)).toBe(expected);
  });

  test('by the choices that there are', () => {
    expect(problem('choice', 'lost')).toBeNull();
    expect(problem('choice', 'Lost')).toBe('not-a-choice');
  });

  test('by its pattern and its shortest length', () => {
    expect(problemOf(field('text', { pattern: '^[A-Z]{2}$' }), 'ab')).toBe('not-as-asked');
    expect(problemOf(field('text', { minLength: 3 }), 'ab')).toBe('too-short');
  });

  test('at once, however long a paste is', () => {
    expect(problem('text', '𠮷'.repeat(10_000))).toBe('too-long');
    expect(problem('email', `${'a'.repeat(100_000)}@`)).toBe('too-long');
  });
});

describe('numbers with a check digit', () => {
  test.for(['5555555555554444', '4111111111111111', '378282246310005'])('card %s holds', (value) => {
    expect(cardNumberHolds(value)).toBe(true);
  });
  test('a card number with one digit changed is always found', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 15 }), fc.integer({ min: 1, max: 9 }), (i, by) => {
        const right = '4111111111111111';
        const digit = (Number(right[i]) + by) % 10;
        expect(cardNumberHolds(`${right.slice(0, i)}${digit}${right.slice(i + 1)}`)).toBe(false);
      }),
    );
  });
  test('a credit code with two neighbours swapped is found, unless they are alike', () => {
    const right = '91350100M000100Y43';
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 15 }), (i) => {
        const swapped = `${right.slice(0, i)}${right[i + 1]}${right[i]}${right.slice(i + 2)}`;
        expect(creditCodeHolds(swapped)).toBe(swapped === right);
      }),
    );
  });
});

describe('an amount', () => {
  test.for([
    ['1,234.5', '1234.50'],
    ['¥ 20', '20.00'],
    ['007', '7.00'],
    ['0.1', '0.10'],
    ['1.234', '1.234'],
    ['-5', '-5'],
  ] as const)('%s is kept as %s', ([typed, kept]) => {
    expect(tidyValue({ kind: 'amount' }, typed)).toBe(kept);
  });
  test('is shown as money', () => {
    expect(shownValue({ kind: 'amount' }, '1234.50', 'zh-CN')).toBe('¥1,234.50');
    expect(shownValue({ kind: 'amount' }, 'ten', 'en')).toBe('ten');
  });
});

describe('a form with conditions', () => {
  const when = { properties: { why: { const: 'stolen' } }, required: ['why'] };
  const form = Form.parse({
    schema: {
      type: 'object',
      properties: {
        why: { ...ofKind('choice'), label: words, class: 'C1' },
        report: { type: 'string', label: words, class: 'C1' },
      },
      required: ['why', 'report'],
    },
    ui: {
      type: 'Categorization',
      elements: [
        {
          type: 'Category',
          label: words,
          elements: [
            control('why'),
            { ...control('report'), rule: { effect: 'SHOW', condition: { scope: '#', schema: when } } },
          ],
        },
      ],
    },
  });
  const asked = (values: Record<string, string>) =>
    askedFields(form, new Map(Object.entries(values))).map(({ name }) => name);

  test('asks only what the values ask for', () => {
    expect(asked({})).toEqual(['why']);
    expect(asked({ why: 'lost' })).toEqual(['why']);
    expect(asked({ why: 'stolen' })).toEqual(['why', 'report']);
  });
  test('is right when all that is asked is right', () => {
    const open = (values: Record<string, string>) =>
      openFields(form, new Map(Object.entries(values))).map(({ field: one, problem: why }) => [one.name, why]);
    expect(open({ why: 'lost' })).toEqual([]);
    expect(open({ why: 'stolen' })).toEqual([['report', 'missing']]);
  });
  test('compares numbers as numbers, amounts in fen', () => {
    const atLeast = { properties: { points: { minimum: 1_000 } }, required: ['points'] };
    expect(conditionHolds(atLeast, new Map([['points', '999']]))).toBe(false);
    expect(conditionHolds(atLeast, new Map([['points', '1000']]))).toBe(true);
    expect(conditionHolds(atLeast, new Map([['points', '9.99']]))).toBe(false);
    expect(conditionHolds(atLeast, new Map([['points', '10.00']]))).toBe(true);
    expect(conditionHolds(atLeast, new Map())).toBe(false);
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

describe('a day', () => {
  const TODAY = '2026-11-25';
  const dayIn = (day: 'past' | 'future') => field('date', { day });
  test.for<['past' | 'future', string, string | null]>([
    ['past', '1990-03-07', null],
    ['past', TODAY, null],
    ['past', '2026-11-26', 'not-past'],
    ['future', '2027-01-01', null],
    ['future', TODAY, null],
    ['future', '2026-11-24', 'not-future'],
    ['future', '2026-02-30', 'not-a-date'],
  ])('in the %s: %s is %s', ([day, value, said]) => {
    expect(problemOf(dayIn(day), value, TODAY)).toBe(said);
  });

  test('begins in China eight hours before it does in Greenwich', () => {
    expect(todayInChina(Date.UTC(2026, 10, 24, 15, 59))).toBe('2026-11-24');
    expect(todayInChina(Date.UTC(2026, 10, 24, 16, 0))).toBe('2026-11-25');
  });
});
