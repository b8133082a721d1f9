import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Language, Print } from '@openvtm/protocol';
import type { Page } from 'playwright-core';
import type { Agent } from './agent.ts';
import { by } from './browser.ts';

const FOLDER = fileURLToPath(new URL('../../../docs/screenshots/', import.meta.url));
export type Look = { language: Language; print: Print };
export const LOOKS = (['normal', 'large', 'elder'] as const).flatMap((print): Look[] => [
  { language: 'zh-CN', print },
  { language: 'en', print },
]);

mkdirSync(FOLDER, { recursive: true });

export const shoot = async (page: Page, name: string, { language, print }: Look) => {
  // Fonts and pictures are there, and what moves in has moved in.
  await page.evaluate(async () => {
    await document.fonts.ready;
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  });
  await page.waitForTimeout(400);
  await page.screenshot({
    path: `${FOLDER}${name}.${language}${print === 'normal' ? '' : `.${print}`}.jpg`,
    type: 'jpeg',
    quality: 72,
  });
};

/** The desk takes its language and print from its own switches; it has no elder mode. */
export async function presentDesk({ page }: Agent, { language, print }: Look): Promise<void> {
  await by(page, `language-${language}`).click();
  const isLarge = (await page.locator('html').getAttribute('data-print')) === 'large';
  if (isLarge !== (print === 'large')) await by(page, 'print-switch').click();
}

/** Of a desk, which an elder customer does not change. */
export const shootDesk = async (page: Page, name: string, look: Look) => {
  if (look.print !== 'elder') await shoot(page, name, look);
};
