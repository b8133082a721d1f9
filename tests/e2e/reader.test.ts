import { expect } from 'vitest';
import { simulatedCustomers } from '../../server/src/modules/core/simulator/customers.ts';
import { createHttp } from '../integration/lab/http.ts';
import { stumblesOn } from './lab/accessible.ts';
import { by } from './lab/browser.ts';
import { test } from './lab/index.ts';
import { openKiosk } from './lab/kiosk.ts';
import { openPhone } from './lab/phone.ts';

/** The demonstration's first kiosk. */
const KIOSK = '00000000-0000-4000-8000-0000000000a1';

test('a card fills the form, after one that can’t be read; a day and an amount are chosen by finger and by keyboard', async ({
  lab: { server, browser, faultless },
}) => {
  const kiosk = await openKiosk(browser, server.url, { touch: true });
  const { page } = kiosk;
  const stumbles: string[] = [];
  const look = async (screen: string) => void stumbles.push(...(await stumblesOn(page, screen)));
  const next = () => by(page, 'form-next').tap();
  const originOf = (name: string) => page.locator(`[data-testid="origin-${name}"][data-origin="reader"]`);
  await by(page, 'language-zh-CN').tap();
  await by(page, 'start').tap();
  await by(page, 'service-search').fill('保函');
  await by(page, 'service-guarantee-pre-review').tap();
  await by(page, 'consent-agree').tap();
  await by(page, 'input-companyName').fill('福建某某有限公司');
  expect(await by(page, 'reader').count()).toBe(0);
  await by(page, 'input-creditCode').fill('91350100M000100Y43');
  await next();

  // The reader: nothing is read, then the card of a customer whom the bank knows.
  await by(page, 'input-fullName').fill('李');
  await by(page, 'reader-read').tap();
  await by(page, 'simulated-reader').waitFor();
  await look('a reader reads');
  await by(page, 'put-unreadable').tap();
  await page.locator('[data-testid="reader"][data-at="failed"]').waitFor();
  expect(await by(page, 'input-fullName').inputValue()).toBe('李');
  await by(page, 'reader-again').tap();
  await by(page, 'put-2').tap();
  await page.locator('[data-testid="reader"][data-at="read"]').waitFor();
  const known = simulatedCustomers().find(({ name }) => name === '李𠮷');
  expect(await by(page, 'input-fullName').inputValue()).toBe('李𠮷');
  expect(await by(page, 'input-idNumber').inputValue()).toBe(known?.idNumber);
  await originOf('fullName').waitFor();
  await originOf('idNumber').waitFor();
  // What the customer corrects is the customer's.
  await by(page, 'input-fullName').fill('李吉');
  await originOf('fullName').waitFor({ state: 'detached' });
  await by(page, 'reader-again').tap();
  await by(page, 'put-2').tap();
  await originOf('fullName').waitFor();
  await next();
  await by(page, 'input-phone').fill('13800138000');
  await by(page, 'input-beneficiary').fill('受益人');
  await next();

  // An amount by the pad and by the keyboard, said in words.
  for (const key of ['1', '2', '3', '0', '0', '0']) {
    await by(page, 'number-pad').getByRole('button', { name: key, exact: true }).tap();
  }
  expect(await by(page, 'input-amount').inputValue()).toBe('123,000');
  expect((await by(page, 'words-amount').textContent())?.trim()).toBe('壹拾贰万叁仟元整');
  await by(page, 'input-amount').focus();
  await page.keyboard.press('End');
  await page.keyboard.press('Backspace');
  await page.keyboard.type('.5');
  expect((await by(page, 'words-amount').textContent())?.trim()).toBe('壹万贰仟叁佰元伍角');
  await look('an amount');
  await page.keyboard.press('Enter');

  // A day by finger, then another by the arrows, then by digits.
  await by(page, 'decade-until-0').or(by(page, 'part-until-year')).first().waitFor();
  await by(page, 'decade-until-1').tap();
  await page.locator('[data-testid^="year-until-"]').nth(2).tap();
  await by(page, 'month-until-2').tap();
  await look('a day is chosen');
  await by(page, 'day-until-28').tap();
  const year = Number((await by(page, 'input-until').inputValue()).slice(0, 4));
  expect(await by(page, 'input-until').inputValue()).toBe(`${year}-02-28`);
  await by(page, 'part-until-month').focus();
  await page.keyboard.press('Enter');
  await page.locator('[data-testid="month-until-2"]:focus').waitFor();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  expect(await by(page, 'input-until').inputValue()).toBe(`${year}-03-28`);
  await by(page, 'input-until').focus();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type(`${year}0230`);
  await page.keyboard.press('Enter');
  await by(page, 'problem-until').waitFor();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type(`${year}0401`);
  await page.keyboard.press('Enter');
  await by(page, 'form-join').waitFor();
  await originOf('idNumber').waitFor();
  expect(stumbles).toEqual([]);
  faultless(kiosk);
});

