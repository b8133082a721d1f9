import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { GuideAnswer } from '../../../client-kiosk/src/features/documents/guide/guide-worker.ts';
import { chromium, type Browser, type Page } from 'playwright-core';
import { BROWSER_ARGS, by, fakeDevices } from '../../e2e/lab/browser.ts';
import { ENTRIES, fillForm, startService } from '../../e2e/lab/kiosk.ts';
import { openPage } from '../../e2e/lab/browser.ts';
import { filmScenes } from '../../e2e/lab/scene.ts';

type Seen = { at: number; tookMs: number };
type Probe = { seen: Seen[]; longest: number; touched: number[] };

/** Pixels of the camera: what a document camera of five megapixels films. */
const CAMERA = { width: 2_592, height: 1_944 };

/** Chromium with all of its processes on one core, and a camera of thirty frames a second. */
async function openOnOneCore(folder: string, camera: string): Promise<Browser> {
  const wrapper = join(folder, 'one-core');
  await writeFile(wrapper, `#!/bin/sh\nexec taskset -c 0 ${process.env['CHROMIUM'] ?? '/usr/bin/chromium'} "$@"\n`);
  await chmod(wrapper, 0o755);
  const args = [...BROWSER_ARGS, fakeDevices(30)];
  return chromium.launch({
    executablePath: wrapper,
    headless: true,
    args: [...args, `--use-file-for-fake-video-capture=${camera}`],
  });
}

/** Notes what the worker answers and how long the page's own thread is busy. Runs in the page, before its scripts. */
function installProbe() {
  const probe: Probe = { seen: [], longest: 0, touched: [] };
  Object.assign(globalThis, { probe });
  const Plain = globalThis.Worker;
  globalThis.Worker = class extends Plain {
    constructor(...args: ConstructorParameters<typeof Worker>) {
      super(...args);
      this.addEventListener('message', ({ data }: MessageEvent<Partial<GuideAnswer>>) => {
        if (data.tookMs !== undefined) probe.seen.push({ at: performance.now(), tookMs: data.tookMs });
      });
    }
  };
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) probe.longest = Math.max(probe.longest, duration);
  }).observe({ type: 'longtask' });
}
const readProbe = (page: Page) => page.evaluate(() => (globalThis as unknown as { probe: Probe }).probe);

export type Guidance = { perSecond: number; lookMs: number[]; longestTaskMs: number };

/** A phone's page guides a page that is never good enough to be taken, for `seconds`. */
export async function measureGuidance(
  url: string,
  { folder, seconds }: { folder: string; seconds: number },
): Promise<Guidance> {
  const camera = await filmScenes(join(folder, 'guided.mjpeg'), [{ ...CAMERA, reflex: true }]);
  const browser = await openOnOneCore(folder, camera);
  try {
    const phone = await openPage(browser, { url: 'about:blank', width: 1080, height: 1920, touch: true });
    const { page } = phone;
    await page.addInitScript(installProbe);
    await page.goto(`${url}/phone/`);
    page.setDefaultTimeout(60_000);
    await startService(phone, 'replace-lost-card');
    await fillForm(phone, { ...ENTRIES, fullName: '王小明', idNumber: '11010519900307005X', phone: '13900139001' });
    await by(page, 'form-join').click();
    await by(page, 'take-id-card-front').click();
    await by(page, 'page-outline').waitFor();
    // The worker's code is compiled by then.
    await page.waitForTimeout(2_000);
    await page.evaluate(() => {
      const { probe } = globalThis as unknown as { probe: Probe };
      probe.seen = [];
      probe.longest = 0;
    });
    await page.waitForTimeout(seconds * 1_000);
    const { seen, longest } = await readProbe(page);
    return { perSecond: seen.length / seconds, lookMs: seen.map(({ tookMs }) => tookMs), longestTaskMs: longest };
  } finally {
    await browser.close();
  }
}
