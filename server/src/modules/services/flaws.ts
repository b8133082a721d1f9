import {
  fieldsOf,
  isOfStep,
  personFor,
  type Condition,
  type FieldFormat,
  type KnownFact,
  type Property,
  type ReadFact,
  type Service,
  type Step,
} from '@openvtm/protocol';
import type { Flaw, Path } from '../../kernel/data-file.ts';

/** Values that a step leaves behind, beside the form's. */
const leftBy = (step: Step): string[] => (step.kind === 'risk-assessment' ? ['riskLevel'] : []);

/** What a schema can't say: whatever names another part of the file must name one that is there, and comes before it. */
export function flawsOf(service: Service): Flaw[] {
  return [
    ...formFlaws(service),
    ...pageFlaws(service),
    ...stepFlaws(service),
    ...placeFlaws(service),
    ...paperFlaws(service),
    ...reviewFlaws(service),
  ];
}

function twice(names: string[]): string[] {
  return names.filter((name, i) => names.indexOf(name) !== i);
}

function formFlaws({ form }: Service): Flaw[] {
  const { properties, required } = form.schema;
  const flaws: Flaw[] = [];
  const shown = new Set<string>();
  form.ui.elements.forEach((page, p) =>
    page.elements.forEach(({ scope, rule }, e) => {
      const at: Path = ['form', 'ui', 'elements', p, 'elements', e];
      const name = scope.slice('#/properties/'.length);
      if (!(name in properties)) flaws.push({ path: [...at, 'scope'], words: `no property ${name}` });
      if (shown.has(name)) flaws.push({ path: [...at, 'scope'], words: `${name} is shown twice` });
      // Only what is asked earlier decides, so conditions can't go round in a circle.
      if (rule)
        flaws.push(...unknownIn(rule.condition.schema, shown, [...at, 'rule'], 'is not asked before this field'));
      shown.add(name);
    }),
  );
  for (const [name, property] of Object.entries(properties)) {
    const at: Path = ['form', 'schema', 'properties', name];
    if (!shown.has(name)) flaws.push({ path: at, words: 'on no page' });
    if ('oneOf' in property)
      for (const value of twice(property.oneOf.map((one) => one.const)))
        flaws.push({ path: [...at, 'oneOf'], words: `the choice ${value} is there twice` });
    if ('minimum' in property && property.minimum > property.maximum)
      flaws.push({ path: [...at, 'minimum'], words: 'above the maximum' });
    if ('quick' in property && property.quick?.some((fen) => fen < property.minimum || fen > property.maximum))
      flaws.push({ path: [...at, 'quick'], words: 'an amount outside of minimum and maximum' });
    if ('day' in property && property.day && property.format !== 'date')
      flaws.push({ path: [...at, 'day'], words: 'only of a date' });
    flaws.push(...fromFlaws(property, at), ...readsFlaws(property, at));
    if ('pattern' in property && property.pattern !== undefined && !isPattern(property.pattern))
      flaws.push({ path: [...at, 'pattern'], words: 'no regular expression' });
  }
  required.forEach((name, i) => {
    if (!(name in properties)) flaws.push({ path: ['form', 'schema', 'required', i], words: `no property ${name}` });
  });
  return flaws;
}

/** What the bank's facts look like, and how they are classed: a field that takes one must be able to hold and to protect it. */
const FACT: Record<KnownFact, { formats: (FieldFormat | undefined)[]; class: 'C1' | 'C2' }> = {
  'customer.name': { formats: ['name'], class: 'C1' },
  'customer.idNumber': { formats: ['id-number'], class: 'C2' },
  'customer.phone': { formats: ['phone'], class: 'C2' },
  'customer.email': { formats: ['email'], class: 'C1' },
  'customer.address': { formats: ['address'], class: 'C1' },
  'customer.occupation': { formats: [undefined], class: 'C1' },
  'account.cardNumber': { formats: ['card-number'], class: 'C2' },
  'account.cardLast4': { formats: ['card-last4'], class: 'C1' },
};

/** What a card's facts look like; those of class C2 are protected in the form, too. */
const ON_CARD: Record<ReadFact, { format: FieldFormat; class: 'C1' | 'C2' }> = {
  'id-card.name': { format: 'name', class: 'C1' },
  'id-card.idNumber': { format: 'id-number', class: 'C2' },
  'id-card.birthDate': { format: 'date', class: 'C1' },
  'id-card.address': { format: 'address', class: 'C1' },
  'bank-card.number': { format: 'card-number', class: 'C2' },
  'bank-card.last4': { format: 'card-last4', class: 'C1' },
};

