import { join } from 'node:path';
import lighthouse, { desktopConfig } from 'lighthouse';
import { chromium, type Page } from 'playwright-core';
import puppeteer from 'puppeteer-core';
import { BROWSER_ARGS, by } from '../../e2e/lab/browser.ts';
import { freePorts } from '../../ports.ts';

export type Score = { screen: string; accessibility: number; performance: number };

/** Each screen is reached by hand and then loaded anew: a reload comes back to the same screen. */
const WAYS: [screen: string, go: (page: Page) => Promise<void>][] = [
  ['welcome', async () => undefined],
  [
    'services',
    async (page) => {
      await by(page, 'language-en').click();
      await by(page, 'start').click();
      await by(page, 'service-replace-lost-card').waitFor();
    },
  ],
  [
    'consent',
    async (page) => {
      await by(page, 'service-replace-lost-card').click();
      await by(page, 'consent-agree').waitFor();
    },
  ],
  [
    'form',
    async (page) => {
      await by(page, 'consent-agree').click();
      await by(page, 'form-next').waitFor();
    },
  ],
];

/** Lighthouse's own scores, 0 to 100, of the kiosk's main screens in Debian's Chromium, by its desktop settings. */
export async function scoreScreens(url: string, folder: string): Promise<Score[]> {
  const port = await freePorts();
  const context = await chromium.launchPersistentContext(join(folder, 'profile'), {
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    headless: true,
    args: [...BROWSER_ARGS, `--remote-debugging-port=${port}`],
  });
  const scores: Score[] = [];
  const page = context.pages()[0] ?? (await context.newPage());
  await page.goto(`${url}/kiosk/#enrol=DEMO-KIOSK-1`);
  await by(page, 'start').waitFor();
  // Lighthouse loads the screen in the same tab, which knows where its customer stood.
  const debugging = await puppeteer.connect({ browserURL: `http://127.0.0.1:${port}`, defaultViewport: null });
  try {
    for (const [screen, go] of WAYS) {
      await go(page);
      const tab = (await debugging.pages()).find((one) => one.url().startsWith(`${url}/kiosk/`));
      if (!tab) throw new Error('the kiosk has no tab');
      const result = await lighthouse(
        `${url}/kiosk/`,
        { port, onlyCategories: ['accessibility', 'performance'], disableStorageReset: true, logLevel: 'error' },
        desktopConfig,
        tab,
      );
      const of = (name: string) => Math.round((result?.lhr.categories[name]?.score ?? 0) * 100);
      scores.push({ screen, accessibility: of('accessibility'), performance: of('performance') });
    }
  } finally {
    await debugging.disconnect();
    await context.close();
  }
  return scores;
}
