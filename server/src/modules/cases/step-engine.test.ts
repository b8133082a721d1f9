import { fieldsOf, Service, type Step } from '@openvtm/protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  aloneStep,
  confirmText,
  fieldsToFetch,
  mayPass,
  personAfter,
  riskLevelOf,
  standingOf,
  stepsFor,
  stepsFrom,
  stepsUndone,
  wayDone,
} from './step-engine.ts';

const text = (words: string) => ({ 'zh-CN': `字${words}`, en: words });
const control = (name: string) => ({ type: 'Control', scope: `#/properties/${name}` });
const risk = {
  kind: 'risk-assessment',
  id: 'risk',
  title: text('Risk'),
  questions: [1, 2, 3].map((n) => ({
    id: `q${n}`,
    text: text(`Question ${n}`),
    answers: [0, 5, 10].map((points) => ({ text: text(String(points)), points })),
  })),
  levels: [
    { level: 'c1', from: 0, label: text('Careful') },
    { level: 'c3', from: 15, label: text('Balanced') },
  ],
};
/** All kinds of steps of a customer alone; the first choice decides whether the risk matters. */
const service = Service.parse({
  id: 'buy',
  listed: true,
  order: 1,
  icon: 'wealth',
  category: 'wealth',
  audience: 'personal',
  where: ['agent'],
  title: text('Buy'),
  summary: text('Buy'),
  keywords: { 'zh-CN': [], en: [] },
  minutes: 5,
  priority: 3,
  skills: {},
  languages: ['en'],
  consent: { version: '1', text: text('Yes?') },
  form: {
    schema: {
      type: 'object',
      properties: {
        what: {
          type: 'string',
          label: text('What'),
          class: 'C1',
          oneOf: ['fund', 'deposit'].map((one) => ({ const: one, label: text(one) })),
        },
        amount: {
          type: 'integer',
          format: 'amount',
          label: text('Amount'),
          class: 'C1',
          minimum: 1,
          maximum: 1_000_000,
        },
      },
      required: ['what', 'amount'],
    },
    ui: {
      type: 'Categorization',
      elements: [{ type: 'Category', label: text('All'), elements: ['what', 'amount'].map(control) }],
    },
  },
  steps: [
    { kind: 'consent' },
    { kind: 'form' },
    { kind: 'explain', id: 'terms', title: text('Terms'), script: text('Read this'), person: 'nobody' },
    {
      ...risk,
      when: { properties: { what: { const: 'fund' } }, required: ['what'] },
      until: {
        condition: { properties: { riskLevel: { enum: ['c3'] } }, required: ['riskLevel'] },
        otherwise: text('Too risky for you'),
      },
    },
    {
      kind: 'confirm',
      id: 'agree',
      title: text('Agree'),
      script: text('Is it right?'),
      template: text('{{what}} for {{amount}}, level {{riskLevel}}'),
      person: 'nobody',
    },
    { kind: 'identify', id: 'who', title: text('Who'), script: text('Who?') },
    { kind: 'rate' },
  ],
});
const form = new Map([
  ['what', 'fund'],
  ['amount', '12.50'],
]);
const atKiosk = { language: 'en', device: 'floor' } as const;
const at = (done: string[], values: ReadonlyMap<string, string> = form) => ({ done: new Set(done), values });
const stepId = (done: string[], values?: ReadonlyMap<string, string>) => {
  const standing = standingOf(service, at(done, values));
  return standing.at === 'done' ? 'done' : standing.step.id;
};

describe('a case stands', () => {
  test('at the first step that is not done', () => {
    expect(stepId([])).toBe('form');
    expect(stepId(['form'])).toBe('terms');
    expect(stepId(['form', 'who'])).toBe('terms');
  });
  test('past the steps that its values do not ask for', () => {
    expect(stepId(['form', 'terms'])).toBe('risk');
    expect(stepId(['form', 'terms'], new Map([['what', 'deposit']]))).toBe('agree');
  });
  test('stopped where an exit does not hold, and only there', () => {
    const low = new Map([...form, ['riskLevel', 'c1']]);
    const high = new Map([...form, ['riskLevel', 'c3']]);
    expect(standingOf(service, at(['form', 'terms', 'risk'], low))).toMatchObject({
      at: 'stopped',
      step: { id: 'risk' },
    });
    expect(stepId(['form', 'terms', 'risk'], high)).toBe('agree');
    expect(aloneStep(service, at(['form', 'terms', 'risk'], low), atKiosk)).toMatchObject({
      kind: 'stopped',
      why: text('Too risky for you'),
    });
  });
  test('done when all is', () => {
    expect(stepId(['form', 'terms', 'agree', 'who'], new Map([['what', 'deposit']]))).toBe('done');
  });
});

test('the way is counted in the steps that these values ask for', () => {
  expect(wayDone(service, at(['form']))).toEqual({ done: 1, all: 5 });
  expect(wayDone(service, at(['form'], new Map([['what', 'deposit']])))).toEqual({ done: 1, all: 4 });
});

test('whoever has to be there after the step is known before it', () => {
  expect(personAfter(service, at(['form', 'terms'], new Map([['what', 'deposit']])))).toBe('agent');
  expect(personAfter(service, at(['form']))).toBe('nobody');
  expect(aloneStep(service, at(['form', 'terms', 'agree'], new Map([['what', 'deposit']])), atKiosk)).toEqual({
    kind: 'person',
    id: 'who',
    needs: 'agent',
    reviewedAt: null,
  });
});

