import { expect, test } from 'vitest';
import { sentencesOf, soundName } from './sound.ts';

test('a text is said sentence by sentence, in both languages, and numbers stay whole', () => {
  expect(sentencesOf('您好！请先看一看。\n四个角都在')).toEqual(['您好！', '请先看一看。', '四个角都在']);
  expect(sentencesOf('Enter an amount, for example 1200.50. Then go on.')).toEqual([
    'Enter an amount, for example 1200.50.',
    'Then go on.',
  ]);
  expect(sentencesOf('  spaced \n  out  ')).toEqual(['spaced', 'out']);
  expect(sentencesOf(' … ')).toEqual([]);
});

test('a sound is named by its words and their language, and nothing else', async () => {
  const name = await soundName('取消', 'zh-CN');
  expect(name).toMatch(/^[0-9a-f]{16}$/);
  expect(await soundName('取消', 'zh-CN')).toBe(name);
  expect(await soundName('取消', 'en')).not.toBe(name);
  expect(await soundName('取消吗', 'zh-CN')).not.toBe(name);
});
