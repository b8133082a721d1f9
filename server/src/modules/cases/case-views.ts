import { CaseService, fieldsOf, maskValue, type CaseId, type Text } from '@openvtm/protocol';
import { caseById, openCaseOfKiosk, stepsDoneOf, valuesOf, type CaseRow } from './cases.store.ts';
import { sealContext } from './cases.ts';
import type { Cases, CasesNeeds } from './index.ts';
import { aloneStep, personAfter, wayDone } from './step-engine.ts';

/** What an agent may know of a value before the call. */
export type KnownValue = { label: Text; shown: string; choice: Text | null };

/** Whether the bank may be asked for what it knows of the customer, and was not yet. */
const mayFetch = ({ customer_id, known_fetched_at }: CaseRow): boolean =>
  customer_id !== null && known_fetched_at === null;

/** The reading half of the cases: the same rows as the customer and as the agent may see them. */
export function createCaseViews({
  database,
  keys,
  services,
}: CasesNeeds): Pick<Cases, 'kioskView' | 'deskView' | 'kioskOf' | 'known' | 'plainValues'> {
  const summaryOf = (row: CaseRow) => row.summary && keys.unseal(row.summary, sealContext(row.id, 'summary')).open();

  const openValues = async (row: CaseRow) => {
    const order = fieldsOf(services.get(row.service_id).form).map((field) => field.name);
    const rows = await valuesOf(database, row.id);
    return rows
      .sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name))
      .map((value) => ({ ...value, plain: keys.unseal(value.sealed, sealContext(row.id, value.name)).open() }));
  };

  const openBefore = ({ case_id, name, before }: { case_id: string; name: string; before: Buffer | null }) =>
    before ? keys.unseal(before, sealContext(case_id, name)).open() : '';

  return {
    async kioskView(kioskId) {
      const row = await openCaseOfKiosk(database, kioskId);
      if (!row) return null;
      const service = services.get(row.service_id);
      const [values, done] = await Promise.all([openValues(row), stepsDoneOf(database, row.id)]);
      const progress = {
        done: new Set(done.map(({ step }) => step)),
        values: new Map(values.map(({ name, plain }) => [name, plain])),
      };
      return {
        caseId: row.id as CaseId,
        at: row.at,
        service: CaseService.parse(service),
        step:
          row.at === 'alone'
            ? aloneStep(service, progress, { language: row.language, device: row.device, proved: mayFetch(row) })
            : null,
        way: wayDone(service, progress),
        // On a phone nobody follows: the case goes to a kiosk first.
        calledBy: null,
        after: row.device === 'phone' ? 'nobody' : personAfter(service, progress),
        language: row.language,
        print: row.print,
        consented: row.consented_at !== null,
        values: values.map((value) => ({
          name: value.name,
          value: value.plain,
          origin: value.origin,
          revision: value.revision,
          changed: value.settled ? null : { before: openBefore(value) },
        })),
        summary: summaryOf(row),
        receipt: null,
      };
    },

    async kioskOf(caseId) {
      const row = await caseById(database, caseId);
      return row && row.at !== 'closed' ? row.kiosk_id : null;
    },

    async deskView(caseId) {
      const row = await caseById(database, caseId);
      if (!row) return null;
      const [values, ticks] = await Promise.all([openValues(row), stepsDoneOf(database, row.id)]);
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
          origin: value.origin,
          revision: value.revision,
          settled: value.settled,
        })),
        ticked: ticks.map((tick) => tick.step),
        summary: summaryOf(row),
        order: null,
      };
    },

    async plainValues(caseId) {
      const row = await caseById(database, caseId);
      if (!row) return null;
      const values = await openValues(row);
      return { serviceId: row.service_id, values: new Map(values.map(({ name, plain }) => [name, plain])) };
    },

    async known(caseId) {
      const row = await caseById(database, caseId);
      if (!row) return [];
      const fields = fieldsOf(services.get(row.service_id).form);
      return (await openValues(row)).flatMap((value) => {
        const field = fields.find((one) => one.name === value.name);
        if (!field) return [];
        const choice = field.choices?.find((one) => one.value === value.plain)?.label ?? null;
        return [{ label: field.label, shown: value.class === 'C2' ? maskValue(value.plain) : value.plain, choice }];
      });
    },
  };
}
