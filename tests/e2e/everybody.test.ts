import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { simulatedCustomers } from '../../server/src/modules/core/simulator/customers.ts';
import { mustBeAccessible, stumblesOn } from './lab/accessible.ts';
import { signIn } from './lab/agent.ts';
import { by } from './lab/browser.ts';
import { offeredService } from './lab/catalogue.ts';
import { test } from './lab/index.ts';
import { openKiosk } from './lab/kiosk.ts';
import { inEveryLook, KIOSK_LOOKS, PHONE_LOOKS, showAs, type Look } from './lab/looks.ts';
import { openPhone } from './lab/phone.ts';
import { wrapUp } from './lab/serve.ts';
import { walkService } from './lab/walk.ts';

/** Hundreds of looks, on a busy machine (ms). */
const MOST_MS = 600_000;
/** A customer whom the simulated core knows. */
const [, , WHO] = simulatedCustomers();
if (!WHO) throw new Error('no customer');

/** Notes what somebody would stumble over on a screen, in every mode and language. */
function createInspector(page: Page, looks: Look[]) {
  const found: string[] = [];
  const seen = new Set<string>();
  return {
    found,
    /** Each screen once; a form's pages by the controls they have. Answers whether it was looked at. */
    async visit(screen: string, state: string): Promise<boolean> {
      const controls = await page.evaluate(() =>
        [
          '[data-testid="number-pad"]',
          '[data-testid^="choice-"]',
          '[data-testid^="review-"]',
          '[data-testid^="topic-"]',
          '[data-testid="identify-code"]',
        ]
          .filter((one) => document.querySelector(one))
          .join(),
      );
      const [, , , , step = ''] = state.split('|');
      const kind = `${screen} ${controls} ${step}`.trim();
      if (step === 'taking' || step === 'sending' || seen.has(kind)) return false;
      seen.add(kind);
      await inEveryLook(page, looks, async (name) => {
        found.push(...(await stumblesOn(page, `${kind}, ${name}`)));
      });
      return true;
    },
  };
}

test(
  'every screen on the way with an agent serves everybody, in each mode and language, and so do the desks',
  async ({ lab: { server, browser, faultless } }) => {
    const kiosk = await openKiosk(browser, server.url);
    const { page } = kiosk;
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await showAs(page, { print: 'elder', language: 'en' });
    const { found, visit } = createInspector(page, KIOSK_LOOKS);
    const service = await offeredService('replace-lost-card');
    // Not on duty before the customer's place in the queue was looked at.
    const agent = await signIn(browser, server.url, { username: 'li.na' });
    await by(agent.page, 'check-done').click();
    await by(agent.page, 'go-ready').waitFor();
    await walkService(kiosk, {
      service,
      who: WHO,
      agent,
      async visit(screen, state) {
        const isNew = await visit(screen, state);
        if (!isNew) return;
        if (screen === 'waiting') {
          await by(agent.page, 'go-ready').click();
          await by(agent.page, 'offer-card').waitFor();
          await mustBeAccessible(agent, 'offer');
        } else if (screen === 'call') await mustBeAccessible(agent, 'desk');
      },
    });
    await mustBeAccessible(agent, 'wrap-up');
    await wrapUp(agent);
    const inspector = await signIn(browser, server.url, { username: 'liu.yang' });
    await by(inspector.page, 'area-audit').click();
    await by(inspector.page, 'audit-table').waitFor();
    await mustBeAccessible(inspector, 'audit');
    const approver = await signIn(browser, server.url, { username: 'zhao.lei' });
    await by(approver.page, 'reviews-none').waitFor();
    await mustBeAccessible(approver, 'reviews');
    const branch = await signIn(browser, server.url, { username: 'zhang.min', width: 1024, height: 768 });
    await by(branch.page, 'area-calls').click();
    await by(branch.page, 'running-none').waitFor();
    await mustBeAccessible(branch, 'calls');
    expect([...new Set(found)]).toEqual([]);
    faultless(kiosk, agent, inspector, approver, branch);
  },
  MOST_MS,
);

test(
  'every screen that a customer alone sees, at a kiosk and on a phone, serves everybody in each mode and language',
  async ({ lab: { server, browser, faultless } }) => {
    const kiosk = await openKiosk(browser, server.url);
    await kiosk.page.emulateMedia({ reducedMotion: 'reduce' });
    const atKiosk = createInspector(kiosk.page, KIOSK_LOOKS);
    const known = new Set(['welcome', 'services', 'consent', 'form', 'rating', 'thanks']);
    await walkService(kiosk, {
      service: await offeredService('report-loss-oral'),
      who: WHO,
      async visit(screen, state) {
        if (!known.has(screen)) await atKiosk.visit(screen, state);
      },
    });
    const phone = await openPhone(browser, server.url);
    await phone.page.emulateMedia({ reducedMotion: 'reduce' });
    const onPhone = createInspector(phone.page, PHONE_LOOKS);
    await walkService(phone, {
      service: await offeredService('replace-lost-card'),
      who: WHO,
      async visit(screen, state) {
        await onPhone.visit(screen, state);
      },
    });
    expect([...new Set([...atKiosk.found, ...onPhone.found])]).toEqual([]);
    faultless(kiosk, phone);
  },
  MOST_MS,
);
