import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';

export const fakeDevices = (fps: number) => `--use-fake-device-for-media-stream=device-count=2,fps=${fps}`;
export const BROWSER_ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // Slow: two processors encode it for all who sit in a call. Of two such arguments the later one counts.
  fakeDevices(10),
  '--use-fake-ui-for-media-stream',
  '--autoplay-policy=no-user-gesture-required',
  '--disable-features=WebRtcHideLocalIpsWithMdns',
];

/** Debian's Chromium with cameras that show a moving test picture, or the frames of a file, and microphones that beep, or play one. */
export const openBrowser = ({
  camera,
  microphone,
  args = [],
}: { camera?: string; microphone?: string; args?: string[] } = {}): Promise<Browser> =>
  chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    headless: true,
    args: [
      ...BROWSER_ARGS,
      ...args,
      ...(camera ? [`--use-file-for-fake-video-capture=${camera}`] : []),
      ...(microphone ? [`--use-file-for-fake-audio-capture=${microphone}`] : []),
    ],
  });

export type Watched = {
  page: Page;
  context: BrowserContext;
  /** What went wrong in the page: uncaught errors, console errors, requests to another origin. */
  wrongs: string[];
};

export type PageWish = {
  url: string;
  width: number;
  height: number;
  permissions?: string[];
  language?: string;
  touch?: boolean;
};

/** A page in a profile of its own. A request that leaves the origin is a wrong, and so is a violated content policy. */
export async function openPage(browser: Browser, wish: PageWish): Promise<Watched> {
  const { url, width, height, permissions = ['camera', 'microphone'], language = 'zh-CN', touch = false } = wish;
  const context = await browser.newContext({
    permissions,
    locale: language,
    viewport: { width, height },
    hasTouch: touch,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const wrongs: string[] = [];
  const { origin } = new URL(url);
  page.on('pageerror', (error) => wrongs.push(`uncaught: ${error.stack ?? error.message}`));
  page.on('console', (message) => {
    // The network is away while a test cuts it, and the browser says so on its own.
    if (
      message.type() === 'error' &&
      !/ERR_CONNECTION|ERR_INTERNET_DISCONNECTED|WebSocket connection|status of 401/.test(message.text())
    )
      wrongs.push(`console: ${message.text()}`);
  });
  page.on('request', (request) => {
    const asked = request.url();
    if (!/^(blob|data):/.test(asked) && !asked.startsWith(origin) && !asked.startsWith(origin.replace('http', 'ws')))
      wrongs.push(`left the origin: ${asked}`);
  });
  await page.goto(url);
  return { page, context, wrongs };
}

/** A button or field by its name in the tests. */
export const by = (page: Page, id: string) => page.locator(`[data-testid="${id}"]`);
