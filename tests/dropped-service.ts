import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const text = (zh: string, en: string) => ({ 'zh-CN': zh, en });

/** A service that the shipped catalogue does not have: the customer does all of it alone. */
export const DROPPED_SERVICE = {
  id: 'check-your-risk',
  listed: true,
  order: 1,
  often: true,
  icon: 'wealth',
  category: 'wealth',
  audience: 'personal',
  where: ['alone'],
  title: text('测一测风险承受能力', 'Check your risk level'),
  summary: text('三道题，约三分钟', 'Three questions, about three minutes'),
  keywords: { 'zh-CN': ['风险测评'], en: ['risk test'] },
  minutes: 3,
  priority: 4,
  skills: {},
  languages: ['zh-CN', 'en'],
  consent: { version: '1', text: text('您的回答将加密保存。', 'Your answers are stored encrypted.') },
  form: {
    schema: {
      type: 'object',
      properties: {
        goal: {
          type: 'string',
          label: text('投资目标', 'What do you save for?'),
          class: 'C1',
          oneOf: [
            { const: 'home', label: text('买房', 'A home') },
            { const: 'other', label: text('其他', 'Something else') },
          ],
        },
        words: { type: 'string', label: text('请说明', 'Please tell us'), class: 'C1', maxLength: 60 },
        amount: {
          type: 'integer',
          format: 'amount',
          label: text('计划金额', 'How much?'),
          class: 'C1',
          minimum: 100_00,
          maximum: 1_000_000_00,
        },
      },
      required: ['goal', 'words', 'amount'],
    },
    ui: {
      type: 'Categorization',
      elements: [
        {
          type: 'Category',
          label: text('您的计划', 'Your plan'),
          elements: [
            { type: 'Control', scope: '#/properties/goal' },
            {
              type: 'Control',
              scope: '#/properties/words',
              rule: {
                effect: 'SHOW',
                condition: { scope: '#', schema: { properties: { goal: { const: 'other' } }, required: ['goal'] } },
              },
            },
            { type: 'Control', scope: '#/properties/amount' },
          ],
        },
      ],
    },
  },
  steps: [
    { kind: 'consent' },
    { kind: 'form' },
    {
      kind: 'explain',
      id: 'what-it-is',
      title: text('关于测评', 'About the test'),
      script: text('结果决定您可以购买哪些产品。', 'The result decides which products you can buy.'),
      person: 'nobody',
    },
    {
      kind: 'risk-assessment',
      id: 'risk',
      title: text('风险测评', 'Risk assessment'),
      questions: ['loss', 'time', 'income'].map((id) => ({
        id,
        text: text(`关于${id}的问题`, `A question about ${id}`),
        answers: [
          { text: text('谨慎', 'Careful'), points: 0 },
          { text: text('平衡', 'Balanced'), points: 5 },
          { text: text('进取', 'Bold'), points: 10 },
        ],
      })),
      levels: [
        { level: 'c1', from: 0, label: text('谨慎型', 'Careful') },
        { level: 'c3', from: 15, label: text('平衡型', 'Balanced') },
      ],
      until: {
        condition: { properties: { riskLevel: { const: 'c3' } }, required: ['riskLevel'] },
        otherwise: text('您的风险承受能力低于产品要求。', 'Your risk level is below what the products ask for.'),
      },
    },
    {
      kind: 'confirm',
      id: 'agree',
      title: text('请确认', 'Please confirm'),
      script: text('请核对以下内容。', 'Please check this.'),
      template: text(
        '目标：{{goal}}，金额：{{amount}}，等级：{{riskLevel}}',
        'For {{goal}}, {{amount}}, level {{riskLevel}}',
      ),
      person: 'nobody',
    },
    { kind: 'rate' },
  ],
};

/** A folder with nothing in it but this service's file: a bank's own catalogue. */
export function folderWithDroppedService(): string {
  const folder = mkdtempSync(join(tmpdir(), 'openvtm-services-'));
  writeFileSync(join(folder, `${DROPPED_SERVICE.id}.json`), JSON.stringify(DROPPED_SERVICE, null, 2));
  return folder;
}
