import type { Language, Print } from '@openvtm/protocol';
import type { Page } from 'playwright-core';
import { by } from './browser.ts';

export type Size = { width: number; height: number };
const PORTRAIT: Size = { width: 1080, height: 1920 };
const LANDSCAPE: Size = { width: 1920, height: 1080 };
const PHONE: Size = { width: 390, height: 844 };
const SMALL_PHONE: Size = { width: 360, height: 640 };

export type Wear = { print: Print; language: Language };
export type Look = Wear & { size: Size };

/** Every mode in every language; each mode, and each language, in both sizes. */
const looksIn = (one: Size, other: Size): Look[] =>
  (['normal', 'large', 'elder'] as const).flatMap((print, i): Look[] => [
    { print, language: 'zh-CN', size: i % 2 === 0 ? one : other },
    { print, language: 'en', size: i % 2 === 0 ? other : one },
  ]);
export const KIOSK_LOOKS = looksIn(PORTRAIT, LANDSCAPE);
export const PHONE_LOOKS = looksIn(SMALL_PHONE, PHONE);

const wornOn = (page: Page) =>
  page.evaluate(() => ({ language: document.documentElement.lang, print: document.documentElement.dataset['print'] }));

/** A colour on its way to another is neither: what moves to an end has come to it. */
const settled = (page: Page) =>
  page.evaluate(async () => {
    const ending = document
      .getAnimations()
      .filter((one) => one.effect?.getComputedTiming().endTime !== Number.POSITIVE_INFINITY);
    await Promise.all(ending.map((one) => one.finished.catch(() => undefined)));
  });

/** Changes language and print by the switches that every screen has. */
export async function showAs(page: Page, { print, language }: Wear): Promise<void> {
  const now = await wornOn(page);
  if (now.language !== language) await by(page, 'language-switch').click();
  if (now.print !== print) {
    await by(page, 'print-switch').click();
    await by(page, `show-${print}`).click();
    await by(page, 'print-dialog').waitFor({ state: 'detached' });
  }
  await page.waitForFunction(
    (look) =>
      document.documentElement.lang === look.language && document.documentElement.dataset['print'] === look.print,
    { print, language },
  );
  await settled(page);
}

/** Looks at what is on the screen in every mode and language, and leaves it as it was. */
export async function inEveryLook(page: Page, looks: Look[], check: (name: string) => Promise<void>): Promise<void> {
  const before = (await wornOn(page)) as Wear;
  const size = page.viewportSize() ?? PORTRAIT;
  for (const { size: one, ...look } of looks) {
    await showAs(page, look);
    await page.setViewportSize(one);
    await settled(page);
    await check(`${look.print}, ${look.language}, ${one.width} × ${one.height}`);
  }
  await showAs(page, before);
  await page.setViewportSize(size);
}
