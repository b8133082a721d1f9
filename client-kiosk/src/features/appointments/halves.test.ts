import { expect, test } from 'vitest';
import { halves } from './halves.ts';

test('noon is by the clock of the branch', () => {
  const at = (iso: string) => Date.parse(iso);
  const slots = [at('2026-11-25T03:30:00Z'), at('2026-11-25T04:00:00Z')];
  expect(halves(slots, 'Asia/Shanghai')).toEqual({ morning: [slots[0]], afternoon: [slots[1]] });
  expect(halves(slots, 'Europe/Berlin').afternoon).toEqual([]);
});
