import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { mustBeAccessible, stumblesOn } from './lab/accessible.ts';
import { accept, endCall, readyAgent, signIn, type Agent } from './lab/agent.ts';
import { by } from './lab/browser.ts';
import { test } from './lab/index.ts';
import { joinQueue, openKiosk, type Kiosk } from './lab/kiosk.ts';
import { inEveryLook, KIOSK_LOOKS } from './lab/looks.ts';
import { framesOf, heard, isCamera, rememberSent, sent, watchVideo } from './lab/media.ts';

/** A fake microphone's beep is far above, and what is left of none far below (0 to 1). */
const LOUD = 0.01;
const SILENT = 0.001;
/** Two minutes of looking and listening, on a busy machine (ms). */
const MOST_MS = 400_000;

const loud = (page: Page, selector?: string) =>
  expect.poll(() => heard(page, selector), { timeout: 20_000 }).toBeGreaterThan(LOUD);
const silent = (page: Page, selector?: string) =>
  expect.poll(() => heard(page, selector), { timeout: 20_000 }).toBeLessThan(SILENT);
const still = (page: Page, selector: string) =>
  expect.poll(() => framesOf(page, selector), { timeout: 20_000 }).toBe(0);
/** The picture of a person's camera moves. */
const seen = async (page: Page, selector: string) => {
  const picture = await watchVideo(page, selector);
  expect(picture.changed && isCamera(picture), selector).toBe(true);
};
const CUSTOMER = '[data-testid="customer-video"]';
const CUSTOMER_SOUND = '[data-testid="customer-sound"]';
const COLLEAGUE = '[data-testid="colleague-tile"]';
const COLLEAGUE_SOUND = '[data-testid="colleague-sound"]';
const LEAD = '[data-testid="agent-tile"]';
const OTHER = '[data-testid="person-tile"]';

const inState = ({ page }: Agent, state: string) =>
  page.locator(`[data-testid="agent-state"][data-state="${state}"]`).waitFor();

/** Nobody stumbles over the kiosk's screen, in any mode and language. */
async function servesEverybody({ page }: Kiosk, screen: string): Promise<void> {
  const found: string[] = [];
  await inEveryLook(page, KIOSK_LOOKS, async (look) => {
    found.push(...(await stumblesOn(page, `${screen}, ${look}`)));
  });
  expect(found).toEqual([]);
}

/** The agent asks a colleague, by the keyboard alone, who comes. */
async function invite(agent: Agent, colleague: Agent): Promise<void> {
  await agent.page.keyboard.press('i');
  await by(agent.page, 'colleague').waitFor();
  await agent.page.keyboard.type('王');
  await agent.page.keyboard.press('ArrowDown');
  await agent.page.keyboard.press('Enter');
  await by(colleague.page, 'invitation-come').click();
  await by(colleague.page, 'leave-call').waitFor();
}

