import { fieldsOf, type ErrorCode, type KioskCase } from '@openvtm/protocol';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { aCase, caseId } from '../../journey/samples.test-data.ts';
import type { Kiosk } from '../../kiosk.ts';
import type { KioskStore } from '../../store.ts';
import { createSaver, fieldState, maySend } from './saver.ts';

const running = aCase('alone', {
  values: [{ name: 'fullName', value: '王建国', origin: 'customer', revision: 1, changed: null }],
});
type Needed = Pick<KioskStore, 'drafts' | 'readings' | 'conflicts' | 'refused' | 'failure'> & { running: KioskCase };
const [name, phone] = fieldsOf(running.service.form);

describe('a field', () => {
  test('shows what was typed last, else what the server has', () => {
    expect(fieldState(name!, running, {})).toEqual({ raw: '王建国', value: '王建国', problem: null, saved: true });
    expect(fieldState(name!, running, { fullName: '王' })).toMatchObject({ raw: '王', saved: false });
    expect(fieldState(phone!, running, {})).toMatchObject({ raw: '', problem: 'missing', saved: true });
  });

  test('is saved in its tidy form, and stays on screen as typed', () => {
    expect(fieldState(phone!, running, { phone: '138 0013 8000' })).toMatchObject({
      raw: '138 0013 8000',
      value: '13800138000',
    });
  });

  test('is sent when it is right or emptied, and never when it is wrong or known', () => {
    const may = (drafts: Record<string, string>) =>
      maySend(fieldState(drafts['phone'] === undefined ? name! : phone!, running, drafts));
    expect(may({ phone: '13800138000' })).toBe(true);
    expect(may({ phone: '138' })).toBe(false);
    expect(may({ fullName: '' })).toBe(true);
    expect(may({ fullName: '王建国 ' })).toBe(false);
    expect(may({ phone: '' })).toBe(false);
  });
});

describe('saving', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function aSaver() {
    const sent: { data: unknown; answer: (done: boolean | ErrorCode) => void }[] = [];
    let revision = 10;
    const attempt = ((_name: string, data: unknown) =>
      new Promise<unknown>((resolve) =>
        sent.push({
          data,
          answer: (done) => {
            revision += 1;
            const code = typeof done === 'string' ? done : 'timeout';
            resolve(done === true ? { ok: true, data: { revision } } : { ok: false, failure: { code, ref: 'r1' } });
          },
        }),
      )) as Kiosk['attempt'];
    const store: Needed = {
      running,
      drafts: {},
      readings: {},
      conflicts: new Set(),
      refused: {},
      failure: null,
    };
    return { store, sent, saver: createSaver({ store, attempt }) };
  }
  const fill = (value: string, seen = 0) => ({ caseId, name: 'phone', value, seen });

  test('waits for a pause in typing', async () => {
    const { saver, sent } = aSaver();
    saver.typed(phone!, '1380013800');
    await vi.advanceTimersByTimeAsync(600);
    saver.typed(phone!, '13800138000');
    await vi.advanceTimersByTimeAsync(600);
    expect(sent).toEqual([]);
    await vi.advanceTimersByTimeAsync(200);
    expect(sent.map(({ data }) => data)).toEqual([fill('13800138000')]);
  });

  test('happens at once when the field is left, and once only', async () => {
    const { saver, sent } = aSaver();
    saver.typed(phone!, '13800138000');
    saver.left(phone!);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(sent).toHaveLength(1);
  });

  test('keeps the order: a newer value goes out after the older was answered', async () => {
    const { saver, sent } = aSaver();
    saver.typed(phone!, '13800138000');
    saver.left(phone!);
    saver.typed(phone!, '13911112222');
    saver.left(phone!);
    await vi.advanceTimersByTimeAsync(0);
    expect(sent).toHaveLength(1);
    sent[0]!.answer(true);
    await vi.advanceTimersByTimeAsync(0);
    expect(sent.map(({ data }) => data)).toEqual([fill('13800138000'), fill('13911112222', 11)]);
  });

  test('flushing sends all that is right and says whether it went through', async () => {
    const { saver, sent, store } = aSaver();
    store.drafts = { fullName: '李', phone: '138' };
    const flushed = saver.flush();
    await vi.advanceTimersByTimeAsync(0);
    expect(sent.map(({ data }) => data)).toEqual([{ caseId, name: 'fullName', value: '李', seen: 1 }]);
    sent[0]!.answer(false);
    expect(await flushed).toBe(false);
  });

  test('is silent while the customer types, and says what is refused when the customer goes on', async () => {
    const { saver, sent, store } = aSaver();
    saver.typed(phone!, '13800138000');
    saver.left(phone!);
    await vi.advanceTimersByTimeAsync(0);
    sent[0]!.answer(false);
    await vi.advanceTimersByTimeAsync(0);
    expect(store.failure).toBeNull();
    void saver.flush();
    await vi.advanceTimersByTimeAsync(0);
    sent[1]!.answer(false);
    await vi.advanceTimersByTimeAsync(0);
    expect(sent.map(({ data }) => data)).toEqual([fill('13800138000'), fill('13800138000')]);
    expect(store.failure).toEqual({ code: 'timeout', ref: 'r1' });
  });

  test('what the server refuses is said at the field, until something else stands there', async () => {
    const { saver, sent, store } = aSaver();
    saver.typed(phone!, '13800138000');
    saver.left(phone!);
    await vi.advanceTimersByTimeAsync(0);
    sent[0]!.answer('invalid-value');
    await vi.advanceTimersByTimeAsync(0);
    const problem = () => fieldState(phone!, running, store.drafts, store.refused).problem;
    expect(problem()).toBe('not-taken');
    saver.typed(phone!, '13911112222');
    expect(problem()).toBeNull();
  });

  test('tells what a reader read from what was typed, also when both are the same', async () => {
    const { saver, sent, store } = aSaver();
    saver.read(phone!, '13800138000');
    await vi.advanceTimersByTimeAsync(0);
    // Kept already, as the customer's: the card says the same, and is the better witness.
    saver.read(name!, '王建国');
    await vi.advanceTimersByTimeAsync(0);
    expect(sent.map(({ data }) => data)).toEqual([
      { ...fill('13800138000'), origin: 'reader' },
      { caseId, name: 'fullName', value: '王建国', seen: 1, origin: 'reader' },
    ]);
    sent[0]!.answer(true);
    await vi.advanceTimersByTimeAsync(0);
    saver.typed(phone!, '13900139000');
    saver.left(phone!);
    await vi.advanceTimersByTimeAsync(0);
    expect(sent.at(-1)!.data).toEqual(fill('13900139000', 11));
    expect(store.drafts['phone']).toBe('13900139000');
  });

  test('what the server does not take as read goes on as typed, or the customer could not', async () => {
    const { saver, sent } = aSaver();
    saver.read(phone!, '13800138000');
    sent[0]!.answer(false);
    await vi.advanceTimersByTimeAsync(0);
    const first = saver.flush();
    await vi.advanceTimersByTimeAsync(0);
    sent[1]!.answer(false);
    expect(await first).toBe(false);
    void saver.flush();
    await vi.advanceTimersByTimeAsync(0);
    expect(sent.slice(1).map(({ data }) => data)).toEqual([
      { ...fill('13800138000'), origin: 'reader' },
      fill('13800138000'),
    ]);
  });
});

