import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { mustBeAccessible, stumblesOn } from './lab/accessible.ts';
import { accept, endCall, readyAgent, signIn } from './lab/agent.ts';
import { by } from './lab/browser.ts';
import { test } from './lab/index.ts';
import { openKiosk } from './lab/kiosk.ts';
import { inEveryLook, KIOSK_LOOKS } from './lab/looks.ts';
import { LEAD, meetsAtKiosk, meetsColleagues, meetsCustomer, OTHER } from './lab/senses.ts';

/** What is wrong with the tiles of those in the call: out of sight, one over another, or words that are cut off. */
const flawsOf = (page: Page, tiles: string, words: string): Promise<string[]> =>
  page.evaluate(
    ({ tiles, words }) => {
      const all = [...document.querySelectorAll(tiles)].map((one) => ({ one, box: one.getBoundingClientRect() }));
      return all.flatMap(({ one, box }, i) => {
        const role = one.getAttribute('data-role') ?? '';
        const flaws: string[] = [];
        if (box.width < 60 || box.height < 40) flaws.push(`is ${box.width} × ${box.height}`);
        if (box.left < -1 || box.right > innerWidth + 1) flaws.push('stands off the screen');
        const over = all
          .slice(0, i)
          .some(
            ({ box: other }) =>
              box.left < other.right - 1 &&
              other.left < box.right - 1 &&
              box.top < other.bottom - 1 &&
              other.top < box.bottom - 1,
          );
        if (over) flaws.push('lies over another');
        const said = [...one.querySelectorAll<HTMLElement>(words)];
        if (said.length === 0) flaws.push('says nobody');
        for (const word of said) {
          const { left, right, top, bottom } = word.getBoundingClientRect();
          const cut = left < box.left - 1 || right > box.right + 1 || top < box.top - 1 || bottom > box.bottom + 1;
          if (cut || word.scrollWidth > word.clientWidth + 1) flaws.push(`cuts off “${word.textContent}”`);
        }
        return flaws.map((flaw) => `${role} ${flaw}`);
      });
    },
    { tiles, words },
  );
const areaOf = async (page: Page, tile: string) => {
  const { width = 0, height = 0 } = (await page.locator(tile).boundingBox()) ?? {};
  return width * height;
};

test('a company is served by agent, expert and branch staff: each sees and hears all, laid out for their role', async ({
  lab: { server, browser, faultless },
}) => {
  const kiosk = await openKiosk(browser, server.url);
  const agent = await readyAgent(browser, server.url, 'chen.jing');
  await by(kiosk.page, 'language-en').click();
  await by(kiosk.page, 'start').click();
  await by(kiosk.page, 'service-search').fill('company data');
  await by(kiosk.page, 'service-corporate-data-change').click();
  await by(kiosk.page, 'consent-agree').click();
  // The screen before has such a button, too.
  await by(kiosk.page, 'form-next').waitFor();
  await by(kiosk.page, 'talk-to-teller').click();
  await accept(agent);

  const expert = await readyAgent(browser, server.url, 'li.na');
  await by(agent.page, 'invite-open').click();
  await by(agent.page, 'colleague').click();
  await by(expert.page, 'invitation-come').click();
  await by(expert.page, 'leave-call').waitFor();
  const branch = await signIn(browser, server.url, { username: 'zhang.min', width: 768, height: 1024 });
  await by(branch.page, 'area-calls').click();
  await by(branch.page, 'act-joined').click();
  await by(branch.page, 'reason-quick').first().click();
  await by(branch.page, 'attended').waitFor();
  faultless(kiosk, agent, expert, branch);

  await kiosk.page.locator(`${OTHER}[data-role="branch-staff"]`).waitFor();
  await Promise.all([
    meetsAtKiosk(kiosk.page, LEAD, `${OTHER}[data-role="expert"]`, `${OTHER}[data-role="branch-staff"]`),
    meetsCustomer(agent.page),
    meetsColleagues(agent.page, 'expert', 'branch-staff'),
    meetsCustomer(expert.page),
    meetsColleagues(expert.page, 'agent', 'branch-staff'),
    meetsCustomer(branch.page, '[data-testid="attended-customer"]'),
    meetsColleagues(branch.page, 'agent', 'expert'),
  ]);

  // At the kiosk, upright and lengthwise: who leads is largest, and everybody is named with the role.
  const wrongs: string[] = [];
  await inEveryLook(kiosk.page, KIOSK_LOOKS, async (look) => {
    wrongs.push(...(await stumblesOn(kiosk.page, look)));
    const flaws = await flawsOf(kiosk.page, `${LEAD}, ${OTHER}`, '.call-caption');
    const [lead, ...others] = await Promise.all(
      [LEAD, `${OTHER}[data-role="expert"]`, `${OTHER}[data-role="branch-staff"]`].map((tile) =>
        areaOf(kiosk.page, tile),
      ),
    );
    if (!others.every((area) => area < (lead ?? 0))) flaws.push('who leads is not the largest');
    wrongs.push(...flaws.map((flaw) => `${look}: ${flaw}`));
  });
  for (const [{ page }, who] of [
    [agent, 'agent'],
    [expert, 'expert'],
    [branch, 'branch staff'],
  ] as const)
    for (const large of [false, true])
      for (const language of ['zh-CN', 'en']) {
        await by(page, `language-${language}`).click();
        const isLarge = (await page.locator('html').getAttribute('data-print')) === 'large';
        if (isLarge !== large) await by(page, 'print-switch').click();
        await page.locator(`html[lang="${language}"]`).waitFor({ state: 'attached' });
        const flaws = await flawsOf(page, '[data-testid="colleague-tile"]', '.name, .role');
        wrongs.push(...flaws.map((flaw) => `${who}, ${language}, ${large ? 'large' : 'normal'}: ${flaw}`));
      }
  expect(wrongs).toEqual([]);
  for (const [desk, who] of [
    [agent, 'agent'],
    [expert, 'expert'],
    [branch, 'branch staff'],
  ] as const)
    await mustBeAccessible(desk, `a company, ${who}`);
  await endCall(agent);
}, 240_000);
