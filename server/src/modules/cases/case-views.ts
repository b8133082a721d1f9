import { maskValue, ServiceCard, type CaseId, type Text } from '@openvtm/protocol';
import { caseById, openCaseOfKiosk, ticksOf, valuesOf, type CaseRow } from './cases.store.ts';
import { sealContext } from './cases.ts';
import type { Cases, CasesNeeds } from './index.ts';

/** What an agent may know of a value before the call. */
export type KnownValue = { label: Text; shown: string; choice: Text | null };

/** The reading half of the cases: the same rows as the customer and as the agent may see them. */
export function createCaseViews({
  database,
  keys,
  services,
}: CasesNeeds): Pick<Cases, 'kioskView' | 'deskView' | 'known'> {
  const summaryOf = (row: CaseRow) => row.summary && keys.unseal(row.summary, sealContext(row.id, 'summary')).open();

  const openValues = async (row: CaseRow) => {
    const order = services.get(row.service_id).fields.map((field) => field.name);
    const rows = await valuesOf(database, row.id);
    return rows
      .sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name))
      .map((value) => ({ ...value, plain: keys.unseal(value.sealed, sealContext(row.id, value.name)).open() }));
  };

  return {
    async kioskView(kioskId) {
      const row = await openCaseOfKiosk(database, kioskId);
      if (!row) return null;
      return {
        caseId: row.id as CaseId,
        at: row.at,
        service: ServiceCard.parse(services.get(row.service_id)),
        language: row.language,
        print: row.print,
        consented: row.consented_at !== null,
        values: (await openValues(row)).map(({ name, plain }) => ({ name, value: plain })),
        summary: summaryOf(row),
      };
    },

    async deskView(caseId) {
      const row = await caseById(database, caseId);
      if (!row) return null;
      const [values, ticks] = await Promise.all([openValues(row), ticksOf(database, row.id)]);
      return {
        caseId: row.id as CaseId,
        at: row.at,
        service: services.get(row.service_id),
        language: row.language,
        print: row.print,
        openedAt: row.opened_at,
        consent: row.consented_at === null ? null : { version: row.consent_version ?? '', givenAt: row.consented_at },
        values: values.map((value) => ({
          name: value.name,
          class: value.class,
          shown: value.class === 'C2' ? maskValue(value.plain) : value.plain,
          masked: value.class === 'C2',
          enteredAt: value.entered_at,
        })),
        ticked: ticks.map((tick) => tick.step),
        summary: summaryOf(row),
      };
    },

    async known(caseId) {
      const row = await caseById(database, caseId);
      if (!row) return [];
      const fields = services.get(row.service_id).fields;
      return (await openValues(row)).flatMap((value) => {
        const field = fields.find((one) => one.name === value.name);
        if (!field) return [];
        const choice = field.choices?.find((one) => one.value === value.plain)?.label ?? null;
        return [{ label: field.label, shown: value.class === 'C2' ? maskValue(value.plain) : value.plain, choice }];
      });
    },
  };
}
