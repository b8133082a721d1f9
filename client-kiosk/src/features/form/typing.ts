import type { Field, FieldKind } from '@openvtm/protocol';

const ID_LENGTH = 18;
const PHONE_LENGTH = 16;
const CARD_LENGTH = 4;

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
      return raw.replace(/\D/g, '').slice(0, CARD_LENGTH);
    case 'date': {
      const digits = raw.replace(/\D/g, '').slice(0, 8);
      return [digits.slice(0, 4), digits.slice(4, 6), digits.slice(6)].filter(Boolean).join('-');
    }
    case 'text':
    case 'name':
    case 'choice':
      return [...raw].slice(0, maxLength).join('');
    default:
      return kind satisfies never;
  }
}

/** The key beside 0 of the number pad: what a kind needs beside digits. */
export const extraKey = (kind: FieldKind): 'X' | '+' | null =>
  kind === 'id-number' ? 'X' : kind === 'phone' ? '+' : null;

/** Kinds that the number pad serves. */
export const isNumeric = (kind: FieldKind): boolean => ['phone', 'id-number', 'card-last4', 'date'].includes(kind);
