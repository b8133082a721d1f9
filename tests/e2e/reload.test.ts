import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { accept, endCall, readyAgent, signIn } from './lab/agent.ts';
import { by } from './lab/browser.ts';
import { test } from './lab/index.ts';
import { ENTRIES, fillForm, joinQueue, openKiosk, startService } from './lab/kiosk.ts';
import { LEAD, meetsAtKiosk, meetsCustomer } from './lab/senses.ts';

test('a reload at any point comes back to the same point, at the kiosk and at the desk; a second tab takes over', async ({
  lab: { server, browser, faultless },
}) => {
  const kiosk = await openKiosk(browser, server.url);
  const { page } = kiosk;
  await by(page, 'language-en').click();
  await page.reload();
  await by(page, 'start').waitFor();
  expect(await page.locator('html').getAttribute('lang')).toBe('en');

  await startService(kiosk, 'update-phone-number');
  await by(page, 'input-fullName').fill(ENTRIES['fullName'] ?? '');
  await page.locator('[data-testid="field-fullName"][data-saved="true"]').waitFor();
  await page.reload();
  await by(page, 'input-fullName').waitFor();
  expect(await by(page, 'input-fullName').inputValue()).toBe(ENTRIES['fullName']);
  await fillForm(kiosk);
  await by(page, 'form-join').click();
  await by(page, 'waiting').waitFor();
  await page.reload();
  await by(page, 'waiting').waitFor();

  const agent = await readyAgent(browser, server.url);
  await accept(agent);
  const meet = (desk: Page) => Promise.all([meetsAtKiosk(page, LEAD), meetsCustomer(desk)]);
  await meet(agent.page);
  await page.reload();
  await meet(agent.page);
  await agent.page.reload();
  await by(agent.page, 'end-call').waitFor();
  await meet(agent.page);

  const second = await agent.context.newPage();
  await second.goto(`${server.url}/agent/`);
  await by(second, 'end-call').waitFor();
  await by(agent.page, 'stopped').waitFor();
  await meet(second);
  await by(agent.page, 'take-over').click();
  await by(agent.page, 'end-call').waitFor();
  await by(second, 'stopped').waitFor();
  await meet(agent.page);
  faultless(kiosk, agent);

  await by(page, 'hang-up').click();
  await by(page, 'hang-up-dialog-yes').click();
  await by(agent.page, 'wrap-up').waitFor();
});

test('nobody on duty is said at once, the place may be left for self-service, and a declined offer comes back', async ({
  lab: { server, browser, faultless },
}) => {
  const kiosk = await openKiosk(browser, server.url, { number: 2 });
  await joinQueue(kiosk, 'open-personal-account');
  await by(kiosk.page, 'waiting-position').waitFor();
  const words = await by(kiosk.page, 'waiting').textContent();
  expect(words).toMatch(/no teller/i);
  await by(kiosk.page, 'self-service').first().click();
  await by(kiosk.page, 'form-join').or(by(kiosk.page, 'form-next')).first().waitFor();
  await fillForm(kiosk);
  await by(kiosk.page, 'form-join').click();

  const agent = await readyAgent(browser, server.url, 'chen.jing');
  await by(agent.page, 'offer-decline').click();
  await by(agent.page, 'decline-need-a-minute').click();
  await by(agent.page, 'offer-card').waitFor({ state: 'detached' });
  const other = await readyAgent(browser, server.url, 'emma.brown');
  await accept(other);
  await by(kiosk.page, 'hang-up').waitFor();
  await endCall(other);
  faultless(kiosk, agent, other);
});

test('a customer calls for help, and branch staff come', async ({ lab: { server, browser, faultless } }) => {
  const kiosk = await openKiosk(browser, server.url, { number: 2 });
  const staff = await signIn(browser, server.url, { username: 'zhang.min' });
  await by(staff.page, 'help-none').waitFor();
  await by(kiosk.page, 'help-call').click();
  await by(staff.page, 'help-answer').click();
  await kiosk.page.waitForFunction(() =>
    document.querySelector('[data-testid="help-status"]')?.textContent?.includes('张敏'),
  );
  await by(staff.page, 'help-close').click();
  await by(staff.page, 'help-none').waitFor();
  await by(kiosk.page, 'help-status').waitFor({ state: 'detached' });
  faultless(kiosk, staff);
});
