import { expect } from 'vitest';
import { accept, readyAgent, signIn, type Agent } from './lab/agent.ts';
import { by } from './lab/browser.ts';
import { test } from './lab/index.ts';
import { joinQueue, openKiosk, type Kiosk } from './lab/kiosk.ts';
import { isOut, LEAD, meetsAtKiosk, meetsCustomer } from './lab/senses.ts';

/** The customer and who serves now see and hear each other; those who were in the call neither see nor hear anything. */
const goesOver = (kiosk: Kiosk, agent: Agent, ...before: Agent[]) =>
  Promise.all([meetsAtKiosk(kiosk.page, LEAD), meetsCustomer(agent.page), ...before.map(({ page }) => isOut(page))]);

test('an agent passes the customer on with a note, which the colleague reads before and in the call; then to a queue, with branch staff in the call, and back to anybody', async ({
  lab: { server, browser, faultless },
}) => {
  const kiosk = await openKiosk(browser, server.url);
  const agent = await readyAgent(browser, server.url);
  await joinQueue(kiosk, 'update-phone-number');
  await by(agent.page, 'offer-card').waitFor();
  await accept(agent);
  const colleague = await readyAgent(browser, server.url, 'emma.brown');
  faultless(kiosk, agent, colleague);

  await agent.page.keyboard.press('i');
  await by(agent.page, 'people-transfer').click();
  await by(agent.page, 'transfer-note').fill("Mr O'Neil asks about the fees");
  await by(agent.page, 'colleague').click();
  await by(agent.page, 'transfer-yes').click();
  await by(agent.page, 'wrap-up').waitFor();

  await by(colleague.page, 'passed-on').waitFor();
  expect(await by(colleague.page, 'passed-on').innerText()).toContain("Mr O'Neil asks about the fees");
  // Nobody is seen or heard before the colleague accepts.
  await isOut(agent.page);
  await accept(colleague);
  expect(await by(colleague.page, 'call-passed-on').innerText()).toContain('李娜');
  await goesOver(kiosk, colleague, agent);

  // Branch staff stand beside the customer and do not hinder it; the call that they were in is over.
  const branch = await signIn(browser, server.url, { username: 'zhang.min' });
  await by(branch.page, 'area-calls').click();
  await by(branch.page, 'act-joined').click();
  await by(branch.page, 'reason-quick').first().click();
  await by(branch.page, 'attended').waitFor();
  await meetsAtKiosk(kiosk.page, '[data-testid="person-tile"]');
  const third = await readyAgent(browser, server.url, 'chen.jing');
  faultless(branch, third);
  await colleague.page.keyboard.press('i');
  await by(colleague.page, 'people-transfer').click();
  const target = by(colleague.page, 'transfer-target');
  const queue = target.locator('option[value="queue:personal"]');
  await expect.poll(() => queue.innerText(), { timeout: 15_000 }).toBe('Personal banking (2 on duty, 1 free)');
  await target.selectOption('queue:personal');
  await by(colleague.page, 'transfer-to').click();
  await by(colleague.page, 'transfer-yes').click();
  await by(colleague.page, 'wrap-up').waitFor();
  await by(branch.page, 'attending-over').waitFor();
  await accept(third);
  await by(kiosk.page, 'person-tile').waitFor({ state: 'detached' });
  await goesOver(kiosk, third, agent, colleague, branch);

  // To whoever can: the first agent, who is free again.
  await by(agent.page, 'outcome-complete').click();
  await by(agent.page, 'wrap-up-ready').click();
  await third.page.keyboard.press('i');
  await by(third.page, 'people-transfer').click();
  await by(third.page, 'transfer-any').click();
  await by(third.page, 'transfer-yes').click();
  await by(third.page, 'wrap-up').waitFor();
  await accept(agent);
  await goesOver(kiosk, agent, colleague, third);
}, 240_000);

test('to a skill: nobody there is said before anything is sent; then only who has it is rung, and the kiosk says what for', async ({
  lab: { server, browser, faultless },
}) => {
  const kiosk = await openKiosk(browser, server.url);
  const agent = await readyAgent(browser, server.url);
  await joinQueue(kiosk, 'update-phone-number', { language: 'zh-CN' });
  await by(agent.page, 'offer-card').waitFor();
  await accept(agent);
  // She speaks no Chinese, and knows no cards.
  const other = await readyAgent(browser, server.url, 'emma.brown');
  faultless(kiosk, agent, other);

  const { keyboard } = agent.page;
  await keyboard.press('i');
  await by(agent.page, 'people-transfer').click();
  await by(agent.page, 'transfer-note').fill('Asks about card fees');
  const target = by(agent.page, 'transfer-target');
  const cards = target.locator('option[value="skill:cards"]');
  await expect.poll(() => cards.innerText(), { timeout: 15_000 }).toBe('Cards (nobody on duty now)');
  await target.selectOption('skill:cards');
  await target.press('Tab');
  await keyboard.press('Enter');
  await by(agent.page, 'transfer-nobody').waitFor();
  await keyboard.press('Escape');
  await by(agent.page, 'transfer-yes').waitFor({ state: 'detached' });
  expect(await by(agent.page, 'end-call').isVisible()).toBe(true);

  const colleague = await readyAgent(browser, server.url, 'wang.wei');
  faultless(colleague);
  await expect.poll(() => cards.innerText(), { timeout: 15_000 }).toBe('Cards (1 on duty, 1 free)');
  await by(agent.page, 'transfer-to').click();
  expect(await by(agent.page, 'transfer-nobody').count()).toBe(0);
  // Pressed twice it is one transfer.
  await by(agent.page, 'transfer-yes').dblclick();
  await by(agent.page, 'wrap-up').waitFor();
  await by(colleague.page, 'passed-on').waitFor();
  expect(await by(colleague.page, 'passed-on').innerText()).toContain('Asks about card fees');
  expect(await kiosk.page.locator('h1').innerText()).toMatch(/柜员|银行卡/);
  expect(await by(other.page, 'offer-card').count()).toBe(0);
  await accept(colleague);
  await goesOver(kiosk, colleague, agent);
  expect(await by(agent.page, 'offer-card').count()).toBe(0);
});
