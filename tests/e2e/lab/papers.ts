import { by } from './browser.ts';
import type { Agent } from './agent.ts';
import { accept, readyAgent } from './agent.ts';
import { joinQueue, type Kiosk, type KioskWish } from './kiosk.ts';
import type { Browser, Page } from 'playwright-core';

/** From the kiosk's first screen to a call in which the customer has confirmed what is to be done. */
export async function confirmedCall(
  { browser, url, kiosk }: { browser: Browser; url: string; kiosk: Kiosk },
  { service, ...wish }: KioskWish & { service: string },
): Promise<Agent> {
  const agent = await readyAgent(browser, url);
  await joinQueue(kiosk, service, wish);
  await accept(agent);
  await confirmSummary({ kiosk, agent });
  return agent;
}

export async function confirmSummary({ kiosk, agent }: { kiosk: Kiosk; agent: Agent }): Promise<void> {
  await by(agent.page, 'summary-send').click();
  await by(kiosk.page, 'confirm-yes').click();
  await by(agent.page, 'summary-confirmed').waitFor();
}

/** Goes through the paper to its last line, page by page, and on to the signature. */
export async function readToEnd(page: Page): Promise<void> {
  await by(page, 'paper-text').waitFor();
  const until = Date.now() + 20_000;
  while (Date.now() < until && !(await by(page, 'paper-sign').isVisible())) {
    // The last one turns into the way on while it is being pressed.
    await by(page, 'paper-more')
      .click({ timeout: 1_000 })
      .catch(() => undefined);
    await page.waitForTimeout(350);
  }
  await by(page, 'paper-sign').click();
}

/** Writes something like a name into the box, by pointer. */
export async function drawName(page: Page): Promise<void> {
  const box = await by(page, 'signature-box').boundingBox();
  if (!box) throw new Error('no box to sign in');
  const at = (x: number, y: number) => [box.x + box.width * x, box.y + box.height * y] as const;
  for (const stroke of [
    Array.from({ length: 24 }, (_, i) => at(0.15 + i * 0.013, 0.5 + 0.3 * Math.sin(i / 3))),
    Array.from({ length: 20 }, (_, i) => at(0.52 + i * 0.016, 0.45 + 0.25 * Math.cos(i / 2.5))),
    Array.from({ length: 8 }, (_, i) => at(0.7, 0.25 + i * 0.06)),
  ]) {
    const [first] = stroke;
    if (!first) continue;
    await page.mouse.move(...first);
    await page.mouse.down();
    for (const point of stroke) await page.mouse.move(...point);
    await page.mouse.up();
  }
}
