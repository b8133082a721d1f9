import type { Browser } from 'playwright-core';
import { test as base } from 'vitest';
import { openBrowser, type Watched } from './browser.ts';
import { startServer, type ServerProcess } from './server.ts';

type Lab = {
  server: ServerProcess;
  browser: Browser;
  /** Pages put in here must have had nothing go wrong when the test ends. */
  faultless(...pages: Watched[]): void;
};

/** A test with a server process and a browser of its own. */
export const test = base.extend<{ lab: Lab }>({
  // eslint-disable-next-line no-empty-pattern -- the first argument must be destructured
  lab: async ({}, use) => {
    const [server, browser] = await Promise.all([startServer({ env: { OPENVTM_LOG_LEVEL: 'info' } }), openBrowser()]);
    const watched: Watched[] = [];
    try {
      await use({ server, browser, faultless: (...pages) => void watched.push(...pages) });
      const wrongs = watched.flatMap((page) => page.wrongs);
      if (wrongs.length > 0) throw new Error(`Something went wrong in a page:\n${wrongs.join('\n')}`);
    } finally {
      await browser.close();
      await server.close();
    }
  },
});
