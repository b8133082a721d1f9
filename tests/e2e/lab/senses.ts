import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { framesOf, heard, isCamera, watchVideo } from './media.ts';

/** A fake microphone's beep is far above, and what is left of none far below (0 to 1). */
export const LOUD = 0.01;
export const SILENT = 0.001;
const SOON = { timeout: 20_000 };

export const CUSTOMER = '[data-testid="customer-video"]';
export const CUSTOMER_SOUND = '[data-testid="customer-sound"]';
export const COLLEAGUE = '[data-testid="colleague-tile"]';
export const COLLEAGUE_SOUND = '[data-testid="colleague-sound"]';
/** At the kiosk, whose tiles have picture and sound. */
export const LEAD = '[data-testid="agent-tile"]';
export const OTHER = '[data-testid="person-tile"]';

export const loud = (page: Page, selector?: string) =>
  expect.poll(() => heard(page, selector), { ...SOON, message: `heard: ${selector}` }).toBeGreaterThan(LOUD);
export const silent = (page: Page, selector?: string) =>
  expect.poll(() => heard(page, selector), { ...SOON, message: `silent: ${selector}` }).toBeLessThan(SILENT);
export const still = (page: Page, selector: string) => expect.poll(() => framesOf(page, selector), SOON).toBe(0);
/** The picture of a person's camera moves. */
export const seen = async (page: Page, selector: string) => {
  const picture = await watchVideo(page, selector);
  expect(picture.changed && isCamera(picture), selector).toBe(true);
};

/** At the kiosk: those in these tiles are seen and heard. */
export const meetsAtKiosk = (page: Page, ...tiles: string[]) =>
  Promise.all(tiles.flatMap((tile) => [seen(page, tile), loud(page, `${tile} video`)]));

/** At a desk: the customer is seen, and heard. */
export const meetsCustomer = (page: Page, picture = CUSTOMER) =>
  Promise.all([seen(page, picture), loud(page, CUSTOMER_SOUND)]);

/** At a desk: these colleagues are seen, and each of them is heard; by their role in the call. */
export const meetsColleagues = (page: Page, ...roles: string[]) =>
  Promise.all(
    roles.map(async (role) => {
      const tile = `${COLLEAGUE}[data-role="${role}"]`;
      const id = await page.locator(tile).getAttribute('data-participant');
      await Promise.all([seen(page, tile), loud(page, `${COLLEAGUE_SOUND}[data-participant="${id}"]`)]);
    }),
  );

/** At a desk whose person is out of the call: nobody is seen or heard there any more. */
export async function isOut(page: Page) {
  for (const tile of [CUSTOMER, COLLEAGUE, '[data-testid="attended-customer"]'])
    await page.locator(tile).first().waitFor({ state: 'detached' });
  await silent(page);
}
