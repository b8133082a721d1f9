import { CaseId, type DeskCase, type Field, Service } from '@openvtm/protocol';
import { createAppI18n } from '@openvtm/ui';
import { expect, it } from 'vitest';
import { messages } from '../../i18n/index.ts';
import { factsOf, proposedText, shownIn } from './facts.ts';

const text = (zh: string, en: string) => ({ 'zh-CN': zh, en });
const service = Service.parse({
  id: 'replace-lost-card',
  listed: true,
  order: 1,
  icon: 'card',
  title: text('补换银行卡', 'Replace a card'),
  summary: text('x', 'x'),
  category: 'cards',
  audience: 'personal',
  where: ['agent'],
  keywords: { 'zh-CN': [], en: [] },
  minutes: 8,
  priority: 2,
  skills: {},
  languages: ['zh-CN'],
  consent: { version: '1', text: text('x', 'x') },
  form: {
    schema: {
      type: 'object',
      properties: {
        name: { type: 'string', format: 'name', label: text('姓名', 'Name'), class: 'C1' },
        idNumber: { type: 'string', format: 'id-number', label: text('身份证号', 'ID number'), class: 'C2' },
        why: {
          type: 'string',
          label: text('原因', 'Reason'),
          class: 'C1',
          oneOf: [
            { const: 'lost', label: text('丢失', 'Lost') },
            { const: 'worn', label: text('损坏', 'Worn') },
          ],
        },
        remark: { type: 'string', label: text('说明', 'Remark'), class: 'C1' },
      },
      required: ['name', 'idNumber', 'why'],
    },
    ui: {
      type: 'Categorization',
      elements: [
        {
          type: 'Category',
          label: text('x', 'x'),
          elements: ['name', 'idNumber', 'why', 'remark'].map((name) => ({
            type: 'Control',
            scope: `#/properties/${name}`,
          })),
        },
      ],
    },
  },
  steps: [{ kind: 'form' }],
});
const deskCase: DeskCase = {
  caseId: CaseId.parse('6b1f2a0e-8f0a-4c62-9d58-0f6a5d1c9e02'),
  at: 'serving',
  service,
  language: 'en',
  print: 'normal',
  openedAt: 1,
  consent: null,
  values: [
    {
      name: 'why',
      class: 'C1',
      shown: 'lost',
      masked: false,
      enteredAt: 2,
      origin: 'customer',
      revision: 1,
      settled: true,
    },
    {
      name: 'name',
      class: 'C1',
      shown: 'Zhang San',
      masked: false,
      enteredAt: 2,
      origin: 'customer',
      revision: 1,
      settled: true,
    },
    {
      name: 'idNumber',
      class: 'C2',
      shown: '••••••••••••1234',
      masked: true,
      enteredAt: 2,
      origin: 'customer',
      revision: 1,
      settled: true,
    },
  ],
  ticked: [],
  order: null,
  summary: null,
};

it('lists every field in the order of the form, choices in words, gaps as gaps', () => {
  expect(factsOf(deskCase, 'zh-CN').map((fact) => [fact.label, fact.shown, fact.value !== null])).toEqual([
    ['姓名', 'Zhang San', true],
    ['身份证号', '••••••••••••1234', true],
    ['原因', '丢失', true],
    ['说明', '', false],
  ]);
});

it('prepares the summary in the customer’s language, whatever language the agent works in, and reveals nothing', () => {
  const { t } = createAppI18n(messages, { language: 'zh-CN' }).global;
  expect(proposedText(deskCase, t)).toBe(
    'Service: Replace a card\nName: Zhang San\nID number: ••••••••••••1234\nReason: Lost',
  );
  expect(proposedText({ ...deskCase, language: 'zh-CN' }, t)).toBe(
    '业务：补换银行卡\n姓名：Zhang San\n身份证号：••••••••••••1234\n原因：丢失',
  );
});

it('shows money as money, and what is masked as it is', () => {
  const amount = { kind: 'amount' } as Field;
  expect(shownIn(amount, '12300.00', 'zh-CN')).toBe('¥12,300.00');
  expect(shownIn(amount, '••••', 'zh-CN')).toBe('••••');
});
