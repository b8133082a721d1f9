import type { ExplainingView, SheetBlock, SheetPlace, SumValues } from '@openvtm/protocol';

/** Who of the two did something with the sheet. */
export type By = 'customer' | 'agent';

/** One thing that one side does with the sheet; told to the other processes as it is. */
export type SheetStep =
  | { is: 'look'; place: SheetPlace | null; seen: number }
  | { is: 'mark'; block: number | null }
  | { is: 'point'; block: number | null }
  | { is: 'set'; values: SumValues };

/** A sheet that is open in a call. `placedAt`: when it was scrolled last (ms). `seenAt`: when the customer saw more of it. */
export type OpenSheet = Omit<ExplainingView, 'place'> & {
  blocks: number;
  place: ExplainingView['place'];
  placedAt: number;
  seenAt: number | null;
};

/** A sheet as it is opened: its calculator stands where its ranges begin. */
export function openSheet(
  sheet: { sheetId: string; version: string; blocks: number; calculator: Calculator | null },
  now: number,
): OpenSheet {
  const { calculator, ...known } = sheet;
  return {
    ...known,
    openedAt: now,
    place: null,
    placedAt: 0,
    marked: null,
    here: null,
    values: calculator && {
      amount: calculator.amount.start,
      months: calculator.months.start,
      rate: calculator.rate.start,
    },
    seen: 0,
    seenAt: null,
  };
}
export type Calculator = Extract<SheetBlock, { kind: 'calculator' }>;

/** The sheet after a step. What comes late, from another process, takes no newer place's place. Pure. */
export function stepSheet(open: OpenSheet, step: SheetStep, { by, now }: { by: By; now: number }): OpenSheet {
  switch (step.is) {
    case 'look': {
      const more = by === 'customer' && step.seen > open.seen;
      const seen = more ? { seen: step.seen, seenAt: now } : {};
      const placed = step.place && now >= open.placedAt ? { place: { ...step.place, by }, placedAt: now } : {};
      return { ...open, ...seen, ...placed };
    }
    case 'mark':
      // Who answers a "here" by a mark has seen it.
      return { ...open, marked: step.block, here: step.block === null ? open.here : null };
    case 'point':
      return { ...open, here: step.block };
    case 'set':
      return { ...open, values: step.values };
    default:
      return step satisfies never;
  }
}
