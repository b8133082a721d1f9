import type { Browser, Page } from 'playwright-core';
import { expect, vi } from 'vitest';
import { openPage } from './browser.ts';
import type { Lab } from './lab.ts';

export const customer = 'kiosk:00000000-0000-4000-8000-000000000001';
export const agent = 'staff:00000000-0000-4000-8000-000000000002';
export const eventually = <T>(check: () => T | Promise<T>, timeout = 20_000) =>
  vi.waitFor(check, { timeout, interval: 50 });

/** The pages of the two in a call, or who wait for one. */
export type Pair = { lab: Lab; kiosk: Page; desk: Page };
export type Stage = Pair & { callId: string };

/** Both have joined media through whatever listens at `announced` and `lineUrl`, and wait. */
export async function joinBoth(
  browser: Browser,
  { lab, lineUrl = lab.url }: { lab: Lab; lineUrl?: string },
): Promise<Pair> {
  const [{ page: kiosk }, { page: desk }] = await Promise.all([openPage(browser, lab.url), openPage(browser, lab.url)]);
  for (const [page, peerId] of [
    [kiosk, customer],
    [desk, agent],
  ] as const) {
    await page.evaluate((options) => globalThis.lab.join(options), { peerId, url: lineUrl });
  }
  return { lab, kiosk, desk };
}

/** It rings, and is accepted as soon as something of the kiosk comes: both see each other. */
export async function talk({ lab, kiosk, desk }: Pair): Promise<Stage> {
  const { offerId, callId } = lab.ring({ customer, agent });
  await eventually(async () => expect(await desk.evaluate(() => globalThis.lab.picture.curtain)).toBeGreaterThan(5));
  await desk.evaluate((id) => globalThis.lab.accept(id), offerId);
  await eventually(async () => {
    for (const page of [kiosk, desk])
      expect(await page.evaluate(() => globalThis.lab.picture.camera)).toBeGreaterThan(10);
  });
  return { lab, kiosk, desk, callId };
}

/** A running call. */
export const startCall = async (browser: Browser, over: { lab: Lab; lineUrl?: string }): Promise<Stage> =>
  talk(await joinBoth(browser, over));

/** Milliseconds from now until both sides have decoded five more camera frames each. */
export async function pictureBack({ kiosk, desk }: Pair): Promise<number> {
  const begun = performance.now();
  for (const page of [kiosk, desk]) await page.evaluate(() => globalThis.lab.picture.forget());
  await eventually(async () => {
    for (const page of [kiosk, desk])
      expect(await page.evaluate(() => globalThis.lab.picture.camera)).toBeGreaterThan(5);
  });
  return performance.now() - begun;
}
