import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CaseService } from '@openvtm/protocol';
import { expect, test } from 'vitest';
import { createServices } from './index.ts';

const shipped = await createServices({ own: null, core: true });
/** A data file as it may be, right or wrong. */
type Loose = ReturnType<typeof JSON.parse>;
const lost = (): Loose => structuredClone(shipped.get('replace-lost-card'));

async function folderWith(files: Record<string, unknown>): Promise<URL> {
  const folder = await mkdtemp(join(tmpdir(), 'services-'));
  for (const [name, content] of Object.entries(files))
    await writeFile(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content, null, 2));
  return pathToFileURL(`${folder}/`);
}
/** A copy of a shipped service under a name of its own, changed. */
const mended = (change: (service: Loose) => void) => {
  const service = { ...lost(), id: 'test-service' };
  change(service);
  return { 'test-service.json': service };
};
const withFolder = (own: URL) => createServices({ own, core: true });
const refused = async (files: Record<string, unknown>) =>
  createServices({ own: await folderWith(files), core: true }).then(
    () => 'taken',
    (error: Error) => error.message,
  );

test('cards keep the words of the agent to the agent, and the form to the case', () => {
  const cards = JSON.stringify(shipped.cards());
  expect(cards).not.toContain('script');
  expect(cards).not.toContain('properties');
});

test('an unknown service is refused, and not offered', () => {
  expect(() => shipped.get('rob-the-bank')).toThrow(expect.objectContaining({ code: 'not-found' }));
  expect(shipped.offers('rob-the-bank')).toBe(false);
});

test('where customers are told of supervision each consent says so in both languages, under a version of its own', async () => {
  const telling = await createServices({ own: null, core: true, tellsOfSupervision: true });
  for (const { id } of shipped.cards()) {
    const [plain, told] = [shipped, telling].map((services) => services.get(id).consent);
    expect(told?.version).toBe(`${plain?.version}+supervision-1`);
    expect(told?.text['zh-CN'].startsWith(`${plain?.text['zh-CN']}\n`)).toBe(true);
    expect(told?.text['zh-CN'].split('\n').at(-1)).toContain('主管');
    expect(told?.text.en.startsWith(`${plain?.text.en}\n`)).toBe(true);
    expect(told?.text.en.split('\n').at(-1)).toContain('supervisor');
    expect(CaseService.parse(telling.get(id)).consent).toEqual(told);
  }
});

test("a bank's own file is offered beside the shipped ones, or in the place of one", async () => {
  const own = await withFolder(
    await folderWith({ ...mended(() => undefined), 'replace-lost-card.json': { ...lost(), minutes: 99 } }),
  );
  expect(own.offers('test-service')).toBe(true);
  expect(own.get('replace-lost-card').minutes).toBe(99);
  expect(own.cards()).toHaveLength(shipped.cards().length + 1);
});

test('a service with a step that this version lacks is known, named to the administrator, and not offered', async () => {
  const services = await withFolder(
    await folderWith(
      mended((service) => {
        service.steps.splice(-1, 0, {
          kind: 'approve',
          id: 'second',
          title: { 'zh-CN': '授权', en: 'Approve' },
          by: 'approver',
        });
      }),
    ),
  );
  expect(services.offers('test-service')).toBe(false);
  expect(services.cards().map(({ id }) => id)).not.toContain('test-service');
  expect(services.all()).toContainEqual(
    expect.objectContaining({ id: 'test-service', missing: [{ id: 'second', kind: 'approve' }] }),
  );
});

