import { expect, test } from 'vitest';
import { codeInFragment } from './code.ts';

test.for([
  ['#enrol=DEMO-KIOSK-1', 'DEMO-KIOSK-1'],
  ['#enrol=AB%20CD', 'AB CD'],
  ['#x=1&enrol=ABCD', 'ABCD'],
  ['#enrol=', null],
  ['#', null],
  ['', null],
  ['#other=ABCD', null],
] as const)('the code in %s is %s', ([hash, code]) => {
  expect(codeInFragment(hash)).toBe(code);
});
