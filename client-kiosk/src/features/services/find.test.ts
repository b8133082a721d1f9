import { expect, test } from 'vitest';
import { findServices } from './find.ts';

const words = (zh: string, en: string) => ({ 'zh-CN': zh, en });
const a = (id: string, title: [string, string], keywords: { 'zh-CN': string[]; en: string[] }) => ({
  id,
  title: words(...title),
  summary: words('在此办理', 'Done here'),
  keywords,
});
const lost = a('lost', ['补办银行卡', 'Replace a lost card'], {
  'zh-CN': ['丢卡', '卡丢了'],
  en: ['lost my card', 'stolen'],
});
const phone = a('phone', ['变更手机号', 'Change your phone number'], {
  'zh-CN': ['换号'],
  en: ['new number', 'mobile'],
});
const limit = a('limit', ['调整限额', 'Change card limits'], { 'zh-CN': ['限额'], en: ['spending limit'] });
const all = [phone, limit, lost];
const found = (typed: string, language: 'zh-CN' | 'en') => findServices(all, typed, language).map(({ id }) => id);

test.for([
  ['lost my card', 'en', ['lost', 'limit']],
  ['Stolen', 'en', ['lost']],
  ['new mobile', 'en', ['phone']],
  ['我的卡丢了', 'zh-CN', ['lost']],
  ['手机', 'zh-CN', ['phone']],
  ['ｌｏｓｔ', 'en', ['lost']],
] as const)('“%s” finds by what people say', ([typed, language, ids]) => {
  expect(found(typed, language)).toEqual(ids);
});

test.for(['', '   ', 'zzz', 'the', '.*', '\\'])('“%s” finds nothing and breaks nothing', (typed) => {
  expect(found(typed, 'en')).toEqual([]);
});