test.for<[what: string, change: (service: Loose) => void, said: RegExp]>([
  ['a wrong type', (s) => (s.minutes = 'five'), /line \d+, minutes: .*number/],
  ['an unknown key', (s) => (s.colour = 'red'), /line \d+.*unknown key colour/],
  ['a missing translation', (s) => delete s.title.en, /line \d+, title\.en:/],
  ['an unknown step', (s) => (s.steps[2].kind = 'dance'), /line \d+, steps\.2\.kind:/],
  ['a step twice', (s) => s.steps.splice(3, 0, s.steps[2]), /the step identify is there twice/],
  ['no consent first', (s) => s.steps.shift(), /the first step is the consent/],
  ['no rating last', (s) => s.steps.pop(), /the last step is the rating/],
  ['a control without a property', (s) => delete s.form.schema.properties.phone, /no property phone/],
  ['a property on no page', (s) => s.form.ui.elements[0].elements.pop(), /on no page/],
  ['a field twice', (s) => s.form.ui.elements[0].elements.push(s.form.ui.elements[0].elements[0]), /is shown twice/],
  ['alone with a step for an agent', (s) => (s.where = ['alone']), /line \d+, where: alone, but a step needs/],
  [
    'a loop: two fields that wait for each other',
    (s) => {
      const [first, second] = s.form.ui.elements[0].elements;
      const after = (name: string) => ({
        effect: 'SHOW',
        condition: { scope: '#', schema: { properties: { [name]: { const: 'x' } }, required: [name] } },
      });
      first.rule = after('idNumber');
      second.rule = after('fullName');
    },
    /idNumber is not asked before this field/,
  ],
  [
    'a condition on what nobody enters',
    (s) => (s.steps[3].when = { properties: { mood: { const: 'good' } }, required: ['mood'] }),
    /mood is not known before this step/,
  ],
  [
    'a field of class C3',
    (s) => (s.form.schema.properties.phone.class = 'C3'),
    /line \d+, form\.schema\.properties\.phone.*never asks for C3/,
  ],
  [
    'a fact of the bank in a field that cannot hold it',
    (s) => (s.form.schema.properties.fullName.from = 'customer.phone'),
    /line \d+, form\.schema\.properties\.fullName\.from: customer\.phone does not fit/,
  ],
  [
    'a fact of the bank that is protected less than it must be',
    (s) => (s.form.schema.properties.phone.class = 'C1'),
    /customer\.phone is of class C2/,
  ],
  [
    'a fact of the bank that is asked before anybody is identified',
    (s) => (s.steps = s.steps.filter(({ kind }: { kind: string }) => kind !== 'identify')),
    /asked before it is proved who the customer is/,
  ],
  ['a page of a form step that is not there', (s) => (s.form.ui.elements[1].step = 'later'), /no form step later/],
  [
    'a form step that no page names',
    (s) => s.steps.splice(2, 0, { kind: 'form', id: 'second' }),
    /a form step that no page of the form names/,
  ],
  [
    'a template with an unknown field',
    (s) => (s.steps.find((step: { kind: string }) => step.kind === 'confirm').template = { 'zh-CN': '{{a}}', en: 'x' }),
    /\{\{a\}\} is no field/,
  ],
])('%s stops the start with file, line and field', async ([, change, said]) => {
  const words = await refused(mended(change));
  expect(words).toMatch(said);
  expect(words).toContain('service file test-service.json');
});

test('every mistake of every file is said at once, and the line is right', async () => {
  const words = await refused({
    'one.json': '{\n  "id": "one",\n  oops\n}',
    'two.json': { ...lost(), id: 'two', order: 'x' },
  });
  expect(words).toMatch(/service file one\.json, line 3: not JSON/);
  expect(words).toMatch(/service file two\.json, line 4, order:/);
});

test('a file must be named after its service', async () => {
  expect(await refused({ 'other.json': { ...lost(), id: 'test-service' } })).toMatch(
    /must be named test-service\.json/,
  );
});

test('what is sent ahead has papers, an agent to meet afterwards, and a skill to be reviewed by', async () => {
  const said = await refused(
    mended((service) => {
      service.preReview = { dueMinutes: 60 };
      service.skills = {};
      service.steps = service.steps.filter(({ kind }: Loose) => kind !== 'capture');
    }),
  );
  expect(said).toContain('no step captures a paper to send');
  expect(said).toContain('no skill says which agents may review it');
  expect(await refused(mended((service) => (service.preReview = { dueMinutes: 1 })))).toContain('dueMinutes');
  expect(await refused(mended((service) => (service.preReview = { dueMinutes: 60 })))).toBe('taken');
});
