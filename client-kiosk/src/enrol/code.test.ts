import { expect, test } from 'vitest';
import { wishInFragment } from './code.ts';

test.each<[string, Partial<ReturnType<typeof wishInFragment>>]>([
  ['#enrol=DEMO-KIOSK-1', { enrol: 'DEMO-KIOSK-1' }],
  ['enrol=abc', { enrol: 'abc' }],
  ['#enrol=%20AB%20', { enrol: 'AB' }],
  ['#enrol=', {}],
  ['#enrol=%20', {}],
  ['#other=1', {}],
  ['', {}],
  ['#branch=1&take=2345-6789', { branch: '1', take: '2345-6789' }],
])('the fragment %j', (hash, wish) => {
  expect(wishInFragment(hash)).toEqual({ enrol: null, branch: null, take: null, ...wish });
});
