import { format, Validator } from '@cfworker/json-schema';
import type { Language } from './roles.ts';
import { fieldsOf, type Condition, type Field, type FieldKind, type Form } from './forms.ts';

/** Why a value was not taken; the client has the words for each. */
export type FieldProblem =
  | 'missing'
  /** It looks right, and the server does not take it. */
  | 'not-taken'
  | 'too-long'
  | 'too-short'
  | 'too-little'
  | 'too-much'
  | 'not-as-asked'
  | 'not-a-choice'
  | 'not-a-name'
  | 'not-a-phone'
  | 'not-an-id-number'
  | 'not-a-card-number'
  | 'not-four-digits'
  | 'not-a-credit-code'
  | 'not-an-amount'
  | 'not-a-date'
  | 'not-past'
  | 'not-future'
  | 'not-an-address'
  | 'not-an-email';

const ID_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/** The check digit of an 18-digit Chinese ID number. Source: GB 11643-1999, ISO 7064 MOD 11-2. */
export function idNumberHolds(value: string): boolean {
  if (!/^\d{17}[\dX]$/.test(value)) return false;
  const sum = ID_WEIGHTS.reduce((total, weight, i) => total + weight * Number(value[i]), 0);
  if ('10X98765432'[sum % 11] !== value[17]) return false;
  return dateHolds(`${value.slice(6, 10)}-${value.slice(10, 12)}-${value.slice(12, 14)}`);
}

/** The last digit of a card number. Source: ISO/IEC 7812-1, annex B (Luhn); 13 to 19 digits. */
export function cardNumberHolds(value: string): boolean {
  if (!/^\d{13,19}$/.test(value)) return false;
  const sum = [...value].toReversed().reduce((total, digit, i) => {
    const weighed = Number(digit) * (i % 2 === 1 ? 2 : 1);
    return total + (weighed > 9 ? weighed - 9 : weighed);
  }, 0);
  return sum % 10 === 0;
}

const CREDIT_LETTERS = '0123456789ABCDEFGHJKLMNPQRTUWXY';

/** The check character of a unified social credit code. Source: GB 32100-2015, weights 3^i mod 31. */
export function creditCodeHolds(value: string): boolean {
  if (!new RegExp(`^[${CREDIT_LETTERS}]{18}$`).test(value)) return false;
  let weight = 1;
  let sum = 0;
  for (const letter of value.slice(0, 17)) {
    sum += CREDIT_LETTERS.indexOf(letter) * weight;
    weight = (weight * 3) % 31;
  }
  return CREDIT_LETTERS[(31 - (sum % 31)) % 31] === value[17];
}

/** A mainland mobile number, or an international one: up to 15 digits. Source: ITU-T E.164. */
export const phoneHolds = (value: string): boolean => /^(1[3-9]\d{9}|\+[1-9]\d{6,14})$/.test(value);

function dateHolds(value: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(value)) return false;
  const date = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(value);
}

/** Control and direction-changing characters: they can hide what a text says. */
const HIDDEN = /[\p{Cc}\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]/u;

/** Beside what JSON Schema knows: the formats of fields. A format is asked of strings only; an empty text is not asked. */
const FORMATS = {
  name: (value: string) => /\p{L}/u.test(value) && !/[\p{Nd}<>]/u.test(value) && !HIDDEN.test(value),
  phone: phoneHolds,
  'id-number': idNumberHolds,
  'card-number': cardNumberHolds,
  'card-last4': (value: string) => /^\d{4}$/.test(value),
  'credit-code': creditCodeHolds,
  date: dateHolds,
  address: (value: string) => /\p{L}/u.test(value) && !HIDDEN.test(value),
};
Object.assign(format, FORMATS);

const PROBLEM_OF_FORMAT: Record<FieldKind, FieldProblem> = {
  text: 'not-as-asked',
  choice: 'not-a-choice',
  name: 'not-a-name',
  phone: 'not-a-phone',
  'id-number': 'not-an-id-number',
  'card-number': 'not-a-card-number',
  'card-last4': 'not-four-digits',
  'credit-code': 'not-a-credit-code',
  amount: 'not-an-amount',
  date: 'not-a-date',
  address: 'not-an-address',
  email: 'not-an-email',
};

/**
 * The form in which a value is kept: no spaces around it, none inside numbers, letters of numbers in capitals; an
 * amount in yuan with two places, or as it was typed when it is none.
 */
export function tidyValue({ kind }: Pick<Field, 'kind'>, raw: string): string {
  const value = raw.normalize('NFC').trim();
  switch (kind) {
    case 'phone':
    case 'card-number':
      return value.replace(/[\s-]/g, '');
    case 'id-number':
    case 'credit-code':
      return value.replace(/\s/g, '').toUpperCase();
    case 'amount':
      return tidyAmount(value) ?? value;
    default:
      return value;
  }
}

/** Digits of the longest whole part of an amount: its number of fen stays exact. */
const YUAN_DIGITS = 12;

