import type { Field } from '@openvtm/protocol';
import { textIn } from '@openvtm/ui';

/** A kept value as a person reads it: the words of a choice, long numbers in groups. */
export function shownValue(
  { kind, choices }: Pick<Field, 'kind' | 'choices'>,
  value: string,
  language: string,
): string {
  if (kind === 'choice') {
    const chosen = choices?.find((choice) => choice.value === value);
    return chosen ? textIn(chosen.label, language) : '';
  }
  if (kind === 'phone') return value.replace(/^(\d{3})(\d{4})(\d{4})$/, '$1 $2 $3');
  if (kind === 'id-number') return value.replace(/^(\d{6})(\d{8})(.{4})$/, '$1 $2 $3');
  return value;
}
