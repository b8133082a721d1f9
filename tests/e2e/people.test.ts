import { expect } from 'vitest';
import { mustBeAccessible, stumblesOn } from './lab/accessible.ts';
import { accept, endCall, readyAgent, signIn, type Agent } from './lab/agent.ts';
import { by } from './lab/browser.ts';
import { test } from './lab/index.ts';
import { joinQueue, openKiosk, type Kiosk } from './lab/kiosk.ts';
import { inEveryLook, KIOSK_LOOKS } from './lab/looks.ts';
import { isCamera, record, recorded, rememberSent, sent } from './lab/media.ts';
import {
  COLLEAGUE_SOUND,
  CUSTOMER,
  CUSTOMER_SOUND,
  isOut,
  LEAD,
  loud,
  LOUD,
  meetsAtKiosk,
  meetsColleagues,
  meetsCustomer,
  OTHER,
  seen,
  silent,
  SILENT,
  still,
} from './lab/senses.ts';

/** Two minutes of looking and listening, on a busy machine (ms). */
const MOST_MS = 400_000;
const ATTENDED = '[data-testid="attended-customer"]';
const BRANCH_STAFF = `${OTHER}[data-role="branch-staff"]`;
const SUPERVISOR = `${OTHER}[data-role="supervisor"]`;

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
async function invite(agent: Agent, colleague: Agent, name: string): Promise<void> {
  await agent.page.keyboard.press('i');
  await by(agent.page, 'colleague').waitFor();
  await agent.page.keyboard.type(name);
  await agent.page.keyboard.press('ArrowDown');
  await agent.page.keyboard.press('Enter');
  await by(colleague.page, 'invitation-come').click();
  await by(colleague.page, 'leave-call').waitFor();
}

/** Who leads gives the lead to the one expert in the call, with one question. */
async function passLead(from: Agent, to: Agent): Promise<void> {
  await by(from.page, 'look-people').click();
  await by(from.page, 'pass-lead').click();
  await by(from.page, 'pass-yes').click();
  await by(to.page, 'end-call').waitFor();
  await by(from.page, 'leave-call').waitFor();
}

/** Nothing of the customer leaves the kiosk, nobody is seen or heard there, and the customer nowhere else. */
async function isHeld({ page }: Kiosk, desks: Agent[]): Promise<void> {
  await by(page, 'hold').waitFor();
  await silent(page);
  await Promise.all([still(page, LEAD), still(page, OTHER)]);
  const held = await sent(page);
  expect(held.level).toBeLessThan(SILENT);
  expect(isCamera(held)).toBe(false);
  await Promise.all(
    desks.map(async (desk) => {
      await by(desk.page, 'call-hold').waitFor();
      await Promise.all([silent(desk.page, CUSTOMER_SOUND), still(desk.page, CUSTOMER)]);
    }),
  );
}

test(
  'a colleague is asked into a call, three see and hear each other, hold stops both directions, and the lead is passed, also from a hold',
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
    await invite(agent, colleague, '王');

    // All three ways, pictures and sound.
    await by(kiosk.page, 'coming').waitFor();
    await Promise.all([
      meetsAtKiosk(kiosk.page, LEAD, OTHER),
      meetsCustomer(agent.page),
      meetsColleagues(agent.page, 'expert'),
      meetsCustomer(colleague.page),
      meetsColleagues(colleague.page, 'agent'),
    ]);
    // Who comes moves nothing.
    expect(await by(kiosk.page, 'call-frame').boundingBox()).toEqual(frame);
    expect(await by(kiosk.page, 'hang-up').boundingBox()).toEqual(side);
    await servesEverybody(kiosk, 'three in a call');
    await mustBeAccessible(agent, 'three in a call');
    await mustBeAccessible(colleague, 'helping');

    const open = await sent(kiosk.page);
    expect(open.level).toBeGreaterThan(LOUD);
    expect(isCamera(open)).toBe(true);

    await agent.page.keyboard.press('h');
    await inState(agent, 'hold');
    await isHeld(kiosk, [agent, colleague]);
    await Promise.all([meetsColleagues(agent.page, 'expert'), meetsColleagues(colleague.page, 'agent')]);
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
    await Promise.all([
      meetsAtKiosk(kiosk.page, LEAD, OTHER),
      meetsCustomer(agent.page),
      meetsCustomer(colleague.page),
    ]);

    // The lead is passed with one question; who had it goes.
    await passLead(agent, colleague);
    await kiosk.page.locator('[data-testid="coming"] [data-is="leads"]').waitFor();
    expect(await by(kiosk.page, 'agent-name').textContent()).toContain('王伟');
    await meetsAtKiosk(kiosk.page, LEAD);
    await by(agent.page, 'leave-call').click();
    await inState(agent, 'ready');
    await by(kiosk.page, 'person-tile').waitFor({ state: 'detached' });
    await Promise.all([meetsAtKiosk(kiosk.page, LEAD), meetsCustomer(colleague.page), isOut(agent.page)]);

    // A warm transfer: consulted while the customer holds, introduced, alone with the customer.
    await by(colleague.page, 'hold').click();
    await by(kiosk.page, 'hold').waitFor();
    await invite(colleague, agent, '李');
    await by(kiosk.page, 'person-tile').waitFor({ state: 'attached' });
    await isHeld(kiosk, [colleague, agent]);
    await Promise.all([meetsColleagues(colleague.page, 'expert'), meetsColleagues(agent.page, 'agent')]);
    await passLead(colleague, agent);
    // Who takes over talks with the customer: the hold is over.
    await by(kiosk.page, 'hold').waitFor({ state: 'detached' });
    expect(await by(kiosk.page, 'agent-name').textContent()).toContain('李娜');
    await Promise.all([
      meetsAtKiosk(kiosk.page, LEAD, OTHER),
      meetsCustomer(agent.page),
      meetsCustomer(colleague.page),
    ]);
    await by(colleague.page, 'leave-call').click();
    await inState(colleague, 'ready');
    await by(kiosk.page, 'person-tile').waitFor({ state: 'detached' });
    await Promise.all([meetsAtKiosk(kiosk.page, LEAD), meetsCustomer(agent.page), isOut(colleague.page)]);
    await endCall(agent);
    faultless(kiosk, agent, colleague);
  },
  MOST_MS,
);

