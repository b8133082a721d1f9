import type { Field, FieldKind } from '@openvtm/protocol';

const ID_LENGTH = 18;
const PHONE_LENGTH = 16;
const CARD_LENGTH = 19;
const LAST_DIGITS = 4;
const YUAN_LENGTH = 12;

/** What may stand in a field while it is typed: what can never be right is not taken, dashes of a date come by themselves. */
export function cleanTyping({ kind, maxLength }: Pick<Field, 'kind' | 'maxLength'>, raw: string): string {
  switch (kind) {
    case 'phone': {
      const plus = raw.trimStart().startsWith('+') ? '+' : '';
      return (plus + raw.replace(/\D/g, '')).slice(0, PHONE_LENGTH);
    }
    case 'id-number':
      return raw
        .toUpperCase()
        .replace(/[^\dX]/g, '')
        .slice(0, ID_LENGTH);
    case 'card-last4':
      return raw.replace(/\D/g, '').slice(0, LAST_DIGITS);
    case 'card-number':
      return raw.replace(/\D/g, '').slice(0, CARD_LENGTH);
    case 'credit-code':
      return raw
        .toUpperCase()
        .replace(/[^\dA-Z]/g, '')
        .slice(0, ID_LENGTH);
    case 'amount': {
      const [yuan = '', ...fen] = raw.replace(/[^\d.]/g, '').split('.');
      return yuan.slice(0, YUAN_LENGTH) + (fen.length > 0 ? `.${fen.join('').slice(0, 2)}` : '');
    }
    case 'date': {
      const digits = raw.replace(/\D/g, '').slice(0, 8);
      return [digits.slice(0, 4), digits.slice(4, 6), digits.slice(6)].filter(Boolean).join('-');
    }
    case 'text':
    case 'name':
    case 'address':
    case 'email':
    case 'choice':
      return [...raw].slice(0, maxLength).join('');
    default:
      return kind satisfies never;
  }
}

/** The key beside 0 of the number pad: what a kind needs beside digits. */
export const extraKey = (kind: FieldKind): 'X' | '+' | '.' | null => {
  if (kind === 'id-number') return 'X';
  if (kind === 'amount') return '.';
  return kind === 'phone' ? '+' : null;
};

/** Kinds that the number pad serves; a date has targets of its own. */
export const isNumeric = (kind: FieldKind): boolean =>
  ['phone', 'id-number', 'card-number', 'card-last4', 'amount'].includes(kind);