describe('while a teller changes values too', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  /** The case as it comes from the server, with the teller's change of the name, or without. */
  const withName = (value: string, revision: number, before: string | null = null) =>
    aCase('serving', {
      values: [
        {
          name: 'fullName',
          value,
          revision,
          origin: before === null ? 'customer' : 'agent',
          changed: before === null ? null : { before },
        },
      ],
    });

  async function typing(typed: string, { saved }: { saved: boolean }) {
    const sent: unknown[] = [];
    const store: Needed = {
      running: withName('王建国', 1),
      drafts: {},
      readings: {},
      conflicts: new Set(),
      refused: {},
      failure: null,
    };
    const attempt = (async (_name: string, data: unknown) => {
      sent.push(data);
      return { ok: true, data: { revision: 2 } };
    }) as unknown as Kiosk['attempt'];
    const saver = createSaver({ store, attempt });
    saver.typed(name!, typed);
    if (saved) {
      saver.left(name!);
      await vi.advanceTimersByTimeAsync(0);
      store.running = withName(typed, 2);
      saver.caseChanged();
    }
    const news = async (running: KioskCase) => {
      store.running = running;
      saver.caseChanged();
      await vi.advanceTimersByTimeAsync(1_000);
    };
    return { saver, store, sent, news };
  }

  test('what was saved before gives way to the newer value', async () => {
    const { store, sent, news } = await typing('王建军', { saved: true });
    await news(withName('王见军', 3, '王建军'));
    expect(store.drafts).toEqual({});
    expect(store.conflicts.size).toBe(0);
    expect(sent).toHaveLength(1);
  });

  test('what is not saved stands against it, is not sent by itself, and goes or stays as the customer says', async () => {
    const { saver, store, sent, news } = await typing('王建军', { saved: false });
    await news(withName('王见国', 3, '王建国'));
    expect(store.conflicts.has('fullName')).toBe(true);
    expect(sent).toEqual([]);
    expect(await saver.flush()).toBe(false);
    saver.keepMine(name!);
    await vi.advanceTimersByTimeAsync(0);
    expect(sent).toEqual([{ caseId, name: 'fullName', value: '王建军', seen: 3 }]);
    expect(store.conflicts.size).toBe(0);

    const other = await typing('王建军', { saved: false });
    await other.news(withName('王见国', 3, '王建国'));
    other.saver.takeTheirs(name!);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(other.sent).toEqual([]);
    expect(other.store.drafts).toEqual({});
    expect(other.store.conflicts.size).toBe(0);
  });

  test('the same from both is no quarrel, and a change that was taken back ends one', async () => {
    const same = await typing('王建军', { saved: false });
    await same.news(withName('王建军', 3, '王建国'));
    expect(same.store.conflicts.size).toBe(0);

    const { store, sent, news } = await typing('王建军', { saved: false });
    await news(withName('王见国', 3, '王建国'));
    await news(withName('王建国', 4));
    expect(store.conflicts.size).toBe(0);
    expect(sent).toEqual([{ caseId, name: 'fullName', value: '王建军', seen: 4 }]);
  });
});
