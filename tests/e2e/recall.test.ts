import { expect } from 'vitest';
import { mustBeAccessible, stumblesOn } from './lab/accessible.ts';
import { accept, readyAgent } from './lab/agent.ts';
import { by } from './lab/browser.ts';
import { test } from './lab/index.ts';
import { joinQueue, openKiosk } from './lab/kiosk.ts';
import { LEAD, meetsAtKiosk, meetsCustomer } from './lab/senses.ts';

/** A call waits for a participant for a minute and a half. */
const GONE = { timeout: 130_000 };
const SOON = { timeout: 15_000 };

test('a kiosk that was away for good is back: the agent has it ask for the customer, and the same case goes on', async ({
  lab: { server, browser, faultless },
}) => {
  const kiosk = await openKiosk(browser, server.url);
  const agent = await readyAgent(browser, server.url);
  await joinQueue(kiosk, 'replace-lost-card', { language: 'en' });
  await by(agent.page, 'offer-card').waitFor();
  await accept(agent);
  await by(kiosk.page, 'call-frame').waitFor();

  await kiosk.context.setOffline(true);
  await by(agent.page, 'dropped-call').waitFor(GONE);
  // The kiosk is not there yet, and the desk says so.
  await by(agent.page, 'recall-ring').click();
  await expect.poll(() => by(agent.page, 'recall-words').innerText(), SOON).toMatch(/not connected/);
  await mustBeAccessible(agent, 'desk with a call that broke off');

  await kiosk.context.setOffline(false);
  // Nothing of the case is on the screen for whoever stands there now.
  await by(kiosk.page, 'start').waitFor();
  await expect
    .poll(async () => {
      const [button, card] = [by(agent.page, 'recall-ring'), by(agent.page, 'dropped-call')];
      // While it rings the button is another one.
      if (await button.isVisible()) await button.click({ timeout: 1_000 }).catch(() => undefined);
      return card.getAttribute('data-ring');
    }, GONE)
    .toBe('ringing');
  await by(kiosk.page, 'recall').waitFor();
  expect(await by(kiosk.page, 'kiosk').innerText()).not.toMatch(/card|O’?'?Neil/i);
  expect(await stumblesOn(kiosk.page, 'asked back')).toEqual([]);
  // A reload asks the same.
  await kiosk.page.reload();
  await by(kiosk.page, 'recall-no').click();
  await by(kiosk.page, 'start').waitFor();
  await expect.poll(() => by(agent.page, 'recall-words').innerText(), SOON).toMatch(/did not go on/);

  await by(agent.page, 'recall-ring').click();
  await by(kiosk.page, 'recall-yes').click();
  await by(agent.page, 'offer-card').waitFor();
  await accept(agent);
  await by(kiosk.page, 'call-frame').waitFor();
  await Promise.all([meetsAtKiosk(kiosk.page, LEAD), meetsCustomer(agent.page)]);
  // All that was filled in is there.
  await by(kiosk.page, 'sharing-open').click();
  await expect.poll(() => by(kiosk.page, 'review-fullName').innerText(), SOON).toContain("O'Neil");
  expect(await by(agent.page, 'dropped-calls').count()).toBe(0);
  faultless(kiosk, agent);
}, 300_000);