/** `1,234.5` → `1234.50`; null when it is no amount. Tidying what it gives changes nothing. */
function tidyAmount(typed: string): string | null {
  const found = /^[¥￥]?\s*(\d[\d,]*)(?:\.(\d{0,2}))?$/.exec(typed);
  const whole = found?.[1]?.replaceAll(',', '').replace(/^0+(?=\d)/, '');
  return whole && whole.length <= YUAN_DIGITS ? `${whole}.${(found?.[2] ?? '').padEnd(2, '0')}` : null;
}

/** The fen of a kept amount (`1234.50` → 123450), or null when it is none. */
export const fenOf = (kept: string): number | null =>
  /^\d{1,12}\.\d{2}$/.test(kept) ? Number(kept.replace('.', '')) : null;

function yuan(language: Language, kept: string): string {
  const fen = fenOf(kept);
  return fen === null
    ? kept
    : new Intl.NumberFormat(language, { style: 'currency', currency: 'CNY' }).format(fen / 100);
}

/** A kept value as a person reads it: the words of a choice, money as money, long numbers in groups. */
export function shownValue(
  { kind, choices }: Pick<Field, 'kind' | 'choices'>,
  value: string,
  language: Language,
): string {
  switch (kind) {
    case 'choice':
      return choices?.find((choice) => choice.value === value)?.label[language] ?? '';
    case 'amount':
      return yuan(language, value);
    case 'phone':
      return value.replace(/^(\d{3})(\d{4})(\d{4})$/, '$1 $2 $3');
    case 'id-number':
      return value.replace(/^(\d{6})(\d{8})(.{4})$/, '$1 $2 $3');
    case 'card-number':
      return value.replace(/(\d{4})(?=\d)/g, '$1 ');
    default:
      return value;
  }
}

const validators = new WeakMap<object, Validator>();

/** Compiles nothing (the pages' policy allows no eval), so a schema's validator is only its look-up table. */
function validatorOf(schema: object): Validator {
  const known = validators.get(schema);
  if (known) return known;
  const made = new Validator(schema, '2020-12');
  validators.set(schema, made);
  return made;
}

/** A kept value as the schema sees it. */
function instanceOf({ kind }: Pick<Field, 'kind'>, value: string): string | number {
  return kind === 'amount' ? (fenOf(value) ?? value) : value;
}

/** The day in China (`2026-11-25`), where the branches are. */
export const todayInChina = (now = Date.now()): string => new Date(now + 8 * 3_600_000).toISOString().slice(0, 10);

/** Checks one tidied value by its property's schema; `null` means it may be kept. The same code runs in the browser and on the server. */
export function problemOf(field: Field, value: string, today = todayInChina()): FieldProblem | null {
  if (value === '') return field.required ? 'missing' : null;
  // Before any pattern looks at it: a paste of any length costs nothing.
  if (value.length > 2 * field.maxLength) return 'too-long';
  const { valid, errors } = validatorOf(field.schema).validate(instanceOf(field, value));
  if (valid) return dayProblemOf(field, value, today);
  switch (errors[0]?.keyword) {
    case 'maxLength':
      return 'too-long';
    case 'minLength':
      return 'too-short';
    case 'minimum':
      return 'too-little';
    case 'maximum':
      return 'too-much';
    case 'pattern':
      return 'not-as-asked';
    default:
      return PROBLEM_OF_FORMAT[field.kind];
  }
}

function dayProblemOf({ schema }: Field, value: string, today: string): FieldProblem | null {
  const day = 'day' in schema ? schema.day : undefined;
  if (day === 'past' && value > today) return 'not-past';
  return day === 'future' && value < today ? 'not-future' : null;
}

export type Values = ReadonlyMap<string, string>;

/** Whether values fulfil a condition; whole numbers are compared as such, amounts in fen. */
export function conditionHolds(condition: Condition, values: Values): boolean {
  const instance: Record<string, string | number> = {};
  for (const [name, schema] of Object.entries(condition.properties)) {
    const value = values.get(name);
    if (value === undefined) continue;
    const isNumber =
      'minimum' in schema || 'maximum' in schema || ('const' in schema && typeof schema.const === 'number');
    const whole = /^-?\d{1,15}$/.test(value) ? Number(value) : value;
    instance[name] = isNumber ? (fenOf(value) ?? whole) : value;
  }
  return validatorOf(condition).validate(instance).valid;
}

/** The fields that are asked with these values: all, but those whose rule does not hold. */
export const askedFields = (form: Form, values: Values): Field[] =>
  fieldsOf(form).filter(({ when }) => when === undefined || conditionHolds(when, values));

/** The asked fields whose values are not right yet, each with why. */
export const openFields = (form: Form, values: Values): { field: Field; problem: FieldProblem }[] =>
  askedFields(form, values).flatMap((field) => {
    const problem = problemOf(field, values.get(field.name) ?? '');
    return problem ? [{ field, problem }] : [];
  });

/** What the agent sees of a C2 value until it is revealed: the last digits, never enough to use. */
export function maskValue(value: string): string {
  const shown = value.length > 6 ? value.slice(-4) : '';
  return '•'.repeat(Math.max(4, Math.min(value.length - shown.length, 12))) + shown;
}
