import type { Page } from 'playwright-core';
import { DEMO_KIOSKS } from '../../../server/src/flows/seed-demo.ts';
import { pdf } from '../../../server/src/modules/documents/pdf.fixture.ts';
import { accept, readyAgent } from '../../e2e/lab/agent.ts';
import { by, openBrowser } from '../../e2e/lab/browser.ts';
import { createHttp } from '../../integration/lab/http.ts';
import { enrolLabKiosk } from '../../integration/lab/kiosk.ts';
import { joinQueue } from '../../integration/lab/stories.ts';

const PAGES = 100;
const STRIP = '[data-testid="page-strip"]';
/** Pixels a frame: the whole list in some four seconds. */
const SPEED = 36;

export type LongList = {
  perSecond: number;
  /** The same browser drawing a list of plain coloured boxes. */
  besidePerSecond: number;
  rows: number;
  images: number;
  heapGrowthMb: number;
};

/** Scrolls to the end and back, and counts the frames that were drawn. Runs in the page. */
function scroll({
  selector,
  speed,
}: {
  selector: string;
  speed: number;
}): Promise<{ perSecond: number; rows: number }> {
  const box = document.querySelector(selector);
  if (!box) throw new Error('no list');
  return new Promise((resolve) => {
    const began = performance.now();
    let [frames, rows, direction] = [0, 0, 1];
    box.scrollTop = 0;
    const step = () => {
      frames += 1;
      rows = Math.max(rows, box.querySelectorAll('[data-page]').length);
      box.scrollTop += speed * direction;
      if (direction > 0 && box.scrollTop + box.clientHeight >= box.scrollHeight - 1) direction = -1;
      if (direction < 0 && box.scrollTop <= 0)
        resolve({ perSecond: (1_000 * frames) / (performance.now() - began), rows });
      else requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  });
}

async function heapOf(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  return usedSize / 1e6;
}

/** A document of a hundred pages on an agent's desk. */
export async function measureLongList(url: string): Promise<LongList> {
  const browser = await openBrowser();
  const http = createHttp(url);
  const kiosk = await enrolLabKiosk({ url, http, now: Date.now, code: DEMO_KIOSKS[1]?.code ?? '' });
  try {
    await kiosk.open();
    const agent = await readyAgent(browser, url);
    const { page } = agent;
    await joinQueue(kiosk);
    await by(page, 'offer-card').waitFor();
    await accept(agent);
    await by(page, 'ask-kind').click();
    await page.getByRole('option', { name: 'Contract', exact: true }).click();
    await by(page, 'ask-document').click();
    const documentId = await kiosk.until(({ documents }) => documents[0]?.documentId);
    // Patched before the pictures come: how many of them are held.
    await page.evaluate(() => {
      const held = new Set<string>();
      Object.assign(globalThis, { held, mostHeld: 0 });
      const [create, revoke] = [URL.createObjectURL.bind(URL), URL.revokeObjectURL.bind(URL)];
      URL.createObjectURL = (blob: Blob) => {
        const address = create(blob);
        held.add(address);
        Object.assign(globalThis, {
          mostHeld: Math.max((globalThis as { mostHeld?: number }).mostHeld ?? 0, held.size),
        });
        return address;
      };
      URL.revokeObjectURL = (address: string) => {
        held.delete(address);
        revoke(address);
      };
    });
    const answer = await kiosk.upload(documentId, pdf({ pages: PAGES }), { type: 'application/pdf' });
    if (answer.status !== 201) throw new Error(`the pages were not taken: ${answer.status}`);
    await page.locator(`${STRIP} [data-page="${PAGES}"] img`).waitFor();
    const before = await heapOf(page);
    await page.evaluate(scroll, { selector: STRIP, speed: SPEED });
    const { perSecond, rows } = await page.evaluate(scroll, { selector: STRIP, speed: SPEED });
    const heapGrowthMb = (await heapOf(page)) - before;
    const images = await page.evaluate(() => (globalThis as { mostHeld?: number }).mostHeld ?? 0);

    const plain = await (await browser.newContext({ viewport: { width: 1600, height: 900 } })).newPage();
    await plain.setContent(
      `<div id="list" style="height:700px;width:100px;overflow:auto">${Array.from(
        { length: PAGES },
        (_, i) => `<div data-page style="height:92px;background:hsl(${i * 30} 60% 60%)"></div>`,
      ).join('')}</div>`,
    );
    const beside = await plain.evaluate(scroll, { selector: '#list', speed: SPEED });
    return { perSecond, besidePerSecond: beside.perSecond, rows, images, heapGrowthMb };
  } finally {
    kiosk.leave();
    await browser.close();
  }
}
