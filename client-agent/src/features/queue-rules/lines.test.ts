import { expect, it } from 'vitest';
import { lineCount, lineSpan } from './lines.ts';

it('finds a line in a text', () => {
  const text = '{\n  "a": 1\n}\n';
  expect(lineSpan(text, 2)).toEqual({ line: 2, from: 2, to: 10 });
  expect(text.slice(2, 10)).toBe('  "a": 1');
  expect(lineSpan(text, 99)).toEqual({ line: 4, from: 13, to: 13 });
  expect(lineSpan('', 0)).toEqual({ line: 1, from: 0, to: 0 });
  expect(lineCount(text)).toBe(4);
});
