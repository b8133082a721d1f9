import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, expect } from 'vitest';
import { ASKEW } from '../document-scene.ts';
import { businessLicence, creditCode, pictureOf } from '../sample-documents.ts';
import { mustBeAccessible } from './lab/accessible.ts';
import { accept, signIn, type Agent } from './lab/agent.ts';
import { by, type Watched } from './lab/browser.ts';
import { test } from './lab/index.ts';
import { fillForm, openKiosk, sendPicture, type Kiosk } from './lab/kiosk.ts';
import { openPhone } from './lab/phone.ts';

/** Pixels of a document camera; Chromium plays films of even sizes only. */
const CAMERA = { width: 1600, height: 1200 };
const CODE = creditCode('91350100M000100Y4');
const LICENCE = businessLicence({
  code17: CODE.slice(0, 17),
  company: '福州奥尼尔贸易有限公司',
  person: '王小明',
  type: '有限责任公司',
  address: '福州市鼓楼区一号',
});
const ENTRIES: Record<string, string> = {
  companyName: "福州奥尼尔 O'Neil 贸易有限公司",
  creditCode: CODE,
  fullName: '王小明',
  idNumber: '11010519900307005X',
  phone: '13900139001',
  billNumber: '130158400001220260101123456789',
  amount: '500000',
  dueDate: '2031-05-06',
};
const PAPERS = ['bill', 'contract', 'business-licence'] as const;

let folder = '';
let film = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'openvtm-reviews-'));
  const seen = await pictureOf(LICENCE, { corners: ASKEW, noise: 4, quality: 92 });
  const picture = await sharp(seen)
    .resize({ ...CAMERA, fit: 'contain', background: '#4a4038' })
    .jpeg({ quality: 92 })
    .toBuffer();
  film = join(folder, 'licence.mjpeg');
  await writeFile(film, Buffer.concat(Array.from({ length: 10 }, () => picture)));
});
afterAll(() => rm(folder, { recursive: true }));

/** From the first screen to the papers of a bill discount, all of them photographed. */
async function photographAll(device: Watched): Promise<void> {
  const { page } = device;
  await by(page, 'language-en').click();
  await by(page, 'start').click();
  await by(page, 'service-search').fill('bill discount');
  await by(page, 'service-bill-discount-pre-review').click();
  await by(page, 'consent-agree').click();
  await fillForm(device, ENTRIES);
  await by(page, 'form-join').click();
  await by(page, 'ahead').waitFor();
  for (const kind of PAPERS) {
    await by(page, `take-${kind}`).click();
    await sendPicture(device);
    await page.locator(`[data-testid="picture-${kind}"][data-taken="true"]`).waitFor();
  }
}
async function enterCode({ page }: Kiosk, code: string): Promise<void> {
  await by(page, 'language-en').click();
  await by(page, 'have-code').click();
  await by(page, 'code-entry').fill(code);
}
const stateAt = (page: Page, kind: string, state: string) =>
  page.locator(`[data-testid="document"][data-kind="${kind}"][data-state="${state}"]`).waitFor();
async function acceptPaper({ page }: Agent, kind: string, state = 'accepted'): Promise<void> {
  await page.locator(`[data-testid="document"][data-kind="${kind}"] button`).first().click();
  await by(page, 'page-image').waitFor();
  await by(page, 'document-accept').click();
  await stateAt(page, kind, state);
}
async function askFor({ page }: Agent, kind: string): Promise<void> {
  await by(page, 'ask-kind').click();
  await page.getByRole('option', { name: kind, exact: true }).click();
  await by(page, 'ask-document').click();
}

