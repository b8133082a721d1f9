import type { ExplainingView, Sheet } from '@openvtm/protocol';
import type { Clock } from '../../kernel/clock.ts';
import type { By, OpenSheet, SheetStep } from './explaining-state.ts';
import { createExplaining } from './explaining.ts';
import { readSheets } from './sheets.ts';

export type { By, OpenSheet, SheetStep } from './explaining-state.ts';

/** One of the two who look at a sheet together. */
export type Viewer = { kioskId: string } | { staffId: string };
export type ExplainedCall = { callId: string; caseId: string; kioskId: string; staffId: string };
/** A call with the sheet that is open in it. */
export type Explained = ExplainedCall & { sheet: OpenSheet };

/** The bank's sheets, and what customer and agent do with the one that is open in their call: in memory alone. */
export type Explaining = {
  /** The bank's sheets, in their order. */
  sheets(): Sheet[];
  /** `not-found` where no file has this id. */
  sheet(sheetId: string): Sheet;
  /** A sheet is open in the call, in the place of any other. */
  opened(call: ExplainedCall, sheet: { sheetId: string; version: string; blocks: number }): void;
  /** What another process has open in a call; nothing where this one knows it. */
  heard(one: Explained): void;
  /** None is open in the call any more. The same again: nothing. */
  closed(callId: string): void;
  /** Another agent leads the call: the sheet goes to that desk. */
  led(callId: string, staffId: string): void;
  /** What is open on a side's screen. */
  openOf(viewer: Viewer): Explained | null;
  openIn(callId: string): Explained | null;
  all(): Explained[];
  /**
   * One side does something with the sheet, now. `wrong-state`: none is open in a call about this case. `invalid-value`:
   * the sheet has no such place or value. `too-fast`: more than 20 a second, after the first 60.
   */
  step(viewer: Viewer, caseId: string, step: SheetStep): Told;
  /** What another process tells that a side did there. */
  stepped(told: Told): void;
  /** What a side's screen shows; null: nothing. */
  viewOf(viewer: Viewer): ExplainingView | null;
  /** Told when a side's screen has something new to show, at most ten times a second each. Returns what stops it. */
  onChange(listener: (viewer: Viewer) => void): () => void;
  /** Leaves no timer. May be called twice. */
  close(): void;
};
/** A step as the other processes are told of it. */
export type Told = { callId: string; sheetId: string; by: By; at: number; step: SheetStep };

export type ExplainingNeeds = { clock: Clock; sheets: ReadonlyMap<string, Sheet> };

/** `own`: the bank's own folder of sheets. A broken file there stops the start, see `readSheets`. */
export const openExplaining = async ({ clock, own }: { clock: Clock; own: URL | null }): Promise<Explaining> =>
  createExplaining({ clock, sheets: await readSheets(own) });
