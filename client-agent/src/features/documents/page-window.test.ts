import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rowsInSight } from './page-window.ts';

test('every row in sight is drawn, and of a thousand no more than those and a few', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1000 }), fc.integer({ min: 0, max: 90_000 }), (count, scrolled) => {
      const { first, end } = rowsInSight({ count, rowHeight: 90 }, { scrolled, height: 600 });
      expect(first).toBeGreaterThanOrEqual(0);
      expect(end).toBeLessThanOrEqual(count);
      expect(end - first).toBeLessThanOrEqual(8 + 2 * 3);
      const rows = Array.from({ length: count }, (_, row) => row);
      const inSight = rows.filter((row) => (row + 1) * 90 > scrolled && row * 90 < scrolled + 600);
      expect(inSight.filter((row) => row < first || row >= end)).toEqual([]);
    }),
  );
});
