import { fieldsOf, shownValue, type DeskCase, type Field } from '@openvtm/protocol';
import { languageOf, textIn } from '@openvtm/ui';

/** One line of the case as the agent reads it; `value` null: the customer has not filled it in. */
export type Fact = { field: Field; label: string; value: DeskCase['values'][number] | null; shown: string };

/** The service's fields in their order with the customer's values, labels and choices in `language`. */
export function factsOf(deskCase: Pick<DeskCase, 'service' | 'values'>, language: string): Fact[] {
  const values = new Map(deskCase.values.map((value) => [value.name, value]));
  return fieldsOf(deskCase.service.form).map((field) => {
    const value = values.get(field.name) ?? null;
    return {
      field,
      label: textIn(field.label, language),
      value,
      shown: value === null ? '' : shownIn(field, value.shown, language),
    };
  });
}

/** A choice's own words, money as money; anything else as it is. */
export function shownIn(field: Field, value: string, language: string): string {
  if (field.kind === 'amount') return shownValue(field, value, languageOf(language));
  const choice = field.choices?.find((one) => one.value === value);
  return choice === undefined ? value : textIn(choice.label, language);
}

/** What `proposedText` needs of vue-i18n: a text in a language of its own. */
type TextIn = (key: string, named: Record<string, string>, options: { locale: string }) => string;

/** The summary as prepared for the customer: the service and what was filled in, in the customer's language, masked values left masked. */
export function proposedText(deskCase: DeskCase, t: TextIn): string {
  const { language } = deskCase;
  const options = { locale: language };
  const lines = [t('summary.template', { service: textIn(deskCase.service.title, language) }, options)];
  for (const fact of factsOf(deskCase, language)) {
    if (fact.value !== null) lines.push(t('summary.fact', { label: fact.label, value: fact.shown }, options));
  }
  return lines.join('\n');
}