test('a bill discount is sent ahead, comes back for one paper, is accepted by two, and only the call is left', async ({
  lab: { server, browser, filmed, faultless },
}) => {
  const camera = await filmed(film);
  const kiosk = await openKiosk(camera, server.url);
  await photographAll(kiosk);
  await mustBeAccessible(kiosk, 'the papers to send ahead');
  await by(kiosk.page, 'ahead-send').click();
  await by(kiosk.page, 'sent-ahead').waitFor();
  await mustBeAccessible(kiosk, 'sent ahead');
  const code = (await by(kiosk.page, 'code').textContent()) ?? '';
  // A reload shows it again, to who has not noted it down yet.
  await kiosk.page.reload();
  expect(await by(kiosk.page, 'code').textContent()).toBe(code);
  await by(kiosk.page, 'sent-done').click();
  await by(kiosk.page, 'start').waitFor();

  const zhao = await signIn(browser, server.url, { username: 'zhao.lei' });
  await by(zhao.page, 'review-row').click();
  expect(await by(zhao.page, 'review-row').textContent()).toContain("O'Neil");
  await mustBeAccessible(zhao, 'the list of reviews');
  await by(zhao.page, 'review-take').click();
  await by(zhao.page, 'review-detail').waitFor();
  await acceptPaper(zhao, 'bill', 'provisional');
  await acceptPaper(zhao, 'contract');
  await zhao.page.locator('[data-testid="document"][data-kind="business-licence"] button').first().click();
  const { page } = zhao;
  // What a machine read of the licence stands beside the form.
  await page.locator('[data-testid="review-reading"] [data-compared="matches"]').first().waitFor({ timeout: 60_000 });
  await mustBeAccessible(zhao, 'a review');
  // Where one was is kept over a reload.
  await page.reload();
  await by(page, 'review-detail').waitFor();
  await page.locator('[data-testid="document"][data-kind="business-licence"] button').first().click();
  await by(page, 'page-image').waitFor();
  await by(page, 'document-return').click();
  await by(page, 'return-glare').click();
  await by(page, 'return-note').fill("The seal's edge");
  await by(page, 'return-send').click();
  await stateAt(page, 'business-licence', 'returned');
  await by(page, 'review-returned').click();
  await by(page, 'decide-note').fill('Only the licence, please');
  await by(page, 'decide-send').click();
  await by(page, 'reviews-none').waitFor();

  await enterCode(kiosk, code);
  await by(kiosk.page, 'return-reason').waitFor();
  expect(await by(kiosk.page, 'return-note').textContent()).toContain("The seal's edge");
  await sendPicture(kiosk);
  await by(kiosk.page, 'ahead-note').waitFor();
  await mustBeAccessible(kiosk, 'sent back');
  await by(kiosk.page, 'ahead-send').click();
  expect(await by(kiosk.page, 'code').textContent()).toBe(code);
  await by(kiosk.page, 'sent-done').click();

  // Live, and by the keyboard alone.
  await by(page, 'review-row').waitFor();
  await page.keyboard.press('.');
  await page.keyboard.press('7');
  await page.locator('[data-testid="review-detail"][data-round="2"]').waitFor();
  await by(page, 'page-image').waitFor();
  await page.keyboard.press('Control+Enter');
  await stateAt(page, 'business-licence', 'accepted');
  await page.keyboard.press('8');
  await by(page, 'decide-done').waitFor();
  await page.keyboard.press('Control+Enter');
  await by(page, 'reviews-none').waitFor();
  await by(page, 'reviews-today').click();
  await page.locator('[data-testid="review-row"][data-at="second"]').waitFor();

  // Not yet: a second person looks at the bill, and the kiosk says so.
  await enterCode(kiosk, code);
  await kiosk.page.locator('[data-outcome="in-review"]').waitFor();
  const chen = await signIn(browser, server.url, { username: 'chen.jing' });
  await by(chen.page, 'area-reviews').click();
  await by(chen.page, 'review-row').click();
  await by(chen.page, 'review-take').click();
  await by(chen.page, 'page-image').waitFor();
  await mustBeAccessible(chen, 'a second look');
  await by(chen.page, 'document-accept').click();
  await by(chen.page, 'reviews-none').waitFor();

  await by(kiosk.page, 'code-entry').fill(code);
  await kiosk.page.locator('[data-reviewed="true"]').waitFor();
  await mustBeAccessible(kiosk, 'accepted ahead');
  await by(chen.page, 'area-desk').click();
  await by(chen.page, 'check-done').click();
  await by(chen.page, 'go-ready').click();
  await by(kiosk.page, 'form-join').click();
  await by(chen.page, 'offer-card').waitFor();
  await accept(chen);
  const ahead = by(chen.page, 'reviewed-ahead');
  await ahead.waitFor();
  expect(await ahead.textContent()).toContain('赵磊');
  await mustBeAccessible(chen, 'a case accepted ahead');
  // In a call nothing is reviewed.
  await by(chen.page, 'area-reviews').click();
  await by(chen.page, 'reviews-in-call').waitFor();
  await by(chen.page, 'area-desk').click();
  await by(chen.page, 'summary-send').click();
  await by(kiosk.page, 'confirm-yes').click();
  // The desk asks once more while it does not know of it.
  await by(chen.page, 'summary-confirmed').waitFor();
  await by(chen.page, 'end-call').click();
  await by(kiosk.page, 'rate-5').waitFor();
  faultless(kiosk, zhao, chen);
}, 300_000);

