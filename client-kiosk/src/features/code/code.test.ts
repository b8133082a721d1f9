import { expect, test } from 'vitest';
import { codeScanned, groupedCode, handoverAddress, tidyCode } from './code.ts';

test.each([
  ['abcd-2345', 'ABCD2345'],
  ['  ab cd 23 45 67', 'ABCD2345'],
  ["o0i1l'; --", ''],
  ['𠮷中文', ''],
])('%j is typed as %j', (text, code) => {
  expect(tidyCode(text)).toBe(code);
});

test('a code is read in two groups, also while it is typed', () => {
  expect(['', 'ABC', 'ABCD', 'ABCD2', 'ABCD2345'].map(groupedCode)).toEqual(['', 'ABC', 'ABCD', 'ABCD-2', 'ABCD-2345']);
});

test('what a picture shows is read again, and nothing else is taken for it', () => {
  const address = handoverAddress('https://bank.example', { code: 'ABCD-2345', branch: 'b 1' });
  expect(codeScanned(address)).toBe('ABCD2345');
  for (const other of ['', 'ABCD-2345', 'https://bank.example/phone/', 'https://bank.example/phone/#take=AB', 'wifi:x'])
    expect(codeScanned(other)).toBeNull();
});