test(
  'a supervisor listens unseen, whispers to the agent alone, joins, comes when asked for help and takes over; branch staff join from a tablet',
  async ({ lab: { server, browser, faultless } }) => {
    const kiosk = await openKiosk(browser, server.url);
    const agent = await readyAgent(browser, server.url);
    await joinQueue(kiosk, 'update-phone-number');
    await accept(agent);
    await seen(kiosk.page, LEAD);
    // With the agent muted, whatever is heard at the kiosk is somebody else's.
    await by(agent.page, 'mute').click();
    await silent(kiosk.page);
    await record(kiosk.page);

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
    await meetsCustomer(boss.page, ATTENDED);
    await agent.page.locator('[data-testid="quiet-person"][data-mode="listening"]').waitFor();
    expect(await by(kiosk.page, 'person-tile').count()).toBe(0);
    await silent(agent.page, COLLEAGUE_SOUND);
    await mustBeAccessible(boss, 'listening');

    await by(boss.page, 'change-whispering').click();
    await attends('whispering');
    await loud(agent.page, COLLEAGUE_SOUND);
    await boss.page.reload();
    await attends('whispering');
    await loud(agent.page, COLLEAGUE_SOUND);
    await by(agent.page, 'hold').click();
    await by(kiosk.page, 'hold').waitFor();
    await loud(agent.page, COLLEAGUE_SOUND);
    await by(agent.page, 'hold').click();
    await by(kiosk.page, 'hold').waitFor({ state: 'detached' });
    await seen(kiosk.page, LEAD);
    await loud(agent.page, COLLEAGUE_SOUND);
    expect(await by(kiosk.page, 'person-tile').count()).toBe(0);
    // Not for a moment, at any change, did the customer hear a whisper.
    expect(await recorded(kiosk.page)).toBeLessThan(SILENT);

    await by(boss.page, 'change-joined').click();
    await by(boss.page, 'reason-quick').first().click();
    await attends('joined');
    await Promise.all([meetsAtKiosk(kiosk.page, SUPERVISOR), meetsColleagues(agent.page, 'supervisor')]);
    // What heard no whisper does hear the supervisor who speaks to all.
    expect(await recorded(kiosk.page)).toBeGreaterThan(LOUD);
    await by(agent.page, 'mute').click();

    const branch = await signIn(browser, server.url, { username: 'zhang.min', width: 768, height: 1024 });
    await by(branch.page, 'area-calls').click();
    await by(branch.page, 'act-joined').click();
    await by(branch.page, 'reason-quick').first().click();
    await by(branch.page, 'attended').waitFor();
    await kiosk.page.locator(BRANCH_STAFF).waitFor();
    await Promise.all([
      meetsAtKiosk(kiosk.page, LEAD, SUPERVISOR, BRANCH_STAFF),
      meetsCustomer(agent.page),
      meetsColleagues(agent.page, 'supervisor', 'branch-staff'),
      meetsCustomer(boss.page, ATTENDED),
      meetsColleagues(boss.page, 'agent', 'branch-staff'),
      meetsCustomer(branch.page, ATTENDED),
      meetsColleagues(branch.page, 'agent', 'supervisor'),
    ]);
    await mustBeAccessible(branch, 'joined on a tablet');
    await branch.page.reload();
    await by(branch.page, 'attended').waitFor();
    await meetsAtKiosk(kiosk.page, BRANCH_STAFF);
    for (const { page } of [branch, boss]) {
      await by(page, 'leave-attended').click();
      await by(page, 'attended').waitFor({ state: 'detached' });
    }
    await by(kiosk.page, 'person-tile').waitFor({ state: 'detached' });
    await Promise.all([isOut(branch.page), isOut(boss.page)]);

    // Asked for help once more, the supervisor comes by the invitation, and needs no reason.
    await by(agent.page, 'ask-help').click();
    await by(boss.page, 'invitation-come').click();
    await attends('joined');
    await kiosk.page.locator(SUPERVISOR).waitFor();
    await Promise.all([
      meetsAtKiosk(kiosk.page, SUPERVISOR),
      meetsColleagues(agent.page, 'supervisor'),
      meetsCustomer(boss.page, ATTENDED),
    ]);

    await by(boss.page, 'change-take-over').click();
    await by(boss.page, 'reason-quick').first().click();
    await by(boss.page, 'end-call').waitFor();
    await inState(agent, 'ready');
    await by(kiosk.page, 'person-tile').waitFor({ state: 'detached' });
    expect(await by(kiosk.page, 'agent-name').textContent()).toContain('陈静');
    await Promise.all([meetsAtKiosk(kiosk.page, LEAD), meetsCustomer(boss.page), isOut(agent.page)]);
    await endCall(boss);
    faultless(kiosk, agent, boss, branch);
  },
  MOST_MS,
);
