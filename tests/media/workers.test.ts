import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import { bareMedia } from './lab/bare-media.ts';
import { openBrowser, openPage } from './lab/browser.ts';
import { startLab, type Lab } from './lab/lab.ts';

const customer = 'kiosk:00000000-0000-4000-8000-000000000001';
const agent = 'staff:00000000-0000-4000-8000-000000000002';
const ROUNDS = 3;
let lab: Lab;
let browser: Browser;
let kiosk: Page;
let desk: Page;
const eventually = <T>(check: () => T | Promise<T>) => vi.waitFor(check, { timeout: 15_000, interval: 20 });
const frames = (page: Page) => page.evaluate(() => globalThis.lab.picture.camera);

beforeAll(async () => {
  [lab, browser] = await Promise.all([startLab({ workers: 2 }), openBrowser()]);
  [{ page: kiosk }, { page: desk }] = await Promise.all([openPage(browser, lab.url), openPage(browser, lab.url)]);
  await kiosk.evaluate((peerId) => globalThis.lab.join({ peerId }), customer);
  await desk.evaluate((peerId) => globalThis.lab.join({ peerId }), agent);
});
afterAll(async () => {
  await browser?.close();
  await lab?.close();
});

test('peers that landed on different workers meet on the agent’s when it rings', async () => {
  const { offerId } = lab.ring({ customer, agent });
  expect(lab.told).toContainEqual({ peerId: customer, name: 'media:lost', data: { reason: 'moved' } });
  await eventually(async () => expect(await desk.evaluate(() => globalThis.lab.picture.curtain)).toBeGreaterThan(5));
  await desk.evaluate((id) => globalThis.lab.accept(id), offerId);
  await eventually(async () => {
    expect(await frames(desk)).toBeGreaterThan(10);
    expect(await frames(kiosk)).toBeGreaterThan(10);
  });
});

/** Milliseconds from `harm` until both sides decode new camera frames that came over new consumers. */
async function pictureBackAfter(harm: () => void): Promise<number> {
  const before = await Promise.all(
    [kiosk, desk].map((page) => page.evaluate(() => globalThis.lab.session().remotes[0]?.camera?.id)),
  );
  const begun = performance.now();
  harm();
  await eventually(async () => {
    const now = await Promise.all(
      [kiosk, desk].map((page) => page.evaluate(() => globalThis.lab.session().remotes[0]?.camera?.id)),
    );
    now.forEach((id, i) => {
      expect(id).toBeDefined();
      expect(id).not.toBe(before[i]);
    });
  });
  const [kioskFrames, deskFrames] = [await frames(kiosk), await frames(desk)];
  await eventually(async () => {
    expect(await frames(kiosk)).toBeGreaterThan(kioskFrames);
    expect(await frames(desk)).toBeGreaterThan(deskFrames);
  });
  return performance.now() - begun;
}

/** Nothing but the two peers of the call is left on any worker. */
const settled = () =>
  eventually(async () =>
    expect(await lab.media.count()).toEqual({ workers: 2, transports: 4, producers: 4, consumers: 4 }),
  );

async function ticksOf(pid: number): Promise<number> {
  const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(' ');
  return Number(fields[13]) + Number(fields[14]);
}

/** Starting up costs as much as a call does in a while: the worker that forwards it is the one that goes on using time. */
async function busyWorker(): Promise<number> {
  const pids = lab.media.workerPids();
  const before = await Promise.all(pids.map(ticksOf));
  return eventually(async () => {
    const used = await Promise.all(
      pids.map(async (pid, i) => ({ pid, ticks: (await ticksOf(pid)) - (before[i] ?? 0) })),
    );
    const [busiest, other] = used.toSorted((one, two) => two.ticks - one.ticks);
    if (!busiest || busiest.ticks - (other?.ticks ?? 0) < 5) throw new Error('both workers use as little time');
    return busiest.pid;
  });
}

test(`a worker that is killed: the picture is back within 3 s, ${ROUNDS} times`, async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const pids = lab.media.workerPids();
    // Both, so that it does not matter where the peers went the last time.
    const ms = await pictureBackAfter(() => pids.forEach((pid) => process.kill(pid, 'SIGKILL')));
    expect(ms).toBeLessThan(3_000);
    await settled();
  }
});

test('one worker of two is killed: the call goes on over the other', async () => {
  const pid = await busyWorker();
  expect(await pictureBackAfter(() => process.kill(pid, 'SIGKILL'))).toBeLessThan(3_000);
  await settled();
});

test('a worker that hangs is found and replaced: the picture is back within 8 s', async () => {
  const pids = lab.media.workerPids();
  const ms = await pictureBackAfter(() => pids.forEach((pid) => process.kill(pid, 'SIGSTOP')));
  expect(ms).toBeLessThan(8_000);
  await settled();
  for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow('ESRCH');
});

test('the module takes no signal for itself, and closing ends a hanging worker too', async () => {
  const listeners = () => (['SIGINT', 'SIGTERM'] as const).map((signal) => process.listenerCount(signal));
  const before = listeners();
  const { media } = await bareMedia({ workers: 2 });
  expect(listeners()).toEqual(before);
  const pids = media.workerPids();
  expect(pids).toHaveLength(2);
  process.kill(pids[0] ?? 0, 'SIGSTOP');
  await Promise.all([media.close(), media.close()]);
  for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow('ESRCH');
});

test('a port that is taken is named in plain words', async () => {
  const taken = bareMedia({ basePort: lab.mediaPort });
  await expect(taken).rejects.toThrow(`127.0.0.1:${lab.mediaPort} (UDP and TCP)`);
});
