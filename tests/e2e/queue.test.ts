import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { mustBeAccessible } from './lab/accessible.ts';
import { accept, endCall, readyAgent, signIn } from './lab/agent.ts';
import { by } from './lab/browser.ts';
import { test } from './lab/index.ts';
import { joinQueue, openKiosk } from './lab/kiosk.ts';

const focusedId = (page: Page) =>
  page.evaluate(() => document.activeElement?.getAttribute('data-testid') ?? document.activeElement?.tagName);

/** The parts of the score that is shown, and the sum beside them. */
const scoreOn = (page: Page) =>
  by(page, 'explain-score').evaluate((table) => {
    const points = [...table.querySelectorAll('tbody td')].map((one) => Number(one.textContent));
    return {
      sum: points.reduce((all, one) => all + one, 0),
      shown: Number(table.querySelector('[data-testid="explain-total"]')?.textContent),
    };
  });

test('a supervisor sees who waits and why, and an agent why they were asked', async ({
  lab: { server, browser, faultless },
}) => {
  const kiosk = await openKiosk(browser, server.url);
  await joinQueue(kiosk, 'replace-lost-card');

  const supervisor = await signIn(browser, server.url, { username: 'chen.jing' });
  const board = supervisor.page;
  await by(board, 'area-queue').click();
  await by(board, 'queue-ticket').waitFor();
  expect(await by(board, 'queue-waiting').textContent()).toBe('1');
  await by(board, 'agents-none').waitFor();
  await mustBeAccessible(supervisor, 'queue board');

  await by(board, 'queue-why').focus();
  await board.keyboard.press('Enter');
  await by(board, 'explain-total').waitFor();
  expect(await by(board, 'explain-why').getAttribute('data-why')).toBe('nobody');
  const score = await scoreOn(board);
  expect(score.shown).toBe(score.sum);
  await mustBeAccessible(supervisor, 'explanation');
  await board.keyboard.press('Escape');
  await by(board, 'explain').waitFor({ state: 'detached' });
  expect(await focusedId(board)).toBe('queue-why');

  const agent = await readyAgent(browser, server.url);
  await by(agent.page, 'offer-why').waitFor();
  await by(agent.page, 'offer-explain').click();
  await by(agent.page, 'explain-offer').waitFor();
  await mustBeAccessible(agent, 'offer with its explanation');
  await by(board, 'queue-why').click();
  await board.locator('[data-testid="explain-why"][data-why="coming"]').waitFor();
  await board.locator('[data-testid="queue-agent"][data-at="offered"]').waitFor();
  await accept(agent);
  await board.locator('[data-testid="explain-offer"][data-how="accepted"]').waitFor();
  await by(board, 'queue-none').waitFor();
  await board.locator('[data-testid="queue-agent"][data-at="in-call"]').waitFor();

  await endCall(agent);
  await by(agent.page, 'wrap-up-left').waitFor();
  faultless(kiosk, supervisor, agent);
});

test('an administrator tries rules on a day and puts them in force; a flaw leads to its line, and nothing typed is lost', async ({
  lab: { server, browser, faultless },
}) => {
  const admin = await signIn(browser, server.url, { username: 'admin' });
  const { page } = admin;
  await by(page, 'area-rules').click();
  const box = by(page, 'rules-text');
  await box.waitFor();
  const shipped = await box.inputValue();
  await mustBeAccessible(admin, 'queue rules');

  const flawed = shipped.replace('"preferredSeconds": 15', '"preferredSeconds": "soon"');
  await box.fill(flawed);
  await by(page, 'rules-put').click();
  const line = flawed.split('\n').findIndex((one) => one.includes('"soon"')) + 1;
  await page.locator(`[data-testid="rules-flaw"][data-line="${line}"]`).click();
  expect(
    await box.evaluate((one: HTMLTextAreaElement) => one.value.slice(one.selectionStart, one.selectionEnd)),
  ).toContain('"soon"');
  await mustBeAccessible(admin, 'queue rules with a flaw');

  const better = shipped.replace('"elder": 120', '"elder": 300');
  await box.fill(better);
  page.once('dialog', (dialog) => void dialog.accept());
  await page.reload();
  await by(page, 'rules-changed').waitFor();
  expect(await box.inputValue()).toBe(better);
  await by(page, 'try-run').click();
  await by(page, 'compare-table').waitFor();
  await mustBeAccessible(admin, 'queue rules tried on a day');

  await by(page, 'area-services').click();
  await by(page, 'rules-stay').click();
  await by(page, 'rules-put').click();
  expect(await by(page, 'rules-changes').textContent()).toContain('weights.elder');
  await mustBeAccessible(admin, 'queue rules to be put in force');
  await by(page, 'rules-confirm-yes').click();
  await by(page, 'rules-done').waitFor();
  expect(await by(page, 'rules-version').getAttribute('data-version')).toBe('1');

  const reader = await signIn(browser, server.url, { username: 'chen.jing' });
  await by(reader.page, 'area-rules').click();
  await by(reader.page, 'rules-text').waitFor();
  expect(await by(reader.page, 'rules-text').inputValue()).toBe(better);
  expect(await by(reader.page, 'rules-put').count()).toBe(0);
  faultless(admin, reader);
});
