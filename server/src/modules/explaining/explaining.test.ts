import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { openSheet, stepSheet } from './explaining-state.ts';
import { openExplaining, type Viewer } from './index.ts';
import { readSheets } from './sheets.ts';

const call = { callId: 'call', caseId: 'case', kioskId: 'k', staffId: 's' };
const kiosk = { kioskId: 'k' };
const desk = { staffId: 's' };
const fees = { sheetId: 'account-fees', version: '2026-11', blocks: 11 };

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

async function opened(sheet = fees) {
  const explaining = await openExplaining({ clock: Date.now, own: null });
  const told: Viewer[] = [];
  explaining.onChange((viewer) => told.push(viewer));
  explaining.opened(call, sheet);
  return { explaining, told };
}

describe('a sheet that is open', () => {
  const sheet = openSheet({ ...fees, calculator: null }, 1_000);

  test('is where it was scrolled to last; what comes late takes no newer place', () => {
    const agent = stepSheet(sheet, { is: 'look', place: { block: 5, share: 0 }, seen: 0 }, { by: 'agent', now: 3_000 });
    const late = stepSheet(
      agent,
      { is: 'look', place: { block: 1, share: 0 }, seen: 40 },
      { by: 'customer', now: 2_000 },
    );
    expect(late).toMatchObject({ place: { block: 5, by: 'agent' }, seen: 40, seenAt: 2_000 });
  });

  test('counts what the customer saw, and never what the agent did, or less', () => {
    const look = (seen: number) => ({ is: 'look' as const, place: null, seen });
    const seen = stepSheet(sheet, look(60), { by: 'customer', now: 2_000 });
    expect(stepSheet(seen, look(20), { by: 'customer', now: 3_000 })).toMatchObject({ seen: 60, seenAt: 2_000 });
    expect(stepSheet(seen, look(100), { by: 'agent', now: 3_000 })).toMatchObject({ seen: 60, place: null });
  });

  test('a question is answered by a mark, and stays when a mark is taken back', () => {
    const at = { by: 'agent' as const, now: 2_000 };
    const asked = stepSheet(sheet, { is: 'point', block: 3 }, { by: 'customer', now: 1_500 });
    expect(stepSheet(asked, { is: 'mark', block: 3 }, at)).toMatchObject({ marked: 3, here: null });
    expect(stepSheet(asked, { is: 'mark', block: null }, at)).toMatchObject({ marked: null, here: 3 });
  });
});

test('both screens are told at most ten times a second, and in the end of the last', async () => {
  const { explaining, told } = await opened();
  for (let share = 0; share < 50; share += 1) {
    explaining.step(kiosk, 'case', { is: 'look', place: { block: 2, share }, seen: 0 });
    vi.advanceTimersByTime(10);
  }
  vi.advanceTimersByTime(100);
  const ofDesk = told.filter((viewer) => 'staffId' in viewer);
  expect(ofDesk.length).toBeGreaterThan(4);
  expect(ofDesk.length).toBeLessThanOrEqual(8);
  expect(explaining.viewOf(desk)?.place).toEqual({ block: 2, share: 49, by: 'customer' });
  explaining.close();
  explaining.close();
  expect(vi.getTimerCount()).toBe(0);
});

test('a storm is refused after the first sixty steps, and taken again with time', async () => {
  const { explaining } = await opened();
  const step = () => explaining.step(kiosk, 'case', { is: 'point', block: 1 });
  for (let i = 0; i < 60; i += 1) step();
  expect(step).toThrow(expect.objectContaining({ code: 'too-fast' }));
  explaining.step(desk, 'case', { is: 'mark', block: 1 });
  vi.advanceTimersByTime(100);
  step();
  step();
  expect(step).toThrow(expect.objectContaining({ code: 'too-fast' }));
});