function readsFlaws(property: Property, at: Path): Flaw[] {
  const { reads } = property;
  if (reads === undefined) return [];
  const flaws: Flaw[] = [];
  if (!('format' in property) || property.format !== ON_CARD[reads].format)
    flaws.push({ path: [...at, 'reads'], words: `${reads} does not fit the field's format` });
  if (ON_CARD[reads].class === 'C2' && property.class !== 'C2')
    flaws.push({ path: [...at, 'class'], words: `${reads} is of class C2` });
  return flaws;
}

function fromFlaws(property: Property, at: Path): Flaw[] {
  const { from } = property;
  if (from === undefined) return [];
  const fact = FACT[from];
  const flaws: Flaw[] = [];
  const format = 'format' in property ? property.format : undefined;
  if ('oneOf' in property || !fact.formats.includes(format))
    flaws.push({ path: [...at, 'from'], words: `${from} does not fit the field's format` });
  if (fact.class === 'C2' && property.class !== 'C2')
    flaws.push({ path: [...at, 'class'], words: `${from} is of class C2` });
  return flaws;
}

function isPattern(pattern: string): boolean {
  try {
    return new RegExp(pattern, 'u') instanceof RegExp;
  } catch {
    return false;
  }
}

function unknownIn(condition: Condition, known: ReadonlySet<string>, path: Path, words: string): Flaw[] {
  return [...Object.keys(condition.properties), ...condition.required]
    .filter((name, i, names) => names.indexOf(name) === i && !known.has(name))
    .map((name) => ({ path, words: `${name} ${words}` }));
}

function stepFlaws(service: Service): Flaw[] {
  const { steps } = service;
  const flaws: Flaw[] = twice(steps.map(({ id }) => id)).map((id) => ({
    path: ['steps', steps.findLastIndex((step) => step.id === id), 'id'],
    words: `the step ${id} is there twice`,
  }));
  const known = new Set<string>();
  steps.forEach((step, i) => {
    const at: Path = ['steps', i];
    if (step.kind === 'form') {
      const asked = fieldsIn(service, step.id);
      if (asked.length === 0 && Object.keys(service.form.schema.properties).length > 0)
        flaws.push({ path: at, words: 'a form step that no page of the form names' });
      for (const { name } of asked) known.add(name);
    }
    if ('when' in step && step.when)
      flaws.push(...unknownIn(step.when, known, [...at, 'when'], 'is not known before this step'));
    for (const name of leftBy(step)) known.add(name);
    if ('until' in step && step.until)
      flaws.push(...unknownIn(step.until.condition, known, [...at, 'until'], 'is not known after this step'));
    if (step.kind === 'confirm' && step.template) flaws.push(...textFlaws(step.template, known, [...at, 'template']));
    if (step.kind === 'risk-assessment' && step.levels.some(({ from }, l) => from <= (step.levels[l - 1]?.from ?? -1)))
      flaws.push({ path: [...at, 'levels'], words: 'not from the lowest up' });
  });
  return flaws;
}

/** The fields, or none while a control names a property that is not there: that is said by its own flaw. */
function safeFields({ form }: Service) {
  const there = form.ui.elements.every(({ elements }) =>
    elements.every(({ scope }) => scope.slice('#/properties/'.length) in form.schema.properties),
  );
  return there ? fieldsOf(form) : [];
}

/** The fields of one form step. */
function fieldsIn(service: Service, step: string) {
  const first = service.steps.find(({ kind }) => kind === 'form')?.id === step;
  return safeFields(service).filter((field) => isOfStep(field, { id: step, first }));
}

/** Pages go to form steps that are there, and what the bank knows is asked of somebody who was identified before. */
function pageFlaws(service: Service): Flaw[] {
  const { form, steps } = service;
  const flaws: Flaw[] = form.ui.elements.flatMap(({ step }, p) =>
    step !== undefined && !steps.some(({ kind, id }) => kind === 'form' && id === step)
      ? [{ path: ['form', 'ui', 'elements', p, 'step'], words: `no form step ${step}` }]
      : [],
  );
  const byAgent = steps.some((step) => step.kind === 'identify' && step.by !== 'code');
  const byCode = steps.findIndex((step) => step.kind === 'identify' && step.by === 'code');
  const early = new Set(
    steps
      .slice(0, byCode < 0 ? steps.length : byCode)
      .flatMap(({ kind, id }) => (kind === 'form' ? fieldsIn(service, id).map(({ name }) => name) : [])),
  );
  for (const [name, { from }] of Object.entries(form.schema.properties))
    if (from !== undefined && !byAgent && early.has(name))
      flaws.push({
        path: ['form', 'schema', 'properties', name, 'from'],
        words: 'asked before it is proved who the customer is, and no agent could fill it',
      });
  for (const name of byCode >= 0 ? ['idNumber', 'fullName'] : [])
    if (name in form.schema.properties && !early.has(name))
      flaws.push({ path: ['steps', byCode], words: `identifies by ${name}, which is asked only after it` });
  return flaws;
}

