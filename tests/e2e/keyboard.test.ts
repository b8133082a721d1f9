import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { simulatedCustomers } from '../../server/src/modules/core/simulator/customers.ts';
import { by } from './lab/browser.ts';
import { test } from './lab/index.ts';
import { openKiosk } from './lab/kiosk.ts';

const MOST_STOPS = 40;
const focused = (page: Page) =>
  page.evaluate(() => {
    const one = document.activeElement;
    const { outlineStyle, outlineWidth } = one ? getComputedStyle(one) : { outlineStyle: 'none', outlineWidth: '0px' };
    return {
      name: one?.getAttribute('data-testid') ?? '',
      ringed: outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2,
    };
  });

/** Goes by Tab alone to a control, and sees at each stop where the focus is. */
async function tabTo(page: Page, name: string): Promise<void> {
  const stops: string[] = [];
  while (stops.length < MOST_STOPS) {
    await page.keyboard.press('Tab');
    const at = await focused(page);
    // The browser's own bar comes between the last control and the first.
    if (at.name !== '' || at.ringed) expect(at, `after ${stops.at(-1)}`).toMatchObject({ ringed: true });
    if (at.name === name) return;
    stops.push(at.name);
  }
  throw new Error(`no way by Tab to ${name}: ${stops.join(' ')}`);
}

async function press(page: Page, name: string): Promise<void> {
  await by(page, name).waitFor();
  await tabTo(page, name);
  await page.keyboard.press('Enter');
}

/** A new screen begins at its heading: that is where a screen reader goes on. */
const mustBeginAtHeading = (page: Page) =>
  expect.poll(async () => (await focused(page)).name, { timeout: 10_000 }).toBe('title');

test('a business is done from beginning to end with Tab, Enter and the arrows alone', async ({
  lab: { server, browser, faultless },
}) => {
  const kiosk = await openKiosk(browser, server.url);
  const { page } = kiosk;
  const [, , who] = simulatedCustomers();
  if (!who) throw new Error('no customer');
  const type = async (name: string, text: string) => {
    await tabTo(page, name);
    await page.keyboard.type(text);
  };

  await press(page, 'language-switch');
  await page.locator('html[lang="en"]').waitFor();
  await press(page, 'print-switch');
  await by(page, 'print-dialog').waitFor();
  await press(page, 'show-large');
  await page.locator('html[data-print="large"]').waitFor();
  await press(page, 'start');
  await mustBeginAtHeading(page);
  await press(page, 'service-report-loss-oral');
  await by(page, 'consent-agree').waitFor();
  await mustBeginAtHeading(page);
  await press(page, 'consent-agree');
  await by(page, 'input-fullName').waitFor();
  await mustBeginAtHeading(page);
  await type('input-fullName', who.name);
  await page.keyboard.press('Enter');
  await by(page, 'input-idNumber').waitFor();
  await mustBeginAtHeading(page);
  // A mistake brings the focus to its field, and says what is wrong.
  await type('input-idNumber', '123');
  await page.keyboard.press('Enter');
  await by(page, 'problem-idNumber').waitFor();
  expect((await focused(page)).name).toBe('input-idNumber');
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type(who.idNumber);
  await page.keyboard.press('Enter');
  await by(page, 'input-cardLast4').waitFor();
  await type('input-cardLast4', who.accounts[0]?.card.slice(-4) ?? '');
  await page.keyboard.press('Enter');
  await by(page, 'choice-reason-lost').waitFor();
  await tabTo(page, 'choice-reason-lost');
  // Held as long as a finger holds it: the group looks whether the key is down a moment after the focus has moved.
  await page.keyboard.press('ArrowDown', { delay: 100 });
  await page.locator('[data-testid="choice-reason-stolen"][aria-checked="true"]').waitFor();
  await press(page, 'form-next');
  await by(page, 'form-join').waitFor();
  await mustBeginAtHeading(page);
  await press(page, 'form-join');
  await press(page, 'identify-send');
  const text = await by(page, 'simulated-text').textContent();
  await type('identify-code', /\d{6}/.exec(text ?? '')?.[0] ?? '');
  await page.keyboard.press('Enter');
  await by(page, 'explain-text').waitFor();
  await mustBeginAtHeading(page);
  await press(page, 'step-next');
  await by(page, 'agree-text').waitFor();
  await press(page, 'step-next');
  await by(page, 'receipt-reference').waitFor();
  await press(page, 'step-next');
  await by(page, 'rating').waitFor();
  await press(page, 'rate-5');
  await press(page, 'finish');
  await by(page, 'start').waitFor();
  faultless(kiosk);
});
