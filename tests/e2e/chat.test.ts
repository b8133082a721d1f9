import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { mustBeAccessible, stumblesOn } from './lab/accessible.ts';
import { accept, endCall, readyAgent } from './lab/agent.ts';
import { by } from './lab/browser.ts';
import { test } from './lab/index.ts';
import { joinQueue, openKiosk } from './lab/kiosk.ts';
import { inEveryLook, KIOSK_LOOKS } from './lab/looks.ts';

const SOON = { timeout: 10_000 };
const wordsOn = (page: Page) => by(page, 'chat-words').allInnerTexts();
const reads = (page: Page, words: string[]) => expect.poll(() => wordsOn(page), SOON).toEqual(words);
const stateOfLast = (page: Page) => by(page, 'chat-message').last().getAttribute('data-state');

test('agent and customer write to each other: quick phrases in each one’s language, marks, a reload, a cut line, a request in front of it', async ({
  lab: { server, browser, faultless },
}) => {
  const kiosk = await openKiosk(browser, server.url, { width: 1280, height: 800, touch: true });
  const agent = await readyAgent(browser, server.url);
  await joinQueue(kiosk, 'replace-lost-card', { language: 'zh-CN' });
  await by(agent.page, 'offer-card').waitFor();
  await accept(agent);

  // By the key: the pane opens, and one writes at once.
  await agent.page.locator('body').press('/');
  await expect
    .poll(() => by(agent.page, 'chat-input').evaluate((one) => one === document.activeElement), SOON)
    .toBe(true);
  await agent.page.keyboard.type('Is it the blue card, O’Neil? <b>1 & 2</b>');
  await agent.page.keyboard.press('Enter');
  await expect
    .poll(() => by(kiosk.page, 'chat-card-words').innerText(), SOON)
    .toBe('Is it the blue card, O’Neil? <b>1 & 2</b>');
  // It stands there whole: that is as good as read.
  await expect.poll(() => stateOfLast(agent.page), SOON).toBe('seen');
  await mustBeAccessible(agent, 'desk with messages');

  // Each reads a quick phrase in the own language.
  await by(agent.page, 'phrase-card-closer').click();
  await expect.poll(() => by(kiosk.page, 'chat-card-words').innerText(), SOON).toBe('请把证件放平，靠近摄像头。');
  await expect.poll(() => by(agent.page, 'chat-words').last().innerText(), SOON).toMatch(/^Please lay your document/);
  await by(agent.page, 'look-case').click();
  await by(kiosk.page, 'chat-open').tap();
  await by(kiosk.page, 'answer-cannot-hear').tap();
  await expect.poll(() => by(agent.page, 'chat-unread').innerText(), SOON).toBe('1');
  await expect.poll(() => stateOfLast(kiosk.page), SOON).toBe('delivered');
  await by(agent.page, 'look-chat').click();
  await by(agent.page, 'chat-unread').waitFor({ state: 'detached' });
  await expect.poll(() => by(agent.page, 'chat-words').last().innerText(), SOON).toBe('I cannot hear you');
  await expect.poll(() => stateOfLast(kiosk.page), SOON).toBe('seen');

  // The customer writes with the keys on the screen.
  await by(kiosk.page, 'chat-input').tap();
  await by(kiosk.page, 'keyboard').waitFor();
  for (const key of ['key-language', 'key-o', 'key-k']) await by(kiosk.page, key).tap();
  await by(kiosk.page, 'key-done').tap();
  await by(kiosk.page, 'chat-send').tap();
  await expect.poll(() => by(agent.page, 'chat-words').last().innerText(), SOON).toBe('ok');
  const all = await wordsOn(agent.page);
  expect(all).toHaveLength(4);

  // Both reload: all of it is there, and what the agent was writing.
  await by(agent.page, 'chat-input').fill('half a sent');
  await Promise.all([agent.page.reload(), kiosk.page.reload()]);
  await by(agent.page, 'look-chat').click();
  await reads(agent.page, all);
  expect(await by(agent.page, 'chat-input').inputValue()).toBe('half a sent');
  await by(kiosk.page, 'chat-open').tap();
  await expect.poll(async () => (await wordsOn(kiosk.page)).length, SOON).toBe(4);

  // The line is away: what is written waits, and comes once, in its order.
  await kiosk.context.setOffline(true);
  await by(kiosk.page, 'answer-yes').tap();
  await by(kiosk.page, 'answer-repeat').tap();
  await expect.poll(() => stateOfLast(kiosk.page), SOON).toBe('sending');
  await kiosk.page.waitForTimeout(1_000);
  await kiosk.context.setOffline(false);
  await reads(agent.page, [...all, 'Yes', 'Please repeat']);
  await expect.poll(() => stateOfLast(kiosk.page), SOON).toBe('seen');

  // What the agent asks for comes in front of the messages, and does not wait.
  await by(agent.page, 'ask-document').first().click();
  await by(kiosk.page, 'capture').waitFor();
  await by(agent.page, 'phrase-card-closer').click();
  await expect.poll(() => by(kiosk.page, 'chat-open').getAttribute('data-unread'), SOON).toBe('1');
  await by(kiosk.page, 'chat-open').tap();
  await by(kiosk.page, 'chat-screen').waitFor();
  await by(kiosk.page, 'chat-close').tap();
  await by(kiosk.page, 'capture').waitFor();

  await endCall(agent);
  await by(kiosk.page, 'chat-open').waitFor({ state: 'detached' });
  // It can be read at the wrap-up, and nothing is added.
  await reads(agent.page, [...all, 'Yes', 'Please repeat', 'Please lay your document flat, closer to the camera.']);
  expect(await by(agent.page, 'chat-input').count()).toBe(0);
  faultless(kiosk, agent);
}, 180_000);

test('the messages serve everybody at the kiosk, in each mode and language', async ({
  lab: { server, browser, faultless },
}) => {
  const kiosk = await openKiosk(browser, server.url);
  await kiosk.page.emulateMedia({ reducedMotion: 'reduce' });
  const agent = await readyAgent(browser, server.url);
  await joinQueue(kiosk, 'replace-lost-card');
  await by(agent.page, 'offer-card').waitFor();
  await accept(agent);
  await by(agent.page, 'look-chat').click();
  for (const phrase of ['hello', 'never-codes']) await by(agent.page, `phrase-${phrase}`).click();
  await by(kiosk.page, 'chat-card').waitFor();
  const found: string[] = [];
  const look = (screen: string) =>
    inEveryLook(kiosk.page, KIOSK_LOOKS, async (name) => {
      found.push(...(await stumblesOn(kiosk.page, `${screen}, ${name}`)));
    });
  await look('a message beside the picture');
  await by(kiosk.page, 'chat-open').click();
  await by(kiosk.page, 'chat-screen').waitFor();
  await by(kiosk.page, 'answer-repeat').click();
  await look('the messages');
  expect(found).toEqual([]);
  faultless(kiosk, agent);
}, 240_000);
