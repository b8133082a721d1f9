import type { RequestName } from '@openvtm/protocol';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { nextTick, reactive } from 'vue';
import { aCase, aSnapshot, caseId } from '../../journey/samples.test-data.ts';
import type { Screen } from '../../journey/screen.ts';
import type { Kiosk } from '../../kiosk.ts';
import type { KioskStore } from '../../store.ts';

const kept = new Map<string, string>();
type Store = Pick<KioskStore, 'screen' | 'running' | 'snapshot' | 'print' | 'line'>;
type Told = { name: RequestName; data: object };
let told: Told[];

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
  kept.clear();
  vi.stubGlobal('location', { pathname: '/kiosk/' });
  vi.stubGlobal('sessionStorage', {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => void kept.set(name, value),
    removeItem: (name: string) => void kept.delete(name),
  });
  told = [];
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** A kiosk's page as the trail sees it, at the screen of a case's form. */
async function aPage(start: Partial<{ at: Screen['at'] }> = {}) {
  const { createTrail } = await import('./trail.ts');
  const running = aCase('alone');
  const starting: Screen = { at: 'starting', lost: false };
  const nothing: Store = {
    screen: starting,
    print: 'normal',
    line: { at: 'live' },
    running: null,
    snapshot: null,
  };
  const store = reactive({
    ...nothing,
  });
  const tell: Kiosk['tell'] = async (name, data) => {
    told.push({ name, data });
    return true;
  };
  const trail = createTrail({ store, tell });
  const show = async (at: Screen['at'], page: string | null = null) => {
    store.screen = { ...starting, at } as Screen;
    trail.page(page);
    await nextTick();
  };
  store.snapshot = aSnapshot({ case: running });
  store.running = running;
  await show(start.at ?? 'form', 'fullName');
  return { store, trail, show };
}
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
const noticed = () => told.filter(({ name }) => name === 'help:notice').map(({ data }) => data);
const events = () =>
  told.filter(({ name }) => name === 'journey:tell').flatMap(({ data }) => ('events' in data ? data.events : []));

test('who stays long at a page is noticed once, and again only after as long', async () => {
  await aPage();
  await pass(74_000);
  expect(noticed()).toEqual([]);
  await pass(2_000);
  expect(noticed()).toEqual([{ why: 'slow' }]);
  await pass(60_000);
  expect(noticed()).toHaveLength(1);
});

test('a field that fails thrice is told by its name; leaving it by "Next" counts once', async () => {
  const { trail } = await aPage();
  for (let i = 0; i < 2; i += 1) {
    trail.tried('idNumber', 'not-an-id-number');
    trail.tried('idNumber', 'not-an-id-number');
    await pass(1_500);
  }
  expect(noticed()).toEqual([]);
  trail.tried('idNumber', 'not-an-id-number');
  await pass(1_500);
  expect(noticed()).toEqual([{ why: 'field-problems', field: 'idNumber' }]);
});

test('a reload goes on counting where it was; another customer begins anew', async () => {
  const first = await aPage();
  first.trail.back();
  first.trail.back();
  await pass(500);
  vi.clearAllTimers();
  const again = await aPage();
  again.trail.back();
  await pass(1_500);
  expect(noticed()).toEqual([{ why: 'back-and-forth' }]);

  told = [];
  again.trail.back();
  again.trail.back();
  again.store.running = null;
  await again.show('welcome');
  await again.show('services');
  again.trail.back();
  await pass(1_500);
  expect(noticed()).toEqual([]);
});

test('nothing is offered while help is open already', async () => {
  const { store } = await aPage();
  store.snapshot = aSnapshot({ help: { state: { at: 'called' } } as never });
  await pass(200_000);
  expect(noticed()).toEqual([]);
});

test('what was seen goes out in batches with the case, and at its end; never a value', async () => {
  const { store, trail, show } = await aPage();
  await pass(4_000);
  trail.tried('phone', 'not-a-phone');
  trail.back();
  await show('form', 'phone');
  expect(events()).toEqual([]);
  await pass(15_000);
  expect(told.find(({ name }) => name === 'journey:tell')?.data).toMatchObject({ caseId });
  expect(events()).toMatchObject([
    { is: 'problem', field: 'phone', problem: 'not-a-phone' },
    { is: 'visit', screen: 'form', page: 'fullName', ms: 4_000, back: true },
  ]);
  store.running = null;
  await show('thanks');
  expect(events()).toHaveLength(3);
});

test('a line that is away keeps the newest and drops the rest', async () => {
  const { store, show } = await aPage();
  store.line = { at: 'lost', since: 0 } as never;
  for (let i = 0; i < 300; i += 1) await show('form', `field${i}`);
  await pass(60_000);
  expect(events()).toEqual([]);
  store.line = { at: 'live' };
  await pass(1_500);
  expect(events()).toHaveLength(200);
  expect(events().at(-1)).toMatchObject({ page: 'field298' });
});