test(
  'a colleague is asked into a call, three see and hear each other, hold stops both directions, and the lead is passed',
  async ({ lab: { server, browser, faultless } }) => {
    const kiosk = await openKiosk(browser, server.url);
    await rememberSent(kiosk.page);
    await kiosk.page.reload();
    const agent = await readyAgent(browser, server.url);
    await joinQueue(kiosk, 'update-phone-number');
    await accept(agent);
    const colleague = await readyAgent(browser, server.url, 'wang.wei');
    const frame = await by(kiosk.page, 'call-frame').boundingBox();
    const side = await by(kiosk.page, 'hang-up').boundingBox();

    // Nobody answers, and then somebody does.
    await agent.page.keyboard.press('i');
    await by(agent.page, 'invite-note').fill('Please look at the licence');
    await by(agent.page, 'colleague').click();
    expect(await by(colleague.page, 'invitation-note').textContent()).toBe('Please look at the licence');
    await mustBeAccessible(colleague, 'an invitation');
    await by(colleague.page, 'invitation-not-now').click();
    await agent.page.locator('[data-testid="sent-invitation"][data-state="declined"]').waitFor();
    await invite(agent, colleague);

    // All three ways, pictures and sound.
    await by(kiosk.page, 'coming').waitFor();
    await Promise.all([
      seen(kiosk.page, LEAD).then(() => seen(kiosk.page, OTHER)),
      seen(agent.page, CUSTOMER).then(() => seen(agent.page, COLLEAGUE)),
      seen(colleague.page, CUSTOMER).then(() => seen(colleague.page, COLLEAGUE)),
    ]);
    for (const { page } of [agent, colleague]) {
      await loud(page, CUSTOMER_SOUND);
      await loud(page, COLLEAGUE_SOUND);
    }
    await loud(kiosk.page, `${LEAD} video`);
    await loud(kiosk.page, `${OTHER} video`);
    // Who comes moves nothing.
    expect(await by(kiosk.page, 'call-frame').boundingBox()).toEqual(frame);
    expect(await by(kiosk.page, 'hang-up').boundingBox()).toEqual(side);
    await servesEverybody(kiosk, 'three in a call');
    await mustBeAccessible(agent, 'three in a call');
    await mustBeAccessible(colleague, 'helping');

    const open = await sent(kiosk.page);
    expect(open.level).toBeGreaterThan(LOUD);
    expect(isCamera(open)).toBe(true);

    // On hold: nothing of the customer leaves the kiosk, nothing of the others is seen or heard there.
    await agent.page.keyboard.press('h');
    await by(kiosk.page, 'hold').waitFor();
    await inState(agent, 'hold');
    await silent(kiosk.page);
    await still(kiosk.page, LEAD);
    const held = await sent(kiosk.page);
    expect(held.level).toBeLessThan(SILENT);
    expect(isCamera(held)).toBe(false);
    for (const { page } of [agent, colleague]) {
      await by(page, 'call-hold').waitFor();
      await silent(page, CUSTOMER_SOUND);
      await still(page, CUSTOMER);
      await loud(page, COLLEAGUE_SOUND);
    }
    await servesEverybody(kiosk, 'on hold');
    await mustBeAccessible(agent, 'the customer is on hold');

    // Over a reload of each it stays so.
    await kiosk.page.reload();
    await by(kiosk.page, 'hold').waitFor();
    await expect
      .poll(() => kiosk.page.evaluate(() => globalThis.sentTracks().length), { timeout: 20_000 })
      .toBeGreaterThan(1);
    expect(isCamera(await sent(kiosk.page))).toBe(false);
    await silent(kiosk.page);
    await agent.page.reload();
    await by(agent.page, 'call-hold').waitFor();
    await loud(agent.page, COLLEAGUE_SOUND);

    await by(agent.page, 'hold').click();
    await by(kiosk.page, 'hold').waitFor({ state: 'detached' });
    await Promise.all([seen(kiosk.page, LEAD), seen(agent.page, CUSTOMER), seen(colleague.page, CUSTOMER)]);
    await loud(kiosk.page, `${LEAD} video`);
    await loud(agent.page, CUSTOMER_SOUND);

    // The lead is passed with one question; who had it goes.
    await by(agent.page, 'look-people').click();
    await by(agent.page, 'pass-lead').click();
    await by(agent.page, 'pass-yes').click();
    await by(colleague.page, 'end-call').waitFor();
    await by(agent.page, 'leave-call').waitFor();
    await kiosk.page.locator('[data-testid="coming"] [data-is="leads"]').waitFor();
    expect(await by(kiosk.page, 'agent-name').textContent()).toContain('王伟');
    await seen(kiosk.page, LEAD);
    await by(agent.page, 'leave-call').click();
    await inState(agent, 'ready');
    await by(kiosk.page, 'person-tile').waitFor({ state: 'detached' });
    await seen(colleague.page, CUSTOMER);
    await loud(colleague.page, CUSTOMER_SOUND);
    await endCall(colleague);
    faultless(kiosk, agent, colleague);
  },
  MOST_MS,
);

