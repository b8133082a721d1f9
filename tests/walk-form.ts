import { askedFields, type Field, type Form } from '@openvtm/protocol';

/** Who fills a form: one of the simulated core's customers. */
export type Filler = { name: string; idNumber: string; phone: string; accounts: { card: string }[] };

/** A value that fits a field, from nothing but the field. */
export function valueFor(field: Field, who: Filler): string {
  const card = who.accounts[0]?.card ?? '';
  switch (field.kind) {
    case 'name':
      return who.name;
    case 'id-number':
      return who.idNumber;
    case 'phone':
      return who.phone;
    case 'card-number':
      return card;
    case 'card-last4':
      return card.slice(-4);
    case 'credit-code':
      return '91350100M000100Y43';
    case 'amount':
      return 'minimum' in field.schema ? (field.schema.minimum / 100).toFixed(2) : '1.00';
    case 'date':
      return 'day' in field.schema && field.schema.day === 'past' ? '1990-03-07' : '2099-12-31';
    case 'address':
      return '北京市东城区二号';
    case 'email':
      return 'wang@example.com';
    case 'choice':
      // The last choice, as the one that most often asks for more.
      return field.choices?.at(-1)?.value ?? '';
    case 'text':
      return '说明'.slice(0, field.maxLength);
    default:
      return field.kind satisfies never;
  }
}

/** Values for every field that a form asks for, also for those that only earlier values ask for. */
export function fillerValues(form: Form, who: Filler): Map<string, string> {
  const values = new Map<string, string>();
  for (;;) {
    const open = askedFields(form, values).find(({ name }) => !values.has(name));
    if (!open) return values;
    values.set(open.name, valueFor(open, who));
  }
}
