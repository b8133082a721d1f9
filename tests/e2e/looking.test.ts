import { expect } from 'vitest';
import { mustBeAccessible } from './lab/accessible.ts';
import { accept, readyAgent } from './lab/agent.ts';
import { by } from './lab/browser.ts';
import { test } from './lab/index.ts';
import { joinQueue, openKiosk, sendPicture } from './lab/kiosk.ts';

test('a page is lit, set beside the live face, covered, put away in time, and its looks are listed', async ({
  lab: { server, browser, faultless },
}) => {
  const kiosk = await openKiosk(browser, server.url);
  const agent = await readyAgent(browser, server.url);
  const { page } = agent;
  await joinQueue(kiosk, 'update-phone-number');
  await by(page, 'offer-card').waitFor();
  await accept(agent);
  await by(page, 'ask-document').click();
  await sendPicture(kiosk);
  await by(page, 'page-image').waitFor();
  const video = await by(page, 'customer-video').boundingBox();

  await page.keyboard.press('t');
  await by(page, 'tone-contrast').fill('180');
  expect(await by(page, 'page-image').evaluate((one) => getComputedStyle(one).filter)).toContain('contrast(1.8)');
  await by(page, 'tone-reset').click();
  await page.keyboard.press('t');

  await page.keyboard.press('x');
  await by(page, 'beside-face').waitFor();
  await page.waitForFunction(
    () => document.querySelector('[data-testid="beside-face"] video')?.closest('[data-showing="true"]') !== null,
  );
  // The customer's picture neither moved nor shrank.
  expect(await by(page, 'customer-video').boundingBox()).toEqual(video);
  await mustBeAccessible(agent, 'a page beside the live face');
  await page.keyboard.press('x');
  await by(page, 'beside').waitFor({ state: 'detached' });

  await page.keyboard.press('q');
  await by(page, 'mask-middle').click();
  await by(page, 'mask').waitFor();
  await mustBeAccessible(agent, 'a page with a cover');
  await page.keyboard.press('Escape');

  // A right to look that ends after a second instead of minutes.
  await page.route('**/api/documents/*/pages/*', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, headers: { ...response.headers(), 'x-view-seconds': '1' } });
  });
  await page.reload();
  await by(page, 'page-over').waitFor({ timeout: 20_000 });
  expect(await by(page, 'page-image').count()).toBe(0);
  await page.unroute('**/api/documents/*/pages/*');
  await by(page, 'look-again').click();
  await by(page, 'page-image').waitFor();

  await page.keyboard.press('y');
  await by(page, 'look').first().waitFor();
  expect(await by(page, 'look').first().textContent()).toContain('looked again');
  await mustBeAccessible(agent, 'who has looked');
  faultless(kiosk, agent);
});
