import { ExplainingView, fitsSum, type Sheet } from '@openvtm/protocol';
import { ProtocolError, Refusal } from '../../kernel/errors.ts';
import { openSheet, stepSheet, type Calculator, type SheetStep } from './explaining-state.ts';
import type { Explained, Explaining, ExplainingNeeds, Viewer } from './index.ts';

/** ms between two tellings of one screen: more than ten a second nobody reads. */
const GAP_MS = 100;
/** Steps that a side may take at once, and those that it gets again each second: a screen sends ten. */
const BURST = 60;
const A_SECOND = 20;

type Told = { at: number; timer: NodeJS.Timeout | null };
type Budget = { left: number; at: number };

const keyOf = (viewer: Viewer) => ('kioskId' in viewer ? `kiosk:${viewer.kioskId}` : `staff:${viewer.staffId}`);
const calculatorOf = (sheet: Sheet | undefined): Calculator | null =>
  sheet?.blocks.find((block) => block.kind === 'calculator') ?? null;

/** See `Explaining` for each one's contract. */
export function createExplaining({ clock, sheets }: ExplainingNeeds): Explaining {
  const calls = new Map<string, Explained>();
  const told = new Map<string, Told>();
  const budgets = new Map<string, Budget>();
  const listeners = new Set<(viewer: Viewer) => void>();

  const find = (viewer: Viewer): Explained | null => {
    for (const one of calls.values())
      if ('kioskId' in viewer ? one.kioskId === viewer.kioskId : one.staffId === viewer.staffId) return one;
    return null;
  };
  const tell = (viewer: Viewer, state: Told) => {
    state.at = clock();
    state.timer = null;
    for (const listener of listeners) listener(viewer);
  };
  /** Now, or when the gap is over: the screen is told what is there then. */
  const changed = (viewer: Viewer) => {
    const key = keyOf(viewer);
    const state = told.get(key) ?? { at: -Infinity, timer: null };
    told.set(key, state);
    if (state.timer) return;
    const wait = state.at + GAP_MS - clock();
    if (wait <= 0) tell(viewer, state);
    else state.timer = setTimeout(() => tell(viewer, state), Math.min(wait, GAP_MS)).unref();
  };
  const forget = (viewer: Viewer) => {
    const key = keyOf(viewer);
    const state = told.get(key);
    if (state?.timer) clearTimeout(state.timer);
    told.delete(key);
    budgets.delete(key);
    for (const listener of listeners) listener(viewer);
  };
  const both = ({ kioskId, staffId }: Explained): Viewer[] => [{ kioskId }, { staffId }];

  const spend = (viewer: Viewer) => {
    const now = clock();
    const before = budgets.get(keyOf(viewer)) ?? { left: BURST, at: now };
    const left = Math.min(BURST, before.left + ((now - before.at) / 1_000) * A_SECOND) - 1;
    if (left < 0) throw new ProtocolError('too-fast', `at most ${A_SECOND} steps on a sheet a second`);
    budgets.set(keyOf(viewer), { left, at: now });
  };

  /** Refuses what the open sheet has not. */
  const check = ({ sheet }: Explained, step: SheetStep) => {
    const block = step.is === 'look' ? step.place?.block : step.is === 'set' ? null : step.block;
    if (block != null && block >= sheet.blocks)
      throw new Refusal('invalid-value', `the sheet has ${sheet.blocks} blocks, and no number ${block}`);
    if (step.is !== 'set') return;
    const calculator = calculatorOf(sheets.get(sheet.sheetId));
    if (!calculator) throw new Refusal('invalid-value', 'the sheet has no calculator');
    for (const name of ['amount', 'months', 'rate'] as const) {
      const { least, most, step: by } = calculator[name];
      if (!fitsSum(step.values[name], calculator[name]))
        throw new Refusal('invalid-value', `${name} goes from ${least} to ${most} in steps of ${by}`);
    }
  };

  const put = (one: Explained) => {
    calls.set(one.callId, one);
    for (const viewer of both(one)) changed(viewer);
  };

  return {
    sheets: () => [...sheets.values()],
    sheet(sheetId) {
      const sheet = sheets.get(sheetId);
      if (!sheet) throw new Refusal('not-found', `no sheet ${sheetId}`);
      return sheet;
    },
    opened({ callId, caseId, kioskId, staffId }, { sheetId, version, blocks }) {
      const calculator = calculatorOf(sheets.get(sheetId));
      const sheet = openSheet({ sheetId, version, blocks, calculator }, clock());
      put({ callId, caseId, kioskId, staffId, sheet });
    },
    heard(one) {
      if (!calls.has(one.callId)) put(one);
    },
    closed(callId) {
      const one = calls.get(callId);
      if (!one) return;
      calls.delete(callId);
      for (const viewer of both(one)) forget(viewer);
    },
    led(callId, staffId) {
      const one = calls.get(callId);
      if (!one || one.staffId === staffId) return;
      calls.set(callId, { ...one, staffId });
      forget({ staffId: one.staffId });
      changed({ staffId });
    },
    openOf: find,
    openIn: (callId) => calls.get(callId) ?? null,
    all: () => [...calls.values()],
    step(viewer, caseId, step) {
      const one = find(viewer);
      if (one?.caseId !== caseId) throw new Refusal('wrong-state', 'no sheet is open');
      spend(viewer);
      check(one, step);
      const by = 'kioskId' in viewer ? 'customer' : 'agent';
      const at = clock();
      put({ ...one, sheet: stepSheet(one.sheet, step, { by, now: at }) });
      return { callId: one.callId, sheetId: one.sheet.sheetId, by, at, step };
    },
    stepped({ callId, sheetId, by, at, step }) {
      const one = calls.get(callId);
      if (one?.sheet.sheetId === sheetId) put({ ...one, sheet: stepSheet(one.sheet, step, { by, now: at }) });
    },
    viewOf(viewer) {
      const one = find(viewer);
      return one && ExplainingView.parse(one.sheet);
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close() {
      for (const { timer } of told.values()) if (timer) clearTimeout(timer);
      told.clear();
      budgets.clear();
      calls.clear();
      listeners.clear();
    },
  };
}
