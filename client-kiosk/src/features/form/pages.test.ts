import { describe, expect, test } from 'vitest';
import { fieldsOf } from '@openvtm/protocol';
import { service } from '../../journey/samples.test-data.ts';
import { fieldsPerPage, formAtToText, pageOf, pagesOf, startOf } from './pages.ts';

const fields = fieldsOf(service().form);
const good = new Map([
  ['fullName', '王建国'],
  ['phone', '13800138000'],
]);

describe('pages', () => {
  test('show two fields, or one in large print and elder mode', () => {
    expect(pagesOf(fields, fieldsPerPage('normal')).map((page) => page.length)).toEqual([2, 1]);
    expect(pagesOf(fields, fieldsPerPage('large')).map((page) => page.length)).toEqual([1, 1, 1]);
    expect(pagesOf(fields, fieldsPerPage('elder')).map((page) => page.length)).toEqual([1, 1, 1]);
    expect(pagesOf([], 2)).toEqual([]);
  });

  test('are found by field, so that a change of print stays at the same question', () => {
    const where = { at: 'field', name: 'note' } as const;
    expect(pageOf(pagesOf(fields, 2), where)).toBe(1);
    expect(pageOf(pagesOf(fields, 1), where)).toBe(2);
    expect(pageOf(pagesOf(fields, 2), { at: 'review' })).toBe(2);
    expect(pageOf(pagesOf(fields, 2), { at: 'field', name: 'gone' })).toBe(0);
  });
});

describe('where a form begins', () => {
  test('at its first field when nothing is entered', () => {
    expect(startOf(fields, new Map(), null)).toEqual({ at: 'field', name: 'fullName' });
  });

  test('at the first field that still needs something', () => {
    expect(startOf(fields, new Map([['fullName', '王']]), null)).toEqual({ at: 'field', name: 'phone' });
    expect(startOf(fields, new Map([...good, ['phone', '123']]), null)).toEqual({ at: 'field', name: 'phone' });
  });

  test('at the review when all that is needed is there', () => {
    expect(startOf(fields, good, null)).toEqual({ at: 'review' });
    expect(startOf([], new Map(), null)).toEqual({ at: 'review' });
  });

  test('where the customer was before a reload', () => {
    expect(startOf(fields, good, 'note')).toEqual({ at: 'field', name: 'note' });
    expect(startOf(fields, good, formAtToText({ at: 'review' }))).toEqual({ at: 'review' });
  });

  test('not at a review that cannot be reached yet, nor at a field of another service', () => {
    expect(startOf(fields, new Map(), formAtToText({ at: 'review' }))).toEqual({ at: 'field', name: 'fullName' });
    expect(startOf(fields, new Map(), 'cardLast4')).toEqual({ at: 'field', name: 'fullName' });
  });
});
