import { askedFields, conditionHolds, fieldsOf, shownValue, type FieldKind } from '@openvtm/protocol';
import { Refusal } from '../../kernel/errors.ts';
import { caseById, lockCase, valuesOf } from './cases.store.ts';
import { sealContext } from './cases.ts';
import type { Cases, CasesNeeds } from './index.ts';

/** What papers are filled with, and what proves who takes them; see `Cases` for each one's contract. */
export function createPapers({ database, keys, services }: CasesNeeds): Pick<Cases, 'toSign' | 'contacts'> {
  const openValues = async (reader: Parameters<typeof valuesOf>[0], caseId: string) =>
    new Map(
      (await valuesOf(reader, caseId)).map(({ name, sealed }) => [
        name,
        keys.unseal(sealed, sealContext(caseId, name)).open(),
      ]),
    );

  return {
    async toSign(work, caseId, id) {
      const row = await lockCase(work.tx, caseId);
      if (row?.at !== 'confirmed') throw new Refusal('wrong-state', 'the customer has not confirmed it');
      const service = services.get(row.service_id);
      const values = await openValues(work.tx, caseId);
      const template = service.papers.find((one) => one.id === id);
      if (!template || (template.when && !conditionHolds(template.when, values)))
        throw new Refusal('not-found', 'the service has no such paper for this customer');
      const { language } = row;
      const fillings = new Map(
        askedFields(service.form, values).map((field) => [
          field.name,
          shownValue(field, values.get(field.name) ?? '', language),
        ]),
      );
      return { template, language, fillings };
    },

    async contacts(caseId) {
      const row = await caseById(database, caseId);
      if (!row) throw new Refusal('not-found', 'no such case');
      const values = await openValues(database, caseId);
      const fields = fieldsOf(services.get(row.service_id).form);
      // The last of its kind: a form that changes a number asks for the new one after the old.
      const last = (kind: FieldKind) =>
        fields
          .filter((one) => one.kind === kind)
          .map(({ name }) => values.get(name) ?? '')
          .findLast(Boolean) ?? null;
      return { phone: last('phone'), email: last('email'), idNumber: last('id-number'), language: row.language };
    },
  };
}
