import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { mustBeAccessible, stumblesOn } from './lab/accessible.ts';
import { accept, readyAgent, signIn } from './lab/agent.ts';
import { by } from './lab/browser.ts';
import { test } from './lab/index.ts';
import { openKiosk, startService } from './lab/kiosk.ts';
import { heard, isCamera, watchVideo } from './lab/media.ts';

/** A fake microphone's beep is far above it (0 to 1). */
const LOUD = 0.01;
/** Four people who look and listen, on a busy machine (ms). */
const MOST_MS = 400_000;

const loud = (page: Page, selector: string) =>
  expect.poll(() => heard(page, selector), { timeout: 20_000 }).toBeGreaterThan(LOUD);
/** The picture of a person's camera moves. */
const seen = async (page: Page, selector: string) => {
  const picture = await watchVideo(page, selector);
  expect(picture.changed && isCamera(picture), selector).toBe(true);
};
const CUSTOMER = '[data-testid="customer-video"]';
const CUSTOMER_SOUND = '[data-testid="customer-sound"]';
const ATTENDED = '[data-testid="attended-customer"]';
const COLLEAGUE = '[data-testid="colleague-tile"]';
const COLLEAGUE_SOUND = '[data-testid="colleague-sound"]';
const LEAD = '[data-testid="agent-tile"]';
const personOf = (role: string) => `[data-testid="person-tile"][data-role="${role}"]`;

test(
  'branch staff call a remote teller from a tablet, join with one touch, and ask a colleague in, who comes',
  async ({ lab: { server, browser, faultless } }) => {
    const kiosk = await openKiosk(browser, server.url);
    await startService(kiosk, 'update-phone-number');
    // Typed, and the field is not left.
    await by(kiosk.page, 'input-fullName').fill('ZHANG WEI');
    await by(kiosk.page, 'help-call').click();

    const tablet = await signIn(browser, server.url, { username: 'zhang.min', width: 768, height: 1024 });
    await by(tablet.page, 'help-answer').click();
    const inHelp = (id: string) => tablet.page.locator(`[data-testid="help"] [data-testid="${id}"]`);
    await inHelp('call-agent').click();
    await inHelp('call-agent-note').fill('Has the old SIM card');
    await mustBeAccessible(tablet, 'calling a teller');
    await inHelp('call-agent-go').click();
    await tablet.page.locator('[data-testid="call-agent-outcome"][data-is="nobody"]').waitFor();
    expect(await by(kiosk.page, 'input-fullName').inputValue()).toBe('ZHANG WEI');

    const agent = await readyAgent(browser, server.url);
    await inHelp('call-agent-go').click();
    // The kiosk waits by itself, and says who calls for it; the agent needs a minute first.
    await by(kiosk.page, 'waiting').waitFor();
    await by(agent.page, 'offer-card').waitFor();
    expect(await by(agent.page, 'escalated').textContent()).toContain('张敏');
    expect(await by(agent.page, 'escalated').textContent()).toContain('Has the old SIM card');
    await mustBeAccessible(agent, 'an offer that branch staff made');
    await by(agent.page, 'offer-decline').click();
    await by(agent.page, 'decline-need-a-minute').click();
    await kiosk.page.locator('[data-testid="waiting"][data-state="waiting"]').waitFor();
    expect(await by(kiosk.page, 'title').textContent()).toBe('The staff are calling a teller for you');
    expect(await by(kiosk.page, 'lead').textContent()).toContain('张敏');
    expect(await stumblesOn(kiosk.page, 'a teller is called by the staff')).toEqual([]);
    expect(await inHelp('call-agent-status').textContent()).toContain('张敏');
    await mustBeAccessible(tablet, 'waiting for a teller');
    await tablet.page.reload();
    await inHelp('call-agent-status').waitFor();
    await by(agent.page, 'offer-accept').waitFor({ timeout: 60_000 });
    await accept(agent);
    expect(await by(agent.page, 'fact-fullName').textContent()).toContain('ZHANG WEI');
    expect(await by(agent.page, 'call-escalated').textContent()).toContain('Has the old SIM card');

    await inHelp('call-agent-join').click();
    await by(tablet.page, 'attended').waitFor();
    await Promise.all([
      seen(kiosk.page, LEAD).then(() => seen(kiosk.page, personOf('branch-staff'))),
      seen(agent.page, CUSTOMER).then(() => seen(agent.page, COLLEAGUE)),
      seen(tablet.page, ATTENDED).then(() => seen(tablet.page, COLLEAGUE)),
    ]);
    await loud(kiosk.page, `${LEAD} video`);
    await loud(kiosk.page, `${personOf('branch-staff')} video`);
    for (const { page } of [agent, tablet]) {
      await loud(page, CUSTOMER_SOUND);
      await loud(page, COLLEAGUE_SOUND);
    }

    // They ask a colleague in; the agent who leads sees who asked.
    const colleague = await readyAgent(browser, server.url, 'wang.wei');
    await by(tablet.page, 'ask-in').click();
    await by(tablet.page, 'invite-note').fill('Knows the contract');
    await by(tablet.page, 'colleague').waitFor();
    await mustBeAccessible(tablet, 'asking a colleague in');
    await by(tablet.page, 'colleague').click();
    await by(colleague.page, 'invitation').waitFor();
    expect(await by(colleague.page, 'invitation').textContent()).toContain('张敏');
    expect(await by(colleague.page, 'invitation-note').textContent()).toBe('Knows the contract');
    await by(agent.page, 'look-people').click();
    expect(await by(agent.page, 'invited-by').textContent()).toContain('张敏');
    await by(colleague.page, 'invitation-come').click();
    await by(colleague.page, 'leave-call').waitFor();
    await Promise.all([
      seen(kiosk.page, personOf('expert')),
      seen(colleague.page, CUSTOMER).then(() => seen(colleague.page, COLLEAGUE)),
      seen(tablet.page, ATTENDED),
    ]);
    await loud(kiosk.page, `${personOf('expert')} video`);
    await loud(colleague.page, CUSTOMER_SOUND);
    await loud(colleague.page, COLLEAGUE_SOUND);
    await loud(tablet.page, COLLEAGUE_SOUND);
    faultless(kiosk, agent, tablet, colleague);
  },
  MOST_MS,
);
