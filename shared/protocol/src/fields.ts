import type { Field } from './services.ts';

/** Why a value was not taken; the client has the words for each. */
export type FieldProblem =
  | 'missing'
  | 'too-long'
  | 'not-a-phone'
  | 'not-an-id-number'
  | 'not-four-digits'
  | 'not-a-choice'
  | 'not-a-date';

const ID_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/** The check digit of an 18-digit Chinese ID number. Source: GB 11643-1999, ISO 7064 MOD 11-2. */
export function idNumberHolds(value: string): boolean {
  if (!/^\d{17}[\dX]$/.test(value)) return false;
  const sum = ID_WEIGHTS.reduce((total, weight, i) => total + weight * Number(value[i]), 0);
  if ('10X98765432'[sum % 11] !== value[17]) return false;
  return dateHolds(`${value.slice(6, 10)}-${value.slice(10, 12)}-${value.slice(12, 14)}`);
}

function dateHolds(value: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(value)) return false;
  const date = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(value);
}

/** The form in which a value is kept: no spaces around it, none inside numbers, the ID's X in capitals. */
export function tidyValue(field: Field, raw: string): string {
  const value = raw.normalize('NFC').trim();
  if (field.kind === 'phone') return value.replace(/[\s-]/g, '');
  if (field.kind === 'id-number') return value.replace(/\s/g, '').toUpperCase();
  return value;
}

/** Checks one tidied value by its field's kind; `null` means it may be kept. The same code runs at the kiosk and on the server. */
export function problemOf(field: Field, value: string): FieldProblem | null {
  if (value === '') return field.required ? 'missing' : null;
  if ([...value].length > field.maxLength) return 'too-long';
  switch (field.kind) {
    case 'text':
    case 'name':
      return null;
    case 'phone':
      // Mainland mobile numbers, or an international number: up to 15 digits by ITU-T E.164.
      return /^(1[3-9]\d{9}|\+[1-9]\d{6,14})$/.test(value) ? null : 'not-a-phone';
    case 'id-number':
      return idNumberHolds(value) ? null : 'not-an-id-number';
    case 'card-last4':
      return /^\d{4}$/.test(value) ? null : 'not-four-digits';
    case 'choice':
      return field.choices?.some((choice) => choice.value === value) ? null : 'not-a-choice';
    case 'date':
      return dateHolds(value) ? null : 'not-a-date';
    default:
      return field.kind satisfies never;
  }
}

/** What the agent sees of a C2 value until it is revealed: the last digits, never enough to use. */
export function maskValue(value: string): string {
  const shown = value.length > 6 ? value.slice(-4) : '';
  return '•'.repeat(Math.max(4, Math.min(value.length - shown.length, 12))) + shown;
}
