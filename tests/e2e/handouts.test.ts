import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { mustBeAccessible } from './lab/accessible.ts';
import { by } from './lab/browser.ts';
import { test } from './lab/index.ts';
import { openKiosk } from './lab/kiosk.ts';
import { confirmedCall, drawName, readToEnd } from './lab/papers.ts';
import { openPhone, readQr } from './lab/phone.ts';

test('after the call a signed paper is printed and goes to the phone, where it opens once', async ({
  lab: { server, browser, faultless },
}) => {
  const kiosk = await openKiosk(browser, server.url);
  const { page } = kiosk;
  const agent = await confirmedCall({ browser, url: server.url, kiosk }, { service: 'replace-lost-card' });
  await by(agent.page, 'paper-make-replacement-form').click();
  await readToEnd(page);
  await drawName(page);
  await by(page, 'signature-done').click();
  await page.locator('[data-testid="pdf-pages"][data-drawn="true"]').waitFor();
  await by(page, 'signed-confirm').click();
  await by(agent.page, 'paper-countersign').click();
  await agent.page.locator('[data-testid="paper"][data-state="sealed"]').waitFor();
  await by(agent.page, 'end-call').click();
  await by(page, 'handout').waitFor();
  await mustBeAccessible(kiosk, 'handout');

  // The printer runs out of paper, which is said with what to do; then it prints.
  await by(page, 'printer-no-paper').click();
  await by(page, 'print').click();
  await by(page, 'print-problem').getByText('out of paper').waitFor();
  await by(page, 'printer-usual').click();
  await by(page, 'print').click();
  await page.locator('[data-testid="print-card"][data-at="printed"]').waitFor();

  // The message service is a simulator and says so.
  await by(page, 'send-sms').click();
  await by(page, 'message-sent').waitFor();
  expect(await by(page, 'simulated-text').last().textContent()).toContain('/papers/#');

  await by(page, 'link-show').click();
  const address = new URL(await readQr(kiosk));
  const path = `${address.pathname}${address.hash}`;
  const phone = await openPhone(browser, server.url, path);
  await by(phone.page, 'papers-digits').fill('1234');
  await by(phone.page, 'papers-open').click();
  await by(phone.page, 'papers-problem').getByText('2').waitFor();
  await mustBeAccessible(phone, 'papers page');
  await by(phone.page, 'papers-digits').fill('8000');
  await by(phone.page, 'papers-open').click();
  await by(phone.page, 'papers-view').click();
  await by(phone.page, 'pdf-pages').locator('canvas').first().waitFor();
  await mustBeAccessible(phone, 'papers page, opened');
  // What came down once is kept by the page: saving it asks nobody again.
  const [download] = await Promise.all([phone.page.waitForEvent('download'), by(phone.page, 'papers-save').click()]);
  const folder = await mkdtemp(join(tmpdir(), 'openvtm-papers-'));
  try {
    const file = join(folder, 'paper.pdf');
    await download.saveAs(file);
    expect(execFileSync('pdfsig', [file], { encoding: 'utf8' })).toContain('Signature is Valid');
  } finally {
    await rm(folder, { recursive: true });
  }
  await by(page, 'link-opened').waitFor();

  const again = await openPhone(browser, server.url, path);
  await by(again.page, 'papers-closed').waitFor();
  await again.page.locator('[data-testid="papers-page"][data-at="opened"]').waitFor();

  // A reload of the kiosk comes back to the papers; done is done.
  await page.reload();
  await by(page, 'handout-done').click();
  await by(page, 'rate-5').click();
  await by(page, 'finish').waitFor();
  faultless(kiosk, agent, phone, again);
});