function textFlaws(template: Record<string, string>, known: ReadonlySet<string>, at: Path): Flaw[] {
  return Object.entries(template).flatMap(([language, text]) =>
    [...text.matchAll(/\{\{(.*?)\}\}/g)].flatMap(([, name = '']) =>
      known.has(name) ? [] : [{ path: [...at, language], words: `{{${name}}} is no field` }],
    ),
  );
}

/** What the server knows beside the form, and papers may say. */
const OF_PAPERS = ['day', 'branch'];

function paperFlaws({ papers, form, steps }: Service): Flaw[] {
  const known = new Set([...Object.keys(form.schema.properties), ...steps.flatMap(leftBy)]);
  const flaws: Flaw[] = twice(papers.map(({ id }) => id)).map((id) => ({
    path: ['papers', papers.findLastIndex((one) => one.id === id), 'id'],
    words: `the paper ${id} is there twice`,
  }));
  papers.forEach(({ title, sections, when }, p) => {
    const at: Path = ['papers', p];
    if (when) flaws.push(...unknownIn(when, known, [...at, 'when'], 'is no field'));
    const sayable = new Set([...known, ...OF_PAPERS]);
    flaws.push(...textFlaws(title, sayable, [...at, 'title']));
    sections.forEach(({ heading, paragraphs }, s) => {
      const section: Path = [...at, 'sections', s];
      flaws.push(...textFlaws(heading, sayable, [...section, 'heading']));
      paragraphs.forEach((text, t) => flaws.push(...textFlaws(text, sayable, [...section, 'paragraphs', t])));
    });
  });
  if (papers.length > 0 && !steps.some((step) => personFor(step) === 'agent'))
    flaws.push({ path: ['papers'], words: 'papers to sign, but no step needs an agent, with whom they are signed' });
  return flaws;
}

/** What may be sent ahead has papers to send, a person to be met afterwards, and an agent's skill to review it by. */
function reviewFlaws({ preReview, steps, skills }: Service): Flaw[] {
  if (preReview === undefined) return [];
  const path: Path = ['preReview'];
  const flaws: Flaw[] = [];
  if (!steps.some(({ kind }) => kind === 'capture')) flaws.push({ path, words: 'no step captures a paper to send' });
  if (!steps.some((step) => personFor(step) === 'agent'))
    flaws.push({ path, words: 'no step needs an agent: nothing is left for after the review' });
  if (Object.keys(skills).length === 0) flaws.push({ path, words: 'no skill says which agents may review it' });
  return flaws;
}

/** The order of the first and the last steps, and whether the steps fit the places where the service may run. */
function placeFlaws({ steps, where, form }: Service): Flaw[] {
  const flaws: Flaw[] = [];
  if (steps[0]?.kind !== 'consent') flaws.push({ path: ['steps', 0], words: 'the first step is the consent' });
  if (steps.at(-1)?.kind !== 'rate')
    flaws.push({ path: ['steps', steps.length - 1], words: 'the last step is the rating' });
  const asks = Object.keys(form.schema.properties).length > 0;
  if (asks !== steps.some(({ kind }) => kind === 'form'))
    flaws.push({ path: ['steps'], words: asks ? 'no form step for the form' : 'a form step without a form' });
  const needed = new Set(steps.map(personFor));
  if (where.includes('alone') && (needed.has('agent') || needed.has('branch-staff')))
    flaws.push({ path: ['where'], words: 'alone, but a step needs an agent or branch staff' });
  if (!where.includes('alone') && !needed.has('agent') && !needed.has('branch-staff'))
    flaws.push({ path: ['where'], words: 'not alone, but no step needs anybody' });
  const knows = steps.findIndex((step) => step.kind === 'identify' && step.by === 'code');
  const does = steps.findIndex(({ kind }) => kind === 'carry-out');
  if (where.includes('alone') && does >= 0 && (knows < 0 || knows > does))
    flaws.push({ path: ['steps', does], words: 'carried out for a customer alone who was not identified by a code' });
  for (const name of knows >= 0 ? ['idNumber', 'fullName'] : [])
    if (!form.schema.required.includes(name))
      flaws.push({ path: ['steps', knows], words: `identifies by a code, but the form does not ask for ${name}` });
  const receipt = steps.findIndex(({ kind }) => kind === 'receipt');
  if (receipt >= 0 && (does < 0 || does > receipt))
    flaws.push({ path: ['steps', receipt], words: 'a receipt of nothing that was carried out' });
  if (needed.has('branch-staff') && !where.includes('branch-staff'))
    flaws.push({ path: ['where'], words: 'a step needs branch staff' });
  return flaws;
}
