import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createLog } from '../kernel/log.ts';
import { createLeaving } from './leaving.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const start = (isBack: () => Promise<boolean>) => {
  const gone: string[] = [];
  const leave = (peerId: string) => void gone.push(peerId);
  return { gone, leaving: createLeaving({ leave, isBack, log: createLog({ level: 'silent' }) }) };
};

test('who is not back after 90 s has left; who is back, here or in another process, has not', async () => {
  let back = false;
  const { gone, leaving } = start(async () => back);
  leaving.soon('kiosk:k');
  await vi.advanceTimersByTimeAsync(89_999);
  expect(gone).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(gone).toEqual(['kiosk:k']);
  back = true;
  leaving.soon('kiosk:k');
  await vi.advanceTimersByTimeAsync(180_000);
  expect(gone).toEqual(['kiosk:k']);
});

test('while the database is away nobody has left; they are looked for again', async () => {
  let away = true;
  const { gone, leaving } = start(() => (away ? Promise.reject(new Error('away')) : Promise.resolve(false)));
  leaving.soon('kiosk:k');
  await vi.advanceTimersByTimeAsync(90_000);
  expect(gone).toEqual([]);
  away = false;
  await vi.advanceTimersByTimeAsync(90_000);
  expect(gone).toEqual(['kiosk:k']);
  leaving.soon('kiosk:k');
  leaving.close();
  await vi.advanceTimersByTimeAsync(90_000);
  expect(gone).toHaveLength(1);
});
