import { expect } from 'vitest';
import { DROPPED_SERVICE, folderWithDroppedService } from '../dropped-service.ts';
import { mustBeAccessible } from './lab/accessible.ts';
import { signIn } from './lab/agent.ts';
import { by, openBrowser, type Watched } from './lab/browser.ts';
import { test } from './lab/index.ts';
import { fillForm, openKiosk, startService } from './lab/kiosk.ts';
import { startServer } from './lab/server.ts';

/** A customer whom the simulated core knows. */
const WHO: Record<string, string> = { fullName: '王小明', idNumber: '11010519900307005X', cardLast4: '3990' };

/** Fills the form with these values, and goes on from its review. */
async function fillAndGoOn(kiosk: Watched, values: Record<string, string>): Promise<void> {
  await fillForm(kiosk, values);
  await by(kiosk.page, 'form-join').click();
}

test('a customer alone reports a card as lost: found by words, identified by a code, done once, with a receipt', async ({
  lab: { server, browser, faultless },
}) => {
  const kiosk = await openKiosk(browser, server.url);
  const { page } = kiosk;
  await by(page, 'language-en').click();
  await by(page, 'print-large').click();
  await by(page, 'start').click();
  await by(page, 'service-search').fill('my card was stolen');
  await by(page, 'service-report-loss-oral').click();
  await by(page, 'consent-agree').click();
  await fillAndGoOn(kiosk, { ...WHO, reason: 'stolen' });

  await by(page, 'identify-send').waitFor();
  await mustBeAccessible(kiosk, 'identify');
  // Back is back in the form, with everything in it.
  await by(page, 'step-back').click();
  await by(page, 'review-fullName').getByText('王小明').waitFor();
  await by(page, 'form-join').click();

  await by(page, 'identify-send').click();
  const text = await by(page, 'simulated-text').textContent();
  const code = /\d{6}/.exec(text ?? '')?.[0] ?? '';
  await by(page, 'identify-code').fill(code === '111111' ? '222222' : '111111');
  await by(page, 'identify-check').click();
  await by(page, 'identify-wrong').waitFor();
  await mustBeAccessible(kiosk, 'identify, wrong code');
  // A reload comes back to the same step, and the code still holds.
  await page.reload();
  await by(page, 'identify-code').fill(code);
  await by(page, 'identify-check').click();

  await by(page, 'explain-text').waitFor();
  await mustBeAccessible(kiosk, 'explain');
  await by(page, 'step-next').click();
  await by(page, 'agree-text').waitFor();
  await mustBeAccessible(kiosk, 'agree');
  expect(await by(page, 'agree-text').textContent()).toContain('ending in 3990');
  await by(page, 'step-next').click();

  await by(page, 'receipt-reference').waitFor();
  await mustBeAccessible(kiosk, 'receipt');
  expect(await by(page, 'receipt-reference').textContent()).toMatch(/^SIM-/);
  await by(page, 'simulator').waitFor();
  await by(page, 'step-next').click();
  await by(page, 'rating').waitFor();
  faultless(kiosk);
});

test('a name is typed with the fingers alone, in pinyin', async ({ lab: { server, browser, faultless } }) => {
  const kiosk = await openKiosk(browser, server.url, { touch: true });
  const { page } = kiosk;
  const tap = (...ids: string[]) =>
    ids.reduce((before, id) => before.then(() => by(page, id).tap()), Promise.resolve());
  await tap('language-zh-CN', 'start', 'service-update-address', 'consent-agree');
  const name = by(page, 'input-fullName');
  await name.tap();
  await by(page, 'keyboard').waitFor();
  await mustBeAccessible(kiosk, 'keyboard');
  await tap(...[...'wangxiaoming'].map((key) => `key-${key}`));
  await by(page, 'keyboard-letters').getByText('wangxiaoming').waitFor();
  await tap('candidate-王', 'candidate-小');
  // The third character is on a later page of its syllable's candidates, or on the first.
  while (!(await by(page, 'candidate-明').isVisible())) await by(page, 'candidates-more').tap();
  await tap('candidate-明');
  expect(await name.inputValue()).toBe('王小明');
  // At the caret, not at the end; and one character is erased as one.
  await name.evaluate((input: HTMLInputElement) => input.setSelectionRange(1, 1));
  await tap('key-language', 'key-shift', 'key-o');
  expect(await name.inputValue()).toBe('王O小明');
  await tap('key-erase', 'key-done');
  expect(await name.inputValue()).toBe('王小明');
  await by(page, 'keyboard').waitFor({ state: 'detached' });
  await page.locator('[data-testid="field-fullName"][data-saved="true"]').waitFor();
  // What a reload finds is what was typed.
  await page.reload();
  expect(await name.inputValue()).toBe('王小明');
  faultless(kiosk);
});

test('a service dropped into a folder appears, runs, stops for who it does not suit, and the administrator sees the rest', async () => {
  const [server, browser] = await Promise.all([
    startServer({ env: () => ({ OPENVTM_SERVICES: folderWithDroppedService(), OPENVTM_LOG_LEVEL: 'info' }) }),
    openBrowser(),
  ]);
  try {
    const kiosk = await openKiosk(browser, server.url);
    const { page } = kiosk;
    await startService(kiosk, DROPPED_SERVICE.id);
    await fillAndGoOn(kiosk, { goal: 'other', words: 'A trip', amount: '5,000' });
    await by(page, 'explain-text').waitFor();
    await by(page, 'step-next').click();
    const assess = async (answer: number) => {
      for (let question = 1; question <= 3; question += 1) {
        await by(page, 'assess-page').getByText(`Question ${question} of 3`).waitFor();
        await by(page, `answer-${answer}`).click();
        if (question === 1) await mustBeAccessible(kiosk, 'assess');
        await by(page, 'step-next').click();
      }
    };
    await assess(0);
    await by(page, 'stopped-why').waitFor();
    await mustBeAccessible(kiosk, 'stopped');
    await by(page, 'step-back').click();
    await assess(2);
    await by(page, 'agree-text').getByText('level Balanced').waitFor();
    await by(page, 'step-next').click();
    await by(page, 'rating').waitFor();

    const administrator = await signIn(browser, server.url, { username: 'admin' });
    await by(administrator.page, `catalogue-${DROPPED_SERVICE.id}`).waitFor();
    await by(administrator.page, 'language-en').click();
    await by(administrator.page, 'catalogue-buy-wealth-product').getByText('recording, signature').waitFor();
    await mustBeAccessible(administrator, 'catalogue');
    expect([...kiosk.wrongs, ...administrator.wrongs]).toEqual([]);
  } finally {
    await browser.close();
    await server.close();
  }
});
