import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { mustBeAccessible } from './lab/accessible.ts';
import { accept, readyAgent, type Agent } from './lab/agent.ts';
import { by } from './lab/browser.ts';
import { test } from './lab/index.ts';
import { joinQueue, openKiosk, sendPicture, type Kiosk } from './lab/kiosk.ts';
import { inEveryLook, KIOSK_LOOKS } from './lab/looks.ts';

/** A call in which a picture of the ID card lies on the agent's desk. */
async function reviewing(kiosk: Kiosk, agent: Agent): Promise<void> {
  await joinQueue(kiosk, 'update-phone-number');
  await by(agent.page, 'offer-card').waitFor();
  await accept(agent);
  await by(agent.page, 'ask-document').click();
  await sendPicture(kiosk);
  await by(agent.page, 'page-image').waitFor();
}
const marks = (page: Page, side: 'agent' | 'customer') => page.locator(`[data-testid="mark"][data-by="${side}"]`);

/** Moves the mouse, pressed, through places of the drawing surface given in shares of it; `before`: runs before it is let go. */
async function stroke(page: Page, places: [number, number][], before?: () => Promise<void>): Promise<void> {
  const box = await by(page, 'mark-surface').boundingBox();
  if (!box) throw new Error('there is nothing to draw on');
  const at = ([x, y]: [number, number]) => [box.x + x * box.width, box.y + y * box.height] as const;
  const [first = [0.5, 0.5], ...rest] = places;
  await page.mouse.move(...at(first));
  await page.mouse.down();
  for (const place of rest) await page.mouse.move(...at(place), { steps: 6 });
  await before?.();
  await page.mouse.up();
}
const CIRCLE: [number, number][] = [
  [0.4, 0.3],
  [0.6, 0.35],
  [0.65, 0.5],
  [0.5, 0.65],
  [0.35, 0.5],
  [0.4, 0.3],
];
/** Where a mark lies, in shares of the picture that it lies on. */
const placeIn = (page: Page, side: 'agent' | 'customer') =>
  page.evaluate((one) => {
    const mark = document.querySelector(`[data-testid="mark"][data-by="${one}"] path`)?.getBoundingClientRect();
    const layer = document.querySelector('[data-testid="marks"]')?.getBoundingClientRect();
    if (!mark || !layer) return null;
    const share = (value: number) => Math.round(value * 20) / 20;
    return [
      share((mark.x - layer.x) / layer.width),
      share((mark.y - layer.y) / layer.height),
      share(mark.width / layer.width),
      share(mark.height / layer.height),
    ];
  }, side);

test('both mark one page, each sees the other’s line as it grows, on the same spot, and after a reload', async ({
  lab: { server, browser, faultless },
}) => {
  const kiosk = await openKiosk(browser, server.url);
  const agent = await readyAgent(browser, server.url);
  await reviewing(kiosk, agent);
  const desk = agent.page;
  await by(desk, 'show-page').click();
  await by(kiosk.page, 'shown-image').waitFor();

  await by(desk, 'mark-line').click();
  await stroke(desk, CIRCLE, async () => {
    // Not let go yet, and the customer sees it already.
    await marks(kiosk.page, 'agent').waitFor();
    expect(await by(kiosk.page, 'marks').getAttribute('data-count')).toBe('0');
  });
  await expect.poll(() => by(kiosk.page, 'marks').getAttribute('data-count')).toBe('1');
  expect(await placeIn(kiosk.page, 'agent')).toEqual(await placeIn(desk, 'agent'));

  await stroke(
    kiosk.page,
    [
      [0.1, 0.8],
      [0.3, 0.85],
      [0.5, 0.8],
    ],
    () => marks(desk, 'customer').waitFor(),
  );
  await expect.poll(() => by(desk, 'marks').getAttribute('data-count')).toBe('2');
  // Turned and enlarged at the desk, it is the same spot.
  await by(desk, 'mark-arrow').click();
  await by(desk, 'rotate').click();
  await by(desk, 'zoom-in').click();
  await stroke(desk, [
    [0.2, 0.5],
    [0.5, 0.5],
  ]);
  await by(desk, 'mark-label').click();
  await by(desk, 'mark-text').fill('Here, please');
  await by(desk, 'mark-text').press('Enter');
  await kiosk.page.getByText('Here, please').waitFor();
  await expect.poll(() => marks(kiosk.page, 'agent').count()).toBe(3);

  await mustBeAccessible(agent, 'a page with marks');
  await inEveryLook(kiosk.page, KIOSK_LOOKS, (name) => mustBeAccessible(kiosk, `a page that is shown, ${name}`));

  await kiosk.page.reload();
  await by(kiosk.page, 'shown-image').waitFor();
  await expect.poll(() => by(kiosk.page, 'marks').getAttribute('data-count')).toBe('4');
  await desk.reload();
  await by(desk, 'page-image').waitFor();
  await expect.poll(() => by(desk, 'marks').getAttribute('data-count')).toBe('4');

  await by(kiosk.page, 'shown-undo').click();
  await expect.poll(() => marks(desk, 'customer').count()).toBe(0);
  await desk.keyboard.press('z');
  await expect.poll(() => marks(kiosk.page, 'agent').count()).toBe(2);
  await by(desk, 'mark-clear').click();
  await expect.poll(() => by(kiosk.page, 'marks').getAttribute('data-count')).toBe('0');
  await desk.keyboard.press('j');
  await by(kiosk.page, 'shown').waitFor({ state: 'detached' });
  faultless(kiosk, agent);
});
