import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { mustBeAccessible, stumblesOn } from './lab/accessible.ts';
import { accept, endCall, readyAgent } from './lab/agent.ts';
import { by } from './lab/browser.ts';
import { test } from './lab/index.ts';
import { joinQueue, openKiosk } from './lab/kiosk.ts';
import { inEveryLook, KIOSK_LOOKS } from './lab/looks.ts';

const SOON = { timeout: 10_000 };
const topOf = (page: Page) => by(page, 'sheet').evaluate(({ scrollTop }) => Math.round(scrollTop));
/** The first block that is not above the frame. */
const blockAt = (page: Page) =>
  by(page, 'sheet').evaluate((frame) => {
    const blocks = [...frame.querySelectorAll<HTMLElement>('.block')];
    return blocks.findLastIndex(({ offsetTop }) => offsetTop <= frame.scrollTop + 1);
  });
const isInSight = (page: Page, id: string) =>
  by(page, id).evaluate((one) => {
    const box = one.getBoundingClientRect();
    const frame = one.closest('[data-testid="sheet"]')!.getBoundingClientRect();
    return box.top >= frame.top - 1 && box.top < frame.bottom - 20;
  });
async function wheel(page: Page, by: number) {
  await page.locator('[data-testid="sheet"]').hover();
  await page.mouse.wheel(0, by);
}
async function openSheet(page: Page, id: string) {
  if (!(await by(page, 'sheet-list').isVisible())) await by(page, 'look-explaining').click();
  await by(page, `sheet-${id}`).click();
}