test('another process does what is told; another sheet and another call stay as they are', async () => {
  const { explaining } = await opened();
  const { explaining: other } = await opened();
  other.stepped(explaining.step(desk, 'case', { is: 'mark', block: 4 }));
  expect(other.viewOf(kiosk)?.marked).toBe(4);
  const told = {
    callId: 'call',
    sheetId: 'time-deposit',
    by: 'agent' as const,
    at: Date.now(),
    step: { is: 'mark' as const, block: 1 },
  };
  other.stepped(told);
  other.stepped({ ...told, callId: 'another', sheetId: fees.sheetId });
  expect(other.viewOf(kiosk)?.marked).toBe(4);
  const { explaining: late } = await opened();
  late.closed('call');
  for (const one of explaining.all()) late.heard(one);
  expect(late.viewOf(desk)?.marked).toBe(4);
});

test('with the lead the sheet goes to another desk, and with the call from both', async () => {
  const { explaining, told } = await opened();
  vi.advanceTimersByTime(200);
  told.splice(0);
  explaining.led('call', 'other');
  expect(explaining.viewOf(desk)).toBeNull();
  expect(explaining.viewOf({ staffId: 'other' })).not.toBeNull();
  expect(() => explaining.step(desk, 'case', { is: 'mark', block: 1 })).toThrow(
    expect.objectContaining({ code: 'wrong-state' }),
  );
  explaining.closed('call');
  explaining.closed('call');
  expect(explaining.viewOf(kiosk)).toBeNull();
  expect(told.slice(-2)).toEqual([kiosk, { staffId: 'other' }]);
});

describe('the files of sheets', () => {
  const text = { 'zh-CN': '字', en: 'words' };
  const right = { id: 'ours', order: 1, version: '1', title: text, lead: text, blocks: [{ kind: 'text', text }] };
  const range = { least: 0, most: 100, step: 10, start: 50 };
  const sum = { kind: 'calculator', sum: 'loan-instalment', amount: range, months: range, rate: range };
  const folder = async (files: Record<string, unknown>) => {
    const path = await mkdtemp(join(tmpdir(), 'sheets-'));
    for (const [name, content] of Object.entries(files))
      await writeFile(join(path, name), typeof content === 'string' ? content : JSON.stringify(content, null, 2));
    return pathToFileURL(`${path}/`);
  };

  test('stand beside the shipped ones, in their order, or in the place of one', async () => {
    const fees = { ...right, id: 'account-fees', version: 'own', order: 5 };
    const sheets = [...(await readSheets(await folder({ 'ours.json': right, 'account-fees.json': fees }))).values()];
    expect(sheets.map(({ id }) => id).slice(0, 3)).toEqual(['ours', 'account-fees', 'card-loss-report']);
    expect(sheets[1]?.version).toBe('own');
  });

  test.for<[what: string, sheet: unknown, said: RegExp]>([
    ['no JSON', '{ "id": ', /line \d+: not JSON/],
    ['an unknown key', { ...right, colour: 'red' }, /line \d+.*unknown key colour/],
    ['a missing translation', { ...right, title: { en: 'x' } }, /line \d+, title\.zh-CN/],
    ['an unknown block', { ...right, blocks: [{ kind: 'film' }] }, /line \d+, blocks\.0\.kind/],
    ['no block', { ...right, blocks: [] }, /line \d+, blocks/],
    ['the name of another', { ...right, id: 'theirs' }, /must be named theirs\.json/],
    ['the name of a paper', { ...right, id: 'paper:form' }, /kept for the papers/],
    ['two calculators', { ...right, blocks: [sum, sum] }, /blocks: more than one calculator/],
    [
      'a start beside the steps',
      { ...right, blocks: [{ ...sum, amount: { ...range, start: 55 } }] },
      /blocks\.0\.amount: start/,
    ],
    [
      'no whole number of steps',
      { ...right, blocks: [{ ...sum, rate: { ...range, step: 30 } }] },
      /blocks\.0\.rate: most is no/,
    ],
    ['a range of nothing', { ...right, blocks: [{ ...sum, months: { ...range, most: 0 } }] }, /blocks\.0\.months/],
  ])('%s stops the start with file, line and field', async ([, sheet, said]) => {
    const words = await readSheets(await folder({ 'ours.json': sheet })).then(
      () => 'taken',
      (error: Error) => error.message,
    );
    expect(words).toMatch(said);
    expect(words).toContain('sheet file ours.json');
  });
});
