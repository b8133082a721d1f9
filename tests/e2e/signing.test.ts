import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { mustBeAccessible, stumblesOn } from './lab/accessible.ts';
import { signIn } from './lab/agent.ts';
import { by } from './lab/browser.ts';
import { test } from './lab/index.ts';
import { ENTRIES, openKiosk } from './lab/kiosk.ts';
import { inEveryLook, KIOSK_LOOKS } from './lab/looks.ts';
import { confirmedCall, drawName, readToEnd } from './lab/papers.ts';

/** What a switch turns to takes a moment to have its colours. */
const REST_MS = 300;
const mustFit = (page: Page, screen: string) =>
  inEveryLook(page, KIOSK_LOOKS, async (look) => {
    await page.waitForTimeout(REST_MS);
    expect(await stumblesOn(page, `${screen}, ${look}`)).toEqual([]);
  });

/** Has the paper read aloud, quickly: what has the customer's own data in it is waited for, and no sound is fetched for it. */
async function heardToEnd(page: Page): Promise<void> {
  await page.evaluate(() => {
    const rate = Object.getOwnPropertyDescriptor(HTMLMediaElement.prototype, 'playbackRate');
    Object.defineProperty(HTMLMediaElement.prototype, 'playbackRate', {
      ...rate,
      set(this: HTMLMediaElement) {
        rate?.set?.call(this, 16);
      },
    });
  });
  let sounds = 0;
  const count = (request: { url(): string }) => void (sounds += Number(request.url().endsWith('.opus')));
  page.on('request', count);
  await by(page, 'read-aloud').click();
  let own = 0;
  for (;;) {
    await page
      .locator('[data-testid="aloud-go-on"], [data-testid="read-aloud"][data-reading="false"]')
      .first()
      .waitFor();
    if (!(await by(page, 'aloud-go-on').isVisible())) break;
    const parts = page.locator('[data-testid="paper-part"][data-aloud="true"]');
    for (const words of await parts.allTextContents()) expect(words).toMatch(/O'Neil|\d{4}|not given/);
    const number = await parts.first().getAttribute('data-part');
    own += 1;
    await by(page, 'aloud-go-on').click();
    await page.locator(`[data-part="${number}"][data-aloud="false"]`).waitFor();
  }
  page.off('request', count);
  expect(own).toBe(3);
  expect(sounds).toBeGreaterThan(own);
  await by(page, 'paper-sign').waitFor();
}

const tool = (name: string, ...args: string[]) => execFileSync(name, args, { encoding: 'utf8' });

test('a customer reads, signs, looks, signs anew and confirms; agent and branch staff countersign; the file holds', async ({
  lab: { server, browser, faultless },
}) => {
  const kiosk = await openKiosk(browser, server.url);
  const { page } = kiosk;
  const agent = await confirmedCall(
    { browser, url: server.url, kiosk },
    { service: 'open-personal-account', language: 'zh-CN' },
  );
  const branch = await signIn(browser, server.url, { username: 'zhang.min' });

  await by(agent.page, 'paper-make-account-agreement').click();
  await by(page, 'paper-text').getByText(`甲方（开户人）：${ENTRIES['fullName']}`).waitFor();
  // Nothing to sign before the last line was on the screen, and the desk sees how far the customer is.
  expect(await by(page, 'paper-sign').isVisible()).toBe(false);
  await by(agent.page, 'paper-state').getByText(/%/).waitFor();
  await readToEnd(page);
  await by(agent.page, 'paper-state').getByText('not signed yet').waitFor();

  // Two dots are no signature.
  const box = await by(page, 'signature-box').boundingBox();
  if (!box) throw new Error('no box');
  for (const x of [0.3, 0.6]) await page.mouse.click(box.x + box.width * x, box.y + box.height / 2);
  await by(page, 'signature-done').click();
  await by(page, 'signature-problem').waitFor();
  await mustFit(page, 'signing');
  await by(page, 'signature-clear').click();
  await drawName(page);
  await by(page, 'signature-done').click();

  await page.locator('[data-testid="pdf-pages"][data-drawn="true"]').waitFor();
  await by(agent.page, 'paper-state').getByText('looks at it').waitFor();
  await mustFit(page, 'signed');
  // The server dies, the kiosk reloads: both come back to the same. Then it is signed anew.
  await server.kill('SIGKILL');
  await server.start();
  await page.reload();
  await page.locator('[data-testid="pdf-pages"][data-drawn="true"]').waitFor();
  await by(page, 'signed-anew').click();
  await readToEnd(page);
  await drawName(page);
  await by(page, 'signature-done').click();
  await page.locator('[data-testid="pdf-pages"][data-drawn="true"]').waitFor();
  await by(page, 'signed-confirm').click();
  await by(page, 'paper-list').waitFor();

  await by(agent.page, 'paper-look').click();
  await by(agent.page, 'pdf-pages').locator('canvas').first().waitFor();
  await mustBeAccessible(agent, 'desk, a signed paper');
  await by(agent.page, 'paper-countersign').click();
  await by(branch.page, 'branch-paper').waitFor();
  await by(branch.page, 'paper-look').click();
  await by(branch.page, 'pdf-pages').locator('canvas').first().waitFor();
  await by(branch.page, 'branch-papers').getByTestId('paper-countersign').click();
  await by(branch.page, 'branch-papers').waitFor({ state: 'detached' });
  await page.locator('[data-testid="paper"][data-state="sealed"]').waitFor();

  // The desk keeps a copy, which an ordinary reader checks.
  await agent.page.locator('[data-testid="paper"][data-state="sealed"]').waitFor();
  const [download] = await Promise.all([agent.page.waitForEvent('download'), by(agent.page, 'paper-save').click()]);
  const folder = await mkdtemp(join(tmpdir(), 'openvtm-signed-'));
  try {
    const file = join(folder, 'signed.pdf');
    await download.saveAs(file);
    const signature = tool('pdfsig', file);
    expect(signature).toContain('Signature is Valid');
    expect(signature).toContain('Total document signed');
    expect(signature).toContain('ETSI.CAdES.detached');
    const text = tool('pdftotext', '-layout', file, '-');
    for (const words of ['个人银行账户开户协议', "张伟 O'Neil", '110101 19900307 0134', '李娜', '张敏', 'SHA-256'])
      expect(text).toContain(words);
    expect(tool('pdfinfo', file)).toMatch(/Tagged:\s+yes/);

    const bytes = await readFile(file);
    bytes[Math.floor(bytes.length / 4)]! ^= 1;
    const changed = join(folder, 'changed.pdf');
    await writeFile(changed, bytes);
    expect(tool('pdfsig', changed)).not.toContain('Signature is Valid');
  } finally {
    await rm(folder, { recursive: true });
  }
  faultless(kiosk, agent, branch);
});

test('a customer who does not want to sign says so, and may be asked again', async ({
  lab: { server, browser, faultless },
}) => {
  const kiosk = await openKiosk(browser, server.url, { width: 1920, height: 1080 });
  const { page } = kiosk;
  const agent = await confirmedCall(
    { browser, url: server.url, kiosk },
    { service: 'replace-lost-card', print: 'large' },
  );
  await by(agent.page, 'paper-make-replacement-form').click();
  await by(page, 'paper-text').waitFor();
  await mustFit(page, 'paper');
  await heardToEnd(page);
  await by(page, 'paper-refuse').click();
  await by(page, 'refuse-dialog-yes').click();
  await by(page, 'paper-list').getByText('You did not sign it').waitFor();
  await by(agent.page, 'paper-make-replacement-form').click();
  await by(page, 'paper-text').waitFor();
  await by(agent.page, 'paper-withdraw').click();
  await by(page, 'next-words').waitFor();
  faultless(kiosk, agent);
});