test('agent and customer look at a sheet together: each follows the other, a clause is marked, one is asked about, both reload, and a calculator is moved by both', async ({
  lab: { server, browser, faultless },
}) => {
  const kiosk = await openKiosk(browser, server.url, { width: 1280, height: 800 });
  const agent = await readyAgent(browser, server.url);
  await joinQueue(kiosk, 'replace-lost-card');
  await by(agent.page, 'offer-card').waitFor();
  await accept(agent);

  await openSheet(agent.page, 'account-fees');
  await by(kiosk.page, 'explaining').waitFor();
  await by(kiosk.page, 'call-frame').waitFor();
  await expect.poll(() => by(kiosk.page, 'title').textContent(), SOON).toBe('What an account costs');
  await by(agent.page, 'sheet').waitFor();

  // The customer scrolls: the desk goes there, and the agent learns how much was seen.
  await wheel(kiosk.page, 250);
  await expect.poll(() => topOf(agent.page), SOON).toBeGreaterThan(0);
  await expect.poll(async () => (await blockAt(agent.page)) - (await blockAt(kiosk.page)), SOON).toBe(0);
  const seen = Number(/\d+/.exec((await by(agent.page, 'sheet-seen').textContent()) ?? '')?.[0]);
  expect(seen).toBeGreaterThan(0);

  // While the customer is scrolling, what the agent does waits; then the kiosk follows.
  await kiosk.page.evaluate(() => {
    const frame = document.querySelector<HTMLElement>('[data-testid="sheet"]')!;
    let top = frame.scrollTop;
    frame.addEventListener('wheel', () => (frame.dataset['own'] = String(performance.now())));
    frame.addEventListener('scroll', () => {
      if (frame.scrollTop < top - 1) frame.dataset['followed'] ??= String(performance.now());
      top = frame.scrollTop;
    });
  });
  const before = await topOf(agent.page);
  await wheel(kiosk.page, 60);
  await expect.poll(() => topOf(agent.page), SOON).toBeGreaterThan(before);
  await wheel(agent.page, -4_000);
  await expect.poll(() => topOf(kiosk.page), SOON).toBe(0);
  const waited = await by(kiosk.page, 'sheet').evaluate(
    ({ dataset }) => Number(dataset['followed']) - Number(dataset['own']),
  );
  expect(waited).toBeGreaterThan(1_300);
  // It has followed, and so does not send the desk anywhere.
  await agent.page.waitForTimeout(600);
  expect(await topOf(agent.page)).toBe(0);

  // A clause far below is marked: the kiosk shows it.
  await by(agent.page, 'clause-10').click();
  await expect.poll(() => by(kiosk.page, 'clause-10').getAttribute('data-marked'), SOON).toBe('true');
  await expect.poll(() => isInSight(kiosk.page, 'clause-10'), SOON).toBe(true);
  // The customer asks about another, by the keyboard alone.
  await by(kiosk.page, 'clause-1').focus();
  await kiosk.page.keyboard.press('Enter');
  await expect.poll(() => by(agent.page, 'clause-1').getAttribute('data-here'), SOON).toBe('true');
  await expect.poll(() => isInSight(agent.page, 'clause-1'), SOON).toBe(true);

  // A reload of either side comes back to the same sheet, place and mark.
  const place = await blockAt(kiosk.page);
  await kiosk.page.reload();
  await by(kiosk.page, 'sheet').waitFor();
  await expect.poll(() => by(kiosk.page, 'clause-10').getAttribute('data-marked'), SOON).toBe('true');
  await expect.poll(async () => Math.abs((await blockAt(kiosk.page)) - place), SOON).toBeLessThanOrEqual(1);
  await agent.page.reload();
  await by(agent.page, 'sheet').waitFor();
  await expect.poll(() => by(agent.page, 'clause-1').getAttribute('data-here'), SOON).toBe('true');
  await mustBeAccessible(agent, 'desk with a sheet');

  // The calculator: both move it, both see the same.
  await openSheet(agent.page, 'loan-calculator');
  await by(kiosk.page, 'calculator').waitFor();
  await by(kiosk.page, 'slide-amount').focus();
  for (let i = 0; i < 5; i += 1) await kiosk.page.keyboard.press('ArrowRight');
  await expect.poll(() => by(agent.page, 'sum-amount').textContent(), SOON).toContain('105,000');
  await by(agent.page, 'slide-months').focus();
  await agent.page.keyboard.press('ArrowLeft');
  await expect.poll(() => by(kiosk.page, 'sum-months').textContent(), SOON).toBe('30 months');
  const instalment = await by(kiosk.page, 'sum-main').textContent();
  // 105,000 at 4.35 % over 30 months, by the annuity formula.
  expect(instalment).toBe('¥3,700.09');
  await expect.poll(() => by(agent.page, 'sum-main').textContent(), SOON).toBe(instalment);

  // A paper of the service, and the desk's keys: it is closed by one, and the list opened by another.
  await openSheet(agent.page, 'paper:replacement-form');
  await expect.poll(() => by(kiosk.page, 'explaining').getAttribute('data-sheet'), SOON).toBe('paper:replacement-form');
  await by(kiosk.page, 'clause-1').waitFor();
  await agent.page.locator('body').press('u');
  await by(kiosk.page, 'explaining').waitFor({ state: 'detached' });
  await by(agent.page, 'sheet-pane').waitFor({ state: 'detached' });

  await openSheet(agent.page, 'card-loss-report');
  await by(kiosk.page, 'explaining').waitFor();
  await endCall(agent);
  await by(kiosk.page, 'explaining').waitFor({ state: 'detached' });
  faultless(kiosk, agent);
}, 120_000);

test('a sheet and a calculator serve everybody at the kiosk, in each mode and language', async ({
  lab: { server, browser, faultless },
}) => {
  const kiosk = await openKiosk(browser, server.url);
  await kiosk.page.emulateMedia({ reducedMotion: 'reduce' });
  const agent = await readyAgent(browser, server.url);
  await joinQueue(kiosk, 'replace-lost-card');
  await by(agent.page, 'offer-card').waitFor();
  await accept(agent);
  const found: string[] = [];
  for (const id of ['card-loss-report', 'deposit-calculator']) {
    await openSheet(agent.page, id);
    await by(kiosk.page, 'sheet').waitFor();
    if (id === 'card-loss-report') {
      await by(agent.page, 'clause-2').click();
      await by(kiosk.page, 'clause-3').click();
    }
    await inEveryLook(kiosk.page, KIOSK_LOOKS, async (name) => {
      found.push(...(await stumblesOn(kiosk.page, `${id}, ${name}`)));
    });
    await mustBeAccessible(agent, `desk with ${id}`);
  }
  expect(found).toEqual([]);
  faultless(kiosk, agent);
}, 240_000);