test('in a call a licence waits for a second person, whose word comes to the desk and the kiosk at once', async ({
  lab: { server, browser, faultless },
}) => {
  const kiosk = await openKiosk(browser, server.url);
  const chen = await signIn(browser, server.url, { username: 'chen.jing' });
  await by(chen.page, 'check-done').click();
  await by(chen.page, 'go-ready').click();
  await by(kiosk.page, 'language-en').click();
  await by(kiosk.page, 'start').click();
  await by(kiosk.page, 'service-search').fill('company data');
  await by(kiosk.page, 'service-corporate-data-change').click();
  await by(kiosk.page, 'consent-agree').click();
  await by(kiosk.page, 'talk-to-teller').click();
  await by(chen.page, 'offer-card').waitFor();
  await accept(chen);
  await askFor(chen, 'Business licence');
  await sendPicture(kiosk);
  await by(chen.page, 'page-image').waitFor();
  await by(chen.page, 'document-accept').click();
  const said = (at: string) => chen.page.locator(`[data-testid="second-review"][data-at="${at}"]`).waitFor();
  await said('open');
  expect(await by(chen.page, 'summary-send').isDisabled()).toBe(true);
  await by(chen.page, 'summary-under-review').waitFor();
  expect(await by(kiosk.page, 'next-words').textContent()).toContain('A second colleague');
  await mustBeAccessible(chen, 'waiting for a second reviewer');

  const zhao = await signIn(browser, server.url, { username: 'zhao.lei' });
  await by(zhao.page, 'review-row').click();
  await by(zhao.page, 'review-take').click();
  await said('taken');
  await by(zhao.page, 'page-image').waitFor();
  await by(zhao.page, 'document-return').click();
  await by(zhao.page, 'return-cut-off').click();
  await by(zhao.page, 'return-send').click();
  await said('returned');
  await by(kiosk.page, 'return-reason').waitFor();
  await sendPicture(kiosk);
  await by(chen.page, 'document-accept').click();
  await said('open');
  await by(zhao.page, 'review-row').click();
  await by(zhao.page, 'review-take').click();
  await by(zhao.page, 'page-image').waitFor();
  await zhao.page.keyboard.press('Control+Enter');
  await said('accepted');
  expect(await by(chen.page, 'second-review').textContent()).toContain('赵磊');
  await expect.poll(() => by(chen.page, 'summary-send').isEnabled()).toBe(true);

  // A second look by hand, which is put back and taken by nobody while the agent thinks better of it.
  await askFor(chen, 'Passport');
  await sendPicture(kiosk);
  await stateAt(chen.page, 'passport', 'captured');
  await by(chen.page, 'page-image').waitFor();
  await chen.page.keyboard.press('6');
  await stateAt(chen.page, 'passport', 'provisional');
  await by(zhao.page, 'review-row').click();
  await by(zhao.page, 'review-take').click();
  await by(zhao.page, 'review-detail').waitFor();
  await by(chen.page, 'document-return').click();
  await by(chen.page, 'return-blurred').click();
  await by(chen.page, 'return-send').click();
  await by(zhao.page, 'review-gone').waitFor();
  await by(zhao.page, 'reviews-none').waitFor();
  faultless(kiosk, chen, zhao);
}, 300_000);

test('a phone sends ahead, sees what is wanted and why, adds it, and takes the whole back', async ({
  lab: { server, browser, faultless },
}) => {
  const phone = await openPhone(browser, server.url);
  await photographAll(phone);
  await by(phone.page, 'ahead-send').click();
  await phone.page.locator('[data-testid="followed"][data-ahead="in-review"]').waitFor();
  await mustBeAccessible(phone, 'in review, on a phone');
  const zhao = await signIn(browser, server.url, { username: 'zhao.lei' });
  await by(zhao.page, 'review-row').click();
  await by(zhao.page, 'review-take').click();
  await by(zhao.page, 'review-detail').waitFor();
  await acceptPaper(zhao, 'bill', 'provisional');
  await acceptPaper(zhao, 'contract');
  await acceptPaper(zhao, 'business-licence');
  await by(zhao.page, 'review-ask-kind').click();
  await zhao.page.getByRole('option', { name: 'Proof of income', exact: true }).click();
  await by(zhao.page, 'review-ask').click();
  await by(zhao.page, 'review-asked').waitFor();
  await by(zhao.page, 'review-returned').click();
  await by(zhao.page, 'decide-send').click();
  await phone.page.locator('[data-testid="ahead-paper"][data-kind="income-proof"]').waitFor();
  await mustBeAccessible(phone, 'papers wanted, on a phone');
  await by(phone.page, 'ahead-fetch-back').click();
  await sendPicture(phone);
  await by(phone.page, 'ahead-send').click();
  await phone.page.locator('[data-testid="followed"][data-ahead="in-review"]').waitFor();

  // Handed on with a word, and withdrawn while a colleague has it open.
  await by(zhao.page, 'review-row').click();
  await by(zhao.page, 'review-take').click();
  await by(zhao.page, 'review-hand-on').click();
  await by(zhao.page, 'hand-to').click();
  await zhao.page.getByRole('option', { name: '李娜' }).click();
  await by(zhao.page, 'decide-note').fill('You know them');
  await by(zhao.page, 'decide-send').click();
  const li = await signIn(browser, server.url, { username: 'li.na' });
  await by(li.page, 'area-reviews').click();
  await by(li.page, 'reviews-mine').click();
  await by(li.page, 'review-row').click();
  await by(li.page, 'review-take').click();
  await by(li.page, 'review-history').waitFor();
  expect(await by(li.page, 'review-history').textContent()).toContain('You know them');
  await by(phone.page, 'ahead-withdraw').click();
  await by(phone.page, 'ahead-withdraw-dialog-yes').click();
  await by(li.page, 'review-gone').waitFor();
  await by(phone.page, 'start').waitFor();
  faultless(phone, zhao, li);
}, 300_000);
