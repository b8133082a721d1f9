import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { aCase, caseId } from '../../journey/samples.test-data.ts';
import type { Kiosk } from '../../kiosk.ts';
import { createSaver, fieldState, maySend } from './saver.ts';

const running = aCase('form', { values: [{ name: 'fullName', value: '王建国' }] });
const [name, phone] = running.service.fields;

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
    const sent: { data: unknown; answer: (done: boolean) => void }[] = [];
    const tell = ((_name: string, data: unknown) =>
      new Promise<boolean>((resolve) => sent.push({ data, answer: resolve }))) as Kiosk['tell'];
    const store = { running, drafts: {} as Record<string, string> };
    return { store, sent, saver: createSaver({ store, tell }) };
  }
  const fill = (value: string) => ({ caseId, name: 'phone', value });

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
    expect(sent.map(({ data }) => data)).toEqual([fill('13800138000'), fill('13911112222')]);
  });

  test('flushing sends all that is right and says whether it went through', async () => {
    const { saver, sent, store } = aSaver();
    store.drafts = { fullName: '李', phone: '138' };
    const flushed = saver.flush();
    await vi.advanceTimersByTimeAsync(0);
    expect(sent.map(({ data }) => data)).toEqual([{ caseId, name: 'fullName', value: '李' }]);
    sent[0]!.answer(false);
    expect(await flushed).toBe(false);
  });
});
