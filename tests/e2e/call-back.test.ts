import { expect } from 'vitest';
import { stumblesOn } from './lab/accessible.ts';
import { signIn } from './lab/agent.ts';
import { by } from './lab/browser.ts';
import { test } from './lab/index.ts';
import { ENTRIES, joinQueue, openKiosk } from './lab/kiosk.ts';

test('whom nobody can serve now chooses to be called back; the kiosk is free, and the code brings everything back', async ({
  lab: { server, browser, faultless },
}) => {
  const kiosk = await openKiosk(browser, server.url);
  const { page } = kiosk;
  const found: string[] = [];
  const look = async (screen: string) => void found.push(...(await stumblesOn(page, screen)));
  await joinQueue(kiosk, 'replace-lost-card');
  await by(page, 'wait-choices').waitFor();
  expect(await by(page, 'title').textContent()).toMatch(/no teller/i);
  await look('choices');
  await by(page, 'wait-on').click();
  await by(page, 'self-tile').waitFor();
  await by(page, 'other-ways').click();
  await by(page, 'call-back').click();

  // Known from the form, and checked like any number.
  const phone = by(page, 'call-back-phone');
  expect(await phone.inputValue()).toBe(ENTRIES['phone']);
  await look('number');
  await phone.fill('12345');
  await by(page, 'call-back-confirm').click();
  await by(page, 'call-back-problem').waitFor();
  await look('wrong number');
  await phone.fill('');
  for (const key of '13911112222') await by(page, 'number-pad').getByText(key, { exact: true }).click();
  await by(page, 'call-back-confirm').click();
  await by(page, 'kept-place').waitFor();
  expect(await by(page, 'kept-phone').textContent()).toContain('139****2222');
  await page.locator('[data-testid="qr"][data-drawn="true"]').waitFor();
  await look('kept place');
  // A reload loses neither the code nor the way back to the first screen.
  const code = (await by(page, 'code').textContent()) ?? '';
  await page.reload();
  await by(page, 'kept-place').waitFor();
  expect(await by(page, 'code').textContent()).toBe(code);
  expect(await by(page, 'kept-phone').count()).toBe(0);
  await by(page, 'kept-done').click();
  await by(page, 'start').waitFor();

  const second = await openKiosk(browser, server.url, { number: 2 });
  await by(second.page, 'language-en').click();
  await by(second.page, 'have-code').click();
  await by(second.page, 'code-entry').fill(code);
  await by(second.page, 'form-join').click();
  await by(second.page, 'waiting-position').waitFor();
  const agent = await signIn(browser, server.url, { username: 'li.na' });
  await by(agent.page, 'check-done').click();
  await by(agent.page, 'go-ready').click();
  await by(agent.page, 'offer-card').waitFor();
  await second.page.locator('[data-testid="waiting"][data-state="coming"]').waitFor();
  expect(found).toEqual([]);
  faultless(kiosk, second, agent);
});
