import { expect } from 'vitest';
import { mustBeAccessible, stumblesOn } from './lab/accessible.ts';
import { signIn } from './lab/agent.ts';
import { openAllDay } from './lab/booking.ts';
import { by } from './lab/browser.ts';
import { test } from './lab/index.ts';
import { openKiosk } from './lab/kiosk.ts';
import { openPhone, type Phone } from './lab/phone.ts';

/** Takes fifteen minutes: two of them fill a half hour of the one agent. */
const SERVICE = 'open-personal-account';

/** From a phone's first screen to the times that are free. */
async function toTimes({ page }: Phone): Promise<void> {
  await by(page, 'language-en').click();
  await by(page, 'book-appointment').click();
  await by(page, 'service-search').fill('open an account');
  await by(page, `service-${SERVICE}`).click();
  await by(page, 'times').waitFor();
}
const timesOn = ({ page }: Phone) =>
  page.locator('[data-slot]').evaluateAll((all) => all.map((one) => one.getAttribute('data-testid') ?? ''));
async function bookFirst(phone: Phone): Promise<string> {
  const [first = ''] = await timesOn(phone);
  await by(phone.page, first).click();
  await by(phone.page, 'book-confirm').click();
  await by(phone.page, 'appointment-card').waitFor();
  return first;
}

test('a phone books a time and the kiosk checks in with its code; the branch sees it, and a full time is not offered', async ({
  lab: { server, browser, faultless },
}) => {
  await openAllDay(server.url);
  const found: string[] = [];
  const look = async ({ page }: Phone, screen: string) => void found.push(...(await stumblesOn(page, screen)));

  const phone = await openPhone(browser, server.url);
  await toTimes(phone);
  await look(phone, 'times');
  const slot = await bookFirst(phone);
  await look(phone, 'appointment');
  const second = await openPhone(browser, server.url);
  await toTimes(second);
  expect(await bookFirst(second)).toBe(slot);
  const third = await openPhone(browser, server.url);
  await toTimes(third);
  expect(await timesOn(third)).not.toContain(slot);

  const staff = await signIn(browser, server.url, { username: 'zhang.min' });
  await staff.page.locator('[data-testid="branch-appointment"][data-at="booked"]').nth(1).waitFor();
  const kiosk = await openKiosk(browser, server.url);
  await by(kiosk.page, 'language-en').click();
  await by(kiosk.page, 'have-code').click();
  await by(kiosk.page, 'code-entry').fill((await by(phone.page, 'code').textContent()) ?? '');
  await kiosk.page.locator('[data-testid="appointment-strip"][data-at="arrived"]').waitFor();
  await look(kiosk, 'checked in');
  await staff.page.locator('[data-testid="branch-appointment"][data-at="arrived"]').waitFor();
  await mustBeAccessible(staff, 'list of the day');
  await by(phone.page, 'followed').waitFor();
  expect(found).toEqual([]);
  faultless(phone, second, third, kiosk, staff);
});

test('the administrator plans: wrong lines are named where they are, and what a change would cut is shown before it is saved', async ({
  lab: { server, browser, faultless },
}) => {
  await openAllDay(server.url);
  const phone = await openPhone(browser, server.url);
  await toTimes(phone);
  await bookFirst(phone);

  const admin = await signIn(browser, server.url, { username: 'admin' });
  const { page } = admin;
  await by(page, 'area-appointments').click();
  await by(page, 'plan-day-family').selectOption('accounts');
  await by(page, 'plan-day-table').waitFor();
  expect(await by(page, 'plan-day-table').textContent()).toContain('15');
  await mustBeAccessible(admin, 'plan');
  const line = await page
    .locator('[data-testid="plan-shifts"] .plan-line select')
    .evaluateAll((all) => all.findIndex((one) => (one as HTMLSelectElement).value === 'accounts') / 3);
  await by(page, `plan-shifts-${line}-to`).selectOption('00:30');
  await by(page, `plan-shifts-${line}-from`).selectOption('01:00');
  await by(page, 'plan-wrong').waitFor();
  expect(await by(page, 'plan-save').isDisabled()).toBe(true);
  await mustBeAccessible(admin, 'plan with a wrong line');
  await by(page, `plan-shifts-${line}-from`).selectOption('00:00');
  await by(page, 'plan-day-cut').waitFor();
  await by(page, 'plan-save').click();
  expect(await by(page, 'plan-cuts').textContent()).toContain('15 minutes booked, 0 left');
  await mustBeAccessible(admin, 'what a change would cut');
  await by(page, 'plan-cut-yes').click();
  await by(page, 'plan-saved').waitFor();
  await page.reload();
  expect(await by(page, `plan-shifts-${line}-to`).inputValue()).toBe('00:30');

  await by(page, 'area-journeys').click();
  await by(page, 'journeys-none').waitFor();
  await mustBeAccessible(admin, 'journeys, none yet');
  faultless(admin, phone);
});
