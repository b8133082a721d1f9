import { expect, test } from 'vitest';
import { fewServices } from './few.ts';

const some = (...marks: ('elder' | 'often' | '-')[]) =>
  marks.map((mark, id) => ({ id, elder: mark === 'elder', often: mark === 'often' }));
const ids = (services: { id: number }[]) => services.map(({ id }) => id);

test('the few are those named for the elder mode, else the most used, else the first, and never more than four', () => {
  expect(ids(fewServices(some('often', 'elder', '-', 'elder')))).toEqual([1, 3]);
  expect(ids(fewServices(some('-', 'often', '-', 'often')))).toEqual([1, 3]);
  expect(ids(fewServices(some('-', '-')))).toEqual([0, 1]);
  expect(ids(fewServices(some('elder', 'elder', 'elder', 'elder', 'elder')))).toEqual([0, 1, 2, 3]);
  expect(fewServices([])).toEqual([]);
});