test('a phone has no reader, and the day picker of its own', async ({ lab: { server, browser, faultless } }) => {
  const phone = await openPhone(browser, server.url);
  const { page } = phone;
  await by(page, 'language-zh-CN').tap();
  await by(page, 'start').tap();
  await by(page, 'service-search').fill('保险');
  await by(page, 'service-explain-insurance').tap();
  await by(page, 'consent-agree').tap();
  await by(page, 'input-fullName').fill('李𠮷');
  expect(await by(page, 'reader').count()).toBe(0);
  await by(page, 'form-next').tap();
  await by(page, 'input-birthDate').waitFor();
  expect(await by(page, 'input-birthDate').getAttribute('type')).toBe('date');
  await by(page, 'input-birthDate').fill('1949-12-31');
  expect(await stumblesOn(page, 'a day on a phone')).toEqual([]);
  await by(page, 'form-next').tap();
  await by(page, 'input-phone').waitFor();
  faultless(phone);
});

test('what a reader types gets into the fields that it is for, and into no other', async ({
  lab: { server, browser, faultless },
}) => {
  const http = createHttp(server.url);
  const body = { username: 'admin', password: 'openvtm-demo' };
  const { accessToken } = await http.json<{ accessToken: string }>('POST', '/api/staff/login', { body });
  const kiosk = await openKiosk(browser, server.url);
  const { page } = kiosk;
  const readers = { idCard: 'keyboard', bankCard: 'none' };
  await http.send('PUT', `/api/kiosks/${KIOSK}/readers`, { token: accessToken, body: readers });
  await page.reload();
  await by(page, 'language-en').click();
  await by(page, 'start').click();
  await by(page, 'service-search').fill('insurance');
  await by(page, 'service-explain-insurance').click();
  await by(page, 'consent-agree').click();
  // A person's keys are a person's, a space and an Enter among them.
  await by(page, 'input-fullName').focus();
  await page.keyboard.type('Ada B', { delay: 80 });
  await page.waitForFunction(
    () => document.querySelector<HTMLInputElement>('[data-testid="input-fullName"]')?.value === 'Ada B',
  );
  await page.keyboard.press('ControlOrMeta+a');
  // A reader's come at once; on a busy machine the browser may be too slow to play one.
  const keys = await page.context().newCDPSession(page);
  const read = page.locator('[data-testid="reader"][data-at="read"]');
  for (let tries = 0; tries < 5 && !(await read.isVisible()); tries += 1) {
    const line = [...'ID|李𠮷|11010519491231002X'].map((key) => ({ key, text: key }));
    const all = [...line, { key: 'Enter', code: 'Enter', windowsVirtualKeyCode: 13, text: '\r' }];
    await Promise.all(all.map((one) => keys.send('Input.dispatchKeyEvent', { type: 'keyDown', ...one })));
    await page.waitForTimeout(300);
  }
  await read.waitFor();
  await page.locator('[data-testid="origin-fullName"][data-origin="reader"]').waitFor();
  expect(await by(page, 'input-fullName').inputValue()).toBe('李𠮷');
  expect(await by(page, 'form-page').textContent()).toContain('1');
  await by(page, 'form-next').click();
  await by(page, 'input-birthDate').waitFor();
  expect(await by(page, 'input-birthDate').inputValue()).toBe('1949-12-31');
  faultless(kiosk);
});
