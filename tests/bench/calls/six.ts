import type { Browser, Page } from 'playwright-core';
import { readyAgent, signIn } from '../../e2e/lab/agent.ts';
import { by } from '../../e2e/lab/browser.ts';
import { startServer } from '../../e2e/lab/server.ts';
import type { Figure } from '../first-frame/figures.ts';
import { watchFlow } from '../recovery/moving.ts';
import { openCall, say } from './stage.ts';

const PEOPLE = 6;
/** A gap that somebody would call a frozen picture, not a slow one. */
const FROZEN_MS = 1_000;

/** The pictures of the others; nobody's own, which no network could freeze. */
const OTHERS = ['agent-tile', 'person-tile', 'customer-video', 'attended-customer', 'colleague-tile']
  .map((id) => `[data-testid="${id}"] video`)
  .join(', ');

/** Marks the others' pictures on a page, so that each can be watched; answers how many are on the screen. */
const markPictures = (page: Page): Promise<number> =>
  page.evaluate((selector) => {
    const shown = [...document.querySelectorAll<HTMLVideoElement>(selector)].filter((one) => one.checkVisibility());
    for (const [i, video] of shown.entries()) video.dataset['watched'] = String(i);
    return shown.length;
  }, OTHERS);

/** A customer, an agent, two experts, a supervisor who has joined and branch staff, all with pictures, on this machine. */
export async function six(browser: Browser, { seconds }: { seconds: number }): Promise<Figure[]> {
  const server = await startServer({ env: () => ({ OPENVTM_LOG_LEVEL: 'error' }) });
  try {
    const [kiosk, agent] = (await openCall(browser, server.url)).map(({ page }) => page);
    if (!kiosk || !agent) throw new Error('no call');
    const pages = [kiosk, agent];
    const watch = () => Promise.all(pages.map(watchAll));
    const watchAll = async (page: Page) => {
      const count = await markPictures(page);
      return Promise.all(
        Array.from({ length: count }, (_, i) => watchFlow(page, `video[data-watched="${i}"]`, { ms: seconds * 1000 })),
      );
    };
    const two = (await watch()).flat();
    for (const username of ['wang.wei', 'emma.brown']) {
      const { page } = await readyAgent(browser, server.url, username);
      await by(agent, 'invite-open').click();
      await by(agent, 'colleague').first().click();
      await by(page, 'invitation-come').click();
      await by(page, 'leave-call').waitFor();
      pages.push(page);
    }
    for (const username of ['chen.jing', 'zhang.min']) {
      const { page } = await signIn(browser, server.url, { username });
      await by(page, 'area-calls').click();
      await by(page, 'act-joined').click();
      await by(page, 'reason-quick').first().click();
      await page.locator('[data-testid="attended"][data-mode="joined"]').waitFor();
      pages.push(page);
    }
    await kiosk
      .locator('[data-testid="person-tile"]')
      .nth(PEOPLE - 3)
      .waitFor();
    await kiosk.waitForTimeout(5_000);
    const seats = await watch();
    const flows = seats.flat();
    const longest = Math.max(...flows.map(({ longestMs }) => longestMs));
    const rates = flows.map(({ frames, watchedMs }) => (1000 * frames) / watchedMs);
    const beside = Math.max(...two.map(({ longestMs }) => longestMs));
    const frozen = flows.filter(({ longestMs }) => longestMs > FROZEN_MS).length;
    say(
      `${seats.map(({ length }) => length).join(' + ')} pictures, the slowest of ${Math.min(...rates).toFixed(1)} frames a second`,
    );
    return [
      {
        name: `pictures of a call of ${PEOPLE} that froze for over a second in ${seconds} s (beside: pictures)`,
        value: frozen,
        unit: '',
        beside: flows.length,
        ratio: frozen / flows.length,
        goal: `0 of ${PEOPLE * (PEOPLE - 1)}, each of the others at each of the six`,
        holds: frozen === 0 && seats.every(({ length }) => length === PEOPLE - 1),
      },
      {
        name: 'longest gap between two frames in any of them (beside: of a call of two)',
        value: longest,
        unit: 'ms',
        beside,
        ratio: longest / beside,
        goal: `≤ ${FROZEN_MS} ms`,
        holds: longest <= FROZEN_MS,
      },
    ];
  } finally {
    await server.close();
  }
}
