/** Where a line, counted from 1, stands in a text; one beyond the end is the last. Pure. */
export function lineSpan(text: string, line: number): { line: number; from: number; to: number } {
  const lines = text.split('\n');
  const n = Math.min(Math.max(1, line), lines.length);
  const from = lines.slice(0, n - 1).reduce((sum, one) => sum + one.length + 1, 0);
  return { line: n, from, to: from + (lines[n - 1]?.length ?? 0) };
}

export const lineCount = (text: string): number => text.split('\n').length;
