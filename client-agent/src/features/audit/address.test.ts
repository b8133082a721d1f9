import { expect, it } from 'vitest';
import { pageAddress } from './address.ts';

it('asks for the newest page without filters', () => {
  expect(pageAddress({ kind: '', about: '  ', limit: 50 }, null)).toBe('/api/audit?limit=50');
});

it('asks for what was filtered, from where the last page ended', () => {
  expect(pageAddress({ kind: ' call. ', about: 'a&b', limit: 20 }, 41)).toBe(
    '/api/audit?limit=20&kind=call.&about=a%26b&before=41',
  );
});
