import type { Browser } from 'playwright-core';
import { test as base } from 'vitest';
import { openBrowser, type Watched } from './browser.ts';
import { startServer, type ServerProcess } from './server.ts';

type Lab = {
  server: ServerProcess;
  browser: Browser;
  /** One more browser, whose cameras show the frames of a file; it ends with the test, however that ends. */
  filmed(camera: string): Promise<Browser>;
  /** Pages put in here must have had nothing go wrong when the test ends. */
  faultless(...pages: Watched[]): void;
};

/** A test with a server process and a browser of its own. */
export const test = base.extend<{ lab: Lab }>({
  lab: async ({ task }, use) => {
    const [server, browser] = await Promise.all([
      startServer({ env: () => ({ OPENVTM_LOG_LEVEL: 'info' }) }),
      openBrowser(),
    ]);
    const watched: Watched[] = [];
    const browsers = [browser];
    const filmed = async (camera: string) => {
      const one = await openBrowser({ camera });
      browsers.push(one);
      return one;
    };
    try {
      await use({ server, browser, filmed, faultless: (...pages) => void watched.push(...pages) });
      if (task.result?.state === 'fail') for (const one of browsers) await sayScreens(one);
      const wrongs = watched.flatMap((page) => page.wrongs);
      if (wrongs.length > 0) throw new Error(`Something went wrong in a page:\n${wrongs.join('\n')}`);
    } finally {
      for (const one of browsers) await one.close();
      await server.close();
    }
  },
});

/** What every page showed when a test failed: the error alone names only what did not come. */
async function sayScreens(browser: Browser): Promise<void> {
  for (const page of browser.contexts().flatMap((one) => one.pages())) {
    const text = await page
      .locator('body')
      .innerText({ timeout: 2_000 })
      .catch(() => 'gone');
    const inputs = await page
      .locator('input')
      .evaluateAll((all) => all.map((one) => `${one.getAttribute('data-testid')}: ${(one as HTMLInputElement).value}`))
      .catch(() => 'gone');
    process.stderr.write(`${page.url()}\n${text.replace(/\n+/g, ' | ')}\n${String(inputs)}\n`);
  }
}
