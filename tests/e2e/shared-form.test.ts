import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { mustBeAccessible, stumblesOn } from './lab/accessible.ts';
import { accept, readyAgent } from './lab/agent.ts';
import { by } from './lab/browser.ts';
import { test } from './lab/index.ts';
import { joinQueue, openKiosk } from './lab/kiosk.ts';

const SOON = { timeout: 10_000 };
const textOf = (page: Page, id: string) => by(page, id).textContent();
test('in a call customer and agent fill in one form: each sees the other live, a sensitive field stays masked, a conflict is shown and settled', async ({
  lab: { server, browser, faultless },
}) => {
  const kiosk = await openKiosk(browser, server.url);
  const agent = await readyAgent(browser, server.url);
  await joinQueue(kiosk, 'update-phone-number');
  await by(agent.page, 'offer-card').waitFor();
  await accept(agent);

  // The customer opens the form, and a field in it: the agent sees where, and what is typed, before it is saved.
  await by(kiosk.page, 'sharing-open').click();
  await by(kiosk.page, 'change-fullName').click();
  await by(agent.page, 'customer-at-fullName').waitFor();
  // A name with a digit is not right, and so not saved.
  await by(kiosk.page, 'input-fullName').press('End');
  await by(kiosk.page, 'input-fullName').pressSequentially(' I2', { delay: 60 });
  await expect.poll(() => textOf(agent.page, 'customer-draft-fullName'), SOON).toBe("张伟 O'Neil I2");
  // 10,000 rare characters at once: what fits is taken, and it is said that the rest was not.
  await by(kiosk.page, 'input-fullName').fill('𠮷'.repeat(10_000));
  await by(kiosk.page, 'cut-fullName').waitFor();
  expect(await by(kiosk.page, 'input-fullName').inputValue()).toBe('𠮷'.repeat(60));
  await by(kiosk.page, 'input-fullName').fill("张伟 O'Neil");
  await by(kiosk.page, 'sharing-done').click();
  await by(agent.page, 'customer-at-fullName').waitFor({ state: 'detached' });

  // The agent asks for a sensitive field: the kiosk goes there, and what is typed stays there.
  await by(agent.page, 'ask-field-newPhone').click();
  await by(kiosk.page, 'input-newPhone').waitFor();
  await by(kiosk.page, 'input-newPhone').fill('1371234');
  await agent.page.locator('[data-testid="customer-at-newPhone"][data-typing="true"]').waitFor();
  expect(await agent.page.content()).not.toContain('1371234');
  await mustBeAccessible(agent, 'desk, the customer types');
  await by(kiosk.page, 'input-newPhone').fill('13712345678');
  await by(kiosk.page, 'sharing-done').click();
  await expect.poll(() => textOf(agent.page, 'fact-newPhone'), SOON).toMatch(/•+5678/);
  expect(await agent.page.content()).not.toContain('13712345678');

  // The agent types: the customer sees it in the list, then is asked.
  await by(agent.page, 'correct-fullName').click();
  await by(agent.page, 'corrected-fullName').fill('张伟');
  await expect.poll(() => textOf(kiosk.page, 'teller-draft-fullName'), SOON).toBe('张伟');
  expect(await stumblesOn(kiosk.page, 'the form in a call')).toEqual([]);
  await by(agent.page, 'correct-save-fullName').click();
  await by(kiosk.page, 'changed-yes').click();
  await by(kiosk.page, 'teller-at-fullName').waitFor({ state: 'detached' });
  await expect.poll(() => textOf(kiosk.page, 'review-fullName'), SOON).toContain('张伟');

  // Both at one field: the customer is first, and the agent is shown both.
  await by(agent.page, 'correct-fullName').click();
  await by(agent.page, 'corrected-fullName').fill('张三');
  await by(kiosk.page, 'change-fullName').click();
  await by(kiosk.page, 'input-fullName').fill('张四');
  await by(kiosk.page, 'sharing-done').click();
  await by(agent.page, 'conflict-fullName').waitFor();
  expect(await textOf(agent.page, 'conflict-fullName')).toMatch(/张四.*张三/s);
  await mustBeAccessible(agent, 'desk, a conflict');
  await by(agent.page, 'conflict-theirs-fullName').click();
  expect(await textOf(agent.page, 'fact-fullName')).toContain('张四');

  // The agent is first, while the customer types what is not right yet and so can't be saved.
  await by(agent.page, 'correct-fullName').click();
  await by(agent.page, 'corrected-fullName').fill('张五');
  await by(kiosk.page, 'change-fullName').click();
  await by(kiosk.page, 'input-fullName').fill('张六 6');
  await by(agent.page, 'correct-save-fullName').click();
  await by(kiosk.page, 'conflict').waitFor();
  expect(await textOf(kiosk.page, 'conflict-theirs')).toContain('张五');
  expect(await stumblesOn(kiosk.page, 'a conflict in a call')).toEqual([]);
  await by(kiosk.page, 'conflict-mine').click();
  await by(kiosk.page, 'input-fullName').fill('张六');
  await expect.poll(() => textOf(agent.page, 'fact-fullName'), SOON).toContain('张六');
  await by(agent.page, 'unsettled-fullName').waitFor({ state: 'detached' });

  // A line that is lost takes the customer's place with it; the call goes on where it was.
  await by(agent.page, 'customer-at-fullName').waitFor();
  await kiosk.page.reload();
  await by(agent.page, 'customer-at-fullName').waitFor({ state: 'detached' });
  await by(kiosk.page, 'sharing-open').waitFor();
  faultless(kiosk, agent);
});
