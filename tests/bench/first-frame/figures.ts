/** One measured figure as every bench prints it. `beside`: what it was measured beside; `ratio`: value / beside. */
export type Figure = {
  name: string;
  value: number;
  unit: string;
  beside: number | null;
  ratio: number | null;
  goal: string;
  holds: boolean;
};

/** The value below which the share `q` (0 to 1) of the samples lies, by nearest rank. */
export function quantile(samples: readonly number[], q: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  const value = sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(q * sorted.length) - 1))];
  if (value === undefined) throw new Error('no samples');
  return value;
}

export const median = (samples: readonly number[]): number => quantile(samples, 0.5);

/** Prints the figures as a table for people and, as the last line, as one JSON object for machines. */
export function printFigures(bench: string, figures: readonly Figure[]): void {
  const cell = (value: number | null) => (value === null ? '–' : String(Math.round(value * 100) / 100));
  const rows = figures.map((f) => [
    f.name,
    `${cell(f.value)} ${f.unit}`,
    cell(f.beside),
    cell(f.ratio),
    f.goal,
    f.holds ? 'yes' : 'NO',
  ]);
  const table = [['figure', 'value', 'beside', 'ratio', 'goal', 'holds'], ...rows];
  const widths = table[0]?.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0))) ?? [];
  for (const row of table)
    process.stdout.write(
      `${row
        .map((text, i) => text.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd()}\n`,
    );
  process.stdout.write(`${JSON.stringify({ bench, figures })}\n`);
}