test('the form is passed when it is right, and no step of an agent ever', () => {
  const step = (id: string) => service.steps.find((one) => one.id === id) as Step;
  expect(mayPass(service, step('form'), form)).toBe(true);
  expect(mayPass(service, step('form'), new Map([['what', 'fund']]))).toBe(false);
  expect(mayPass(service, step('who'), form)).toBe(false);
});

test('back undoes the step before, or the answers that stopped the service', () => {
  expect(stepsUndone(service, at(['form', 'terms']))).toEqual(['terms']);
  expect(stepsUndone(service, at(['form', 'terms', 'risk'], new Map([...form, ['riskLevel', 'c1']])))).toEqual([
    'risk',
  ]);
  expect(stepsUndone(service, at([]))).toEqual([]);
  const [field] = fieldsOf(service.form);
  expect(stepsFrom(service, field!)).toEqual(['form', 'terms', 'risk', 'agree', 'who', 'rate']);
});

describe('a second form step', () => {
  const page = service.form.ui.elements[0]!;
  const two = Service.parse({
    ...service,
    form: {
      schema: {
        ...service.form.schema,
        properties: {
          ...service.form.schema.properties,
          phone: { type: 'string', format: 'phone', label: text('Phone'), class: 'C2', from: 'customer.phone' },
        },
        required: ['what', 'amount', 'phone'],
      },
      ui: {
        ...service.form.ui,
        elements: [page, { type: 'Category', label: text('More'), step: 'details', elements: [control('phone')] }],
      },
    },
    steps: service.steps.flatMap((step): Step[] =>
      step.kind === 'confirm' ? [{ kind: 'form', id: 'details', title: text('Details') }, step] : [step],
    ),
  });
  const first = two.steps.find(({ id }) => id === 'form')!;
  const second = two.steps.find(({ id }) => id === 'details')!;

  test('asks for its own pages only, and is passed when those are right', () => {
    expect(mayPass(two, first, form)).toBe(true);
    expect(mayPass(two, second, form)).toBe(false);
    expect(mayPass(two, second, new Map([...form, ['phone', '13800138000']]))).toBe(true);
    expect(aloneStep(two, at([]), atKiosk)).toMatchObject({ id: 'form', title: null, fields: ['what', 'amount'] });
  });

  test('tells what the bank may be asked, once it is proved who the customer is', () => {
    const here = at(['form', 'terms', 'risk'], new Map([...form, ['riskLevel', 'c3']]));
    expect(aloneStep(two, here, atKiosk)).toMatchObject({ id: 'details', fields: ['phone'], known: false });
    expect(aloneStep(two, here, { ...atKiosk, proved: true })).toMatchObject({ known: true });
    expect(fieldsToFetch(two, 'details', new Map([['phone', '13800138000']]))).toEqual([]);
  });

  test('keeps what was proved before it when it is changed', () => {
    const phone = fieldsOf(two.form).find(({ name }) => name === 'phone')!;
    expect(stepsFrom(two, phone)).toEqual(['details', 'agree', 'who', 'rate']);
  });
});

describe('a risk assessment', () => {
  const step = service.steps.find((one) => one.kind === 'risk-assessment')!;
  test('adds the points up to a level', () => {
    expect(riskLevelOf(step, [0, 1, 1])).toBe('c1');
    expect(riskLevelOf(step, [1, 1, 1])).toBe('c3');
    expect(riskLevelOf(step, [2, 2, 2])).toBe('c3');
  });
  test('takes no answers that do not fit', () => {
    expect(riskLevelOf(step, [0, 0])).toBeNull();
    expect(riskLevelOf(step, [0, 0, 3])).toBeNull();
    expect(riskLevelOf(step, [0, 0, -1])).toBeNull();
  });
  test("sends out no answer's worth", () => {
    const shown = aloneStep(service, at(['form', 'terms']), atKiosk);
    expect(shown?.kind).toBe('risk-assessment');
    expect(JSON.stringify(shown)).not.toContain('points');
  });
});

test('what is confirmed is the template in the words of the customer', () => {
  const step = service.steps.find((one) => one.kind === 'confirm')!;
  const values = new Map([...form, ['riskLevel', 'c3']]);
  expect(confirmText(service, step, { values, language: 'en' })).toBe('fund for CN¥12.50, level Balanced');
  expect(confirmText(service, step, { values, language: 'zh-CN' })).toBe('字字fund for ¥12.50, level 字Balanced');
  expect(confirmText(service, step, { values: new Map([['what', '$&']]), language: 'en' })).toBe('– for –, level –');
});

test('whatever is done in whatever order: one step at a time, never one that is done or not asked for', () => {
  const ids = service.steps.map(({ id }) => id);
  fc.assert(
    fc.property(
      fc.subarray(ids),
      fc.constantFrom('fund', 'deposit'),
      fc.constantFrom('c1', 'c3'),
      (done, what, riskLevel) => {
        const values = new Map([
          ['what', what],
          ['amount', '1.00'],
          ['riskLevel', riskLevel],
        ]);
        const progress = at(done, values);
        const asked = stepsFor(service, values).map(({ id }) => id);
        const standing = standingOf(service, progress);
        const here = standing.at === 'done' ? asked.length : asked.indexOf(standing.step.id);
        const isDone = (id: string) => done.includes(id);
        expect(here).toBeGreaterThanOrEqual(0);
        expect(asked.slice(0, here).every(isDone)).toBe(true);
        // A step that stopped the service is done; one that the customer stands at is not.
        expect(asked.slice(here, here + 1).every(isDone)).toBe(standing.at !== 'step');
        expect(stepsUndone(service, progress).every((id) => done.includes(id))).toBe(true);
      },
    ),
  );
});