test(
  'a supervisor listens unseen, whispers to the agent alone, joins and takes over; branch staff join from a tablet',
  async ({ lab: { server, browser, faultless } }) => {
    const kiosk = await openKiosk(browser, server.url);
    const agent = await readyAgent(browser, server.url);
    await joinQueue(kiosk, 'update-phone-number');
    await accept(agent);
    await seen(kiosk.page, LEAD);
    // With the agent muted, whatever is heard at the kiosk is somebody else's.
    await by(agent.page, 'mute').click();
    await silent(kiosk.page);

    const boss = await signIn(browser, server.url, { username: 'chen.jing' });
    const attends = (mode: string) => boss.page.locator(`[data-testid="attended"][data-mode="${mode}"]`).waitFor();
    await by(boss.page, 'area-calls').click();
    await by(agent.page, 'invite-open').click();
    await by(agent.page, 'ask-help').click();
    await by(boss.page, 'running-help').waitFor();
    await mustBeAccessible(boss, 'an agent asks for help');
    await by(boss.page, 'invitation-not-now').click();

    await by(boss.page, 'act-listening').click();
    await by(boss.page, 'reason-own').fill('a complaint of yesterday');
    await mustBeAccessible(boss, 'a reason is asked for');
    await by(boss.page, 'reason-go').click();
    await attends('listening');
    await seen(boss.page, '[data-testid="attended-customer"]');
    await loud(boss.page, CUSTOMER_SOUND);
    await agent.page.locator('[data-testid="quiet-person"][data-mode="listening"]').waitFor();
    expect(await by(kiosk.page, 'person-tile').count()).toBe(0);
    await silent(agent.page, COLLEAGUE_SOUND);
    await mustBeAccessible(boss, 'listening');

    await by(boss.page, 'change-whispering').click();
    await attends('whispering');
    await loud(agent.page, COLLEAGUE_SOUND);
    await silent(kiosk.page);
    await boss.page.reload();
    await attends('whispering');
    await loud(agent.page, COLLEAGUE_SOUND);
    await silent(kiosk.page);
    expect(await by(kiosk.page, 'person-tile').count()).toBe(0);

    await by(boss.page, 'change-joined').click();
    await by(boss.page, 'reason-quick').first().click();
    await attends('joined');
    await seen(kiosk.page, OTHER);
    await loud(kiosk.page, `${OTHER} video`);
    await seen(agent.page, COLLEAGUE);

    const branch = await signIn(browser, server.url, { username: 'zhang.min', width: 768, height: 1024 });
    await by(branch.page, 'area-calls').click();
    await by(branch.page, 'act-joined').click();
    await by(branch.page, 'reason-quick').first().click();
    await by(branch.page, 'attended').waitFor();
    await seen(branch.page, '[data-testid="attended-customer"]');
    await loud(branch.page, CUSTOMER_SOUND);
    await seen(kiosk.page, `${OTHER}[data-role="branch-staff"]`);
    await mustBeAccessible(branch, 'joined on a tablet');
    await branch.page.reload();
    await by(branch.page, 'attended').waitFor();
    await seen(kiosk.page, `${OTHER}[data-role="branch-staff"]`);
    await by(branch.page, 'leave-attended').click();
    await by(branch.page, 'attended').waitFor({ state: 'detached' });
    await kiosk.page.locator(`${OTHER}[data-role="branch-staff"]`).waitFor({ state: 'detached' });

    await by(boss.page, 'change-take-over').click();
    await by(boss.page, 'reason-quick').first().click();
    await by(boss.page, 'end-call').waitFor();
    await inState(agent, 'ready');
    await by(kiosk.page, 'person-tile').waitFor({ state: 'detached' });
    expect(await by(kiosk.page, 'agent-name').textContent()).toContain('陈静');
    await seen(kiosk.page, LEAD);
    await loud(kiosk.page, `${LEAD} video`);
    await seen(boss.page, CUSTOMER);
    await endCall(boss);
    faultless(kiosk, agent, boss, branch);
  },
  MOST_MS,
);
