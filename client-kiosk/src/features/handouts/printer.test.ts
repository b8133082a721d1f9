import { expect, test } from 'vitest';
import { simulatedPrinter } from './printer.ts';

const pdf = new TextEncoder().encode('%PDF-1.7 …');

test('the simulated printer prints, runs out of paper and jams as it is told, and prints again after', async () => {
  const printer = simulatedPrinter(0);
  expect(await printer.print([pdf, pdf])).toBe('printed');
  printer.next.value = 'no-paper';
  expect(await printer.print([pdf])).toBe('no-paper');
  printer.next.value = 'jam';
  expect(await printer.print([pdf])).toBe('jam');
  printer.next.value = 'usual';
  expect(await printer.print([pdf])).toBe('printed');
  await expect(printer.print([new Uint8Array([1, 2, 3])])).rejects.toThrow('no PDF');
});
