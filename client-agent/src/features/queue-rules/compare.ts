import type { ReplayFigures, ReplayLine, ReplayReport, Text } from '@openvtm/protocol';

/** What is compared; `seconds` and `percent` say how it is written. */
export const MEASURES = [
  { name: 'meanWait', unit: 'seconds', better: 'less' },
  { name: 'p90Wait', unit: 'seconds', better: 'less' },
  { name: 'sl', unit: 'percent', better: 'more' },
  { name: 'sl2', unit: 'percent', better: 'more' },
  { name: 'abandonedShare', unit: 'percent', better: 'less' },
] as const;
export type Measure = (typeof MEASURES)[number];

export type Compared = { before: number | null; after: number | null; verdict: 'better' | 'worse' | 'same' };
export type ComparedRow = {
  id: string;
  /** null: all queues. */
  title: Text | null;
  came: { before: number; after: number };
  measures: Record<Measure['name'], Compared>;
};

/** One figure before and after; without one of them there is nothing to judge. Pure. */
export function compared(before: number | null, after: number | null, better: Measure['better'] | null): Compared {
  if (before === null || after === null || before === after || better === null)
    return { before, after, verdict: 'same' };
  return { before, after, verdict: after < before === (better === 'less') ? 'better' : 'worse' };
}

const measuresOf = (before: ReplayLine | undefined, after: ReplayLine | undefined) =>
  Object.fromEntries(
    MEASURES.map(({ name, better }) => [name, compared(before?.[name] ?? null, after?.[name] ?? null, better)]),
  ) as Record<Measure['name'], Compared>;

/** All queues, then each that anybody came to, before or after. Pure. */
export function rowsOf({ before, after }: Pick<ReplayReport, 'before' | 'after'>): ComparedRow[] {
  const of = (figures: ReplayFigures, id: string) => figures.queues.find((one) => one.id === id);
  const titles = new Map([...before.queues, ...after.queues].map(({ id, title }) => [id, title]));
  const queues = [...titles].map(([id, title]) => {
    const [old, fresh] = [of(before, id), of(after, id)];
    return { id, title, came: { before: old?.came ?? 0, after: fresh?.came ?? 0 }, measures: measuresOf(old, fresh) };
  });
  return [
    {
      id: '',
      title: null,
      came: { before: before.all.came, after: after.all.came },
      measures: measuresOf(before.all, after.all),
    },
    ...queues.filter(({ came }) => came.before > 0 || came.after > 0),
  ];
}

/** The half hours in which anybody came, and one more on each side: a night without customers is no picture. Pure. */
export function busyPart({ before, after }: Pick<ReplayReport, 'before' | 'after'>): { from: number; to: number } {
  const busy = before.curve.flatMap(({ came }, i) => (came > 0 || (after.curve[i]?.came ?? 0) > 0 ? [i] : []));
  return {
    from: Math.max(0, (busy[0] ?? 0) - 1),
    to: Math.min(before.curve.length, (busy.at(-1) ?? -1) + 2),
  };
}
