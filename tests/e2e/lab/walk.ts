import type { Service } from '@openvtm/protocol';
import type { Page } from 'playwright-core';
import { fillerValues, type Filler } from '../../walk-form.ts';
import type { Agent } from './agent.ts';
import { by, type Watched } from './browser.ts';
import { serveOnce } from './serve.ts';

/**
 * Walks a service to its end in a browser, by nothing but what its data file says and what the screen shows: the kiosk
 * names its screen, and each screen is passed as a customer passes it. What needs an agent is done at a desk.
 */
export type Walk = {
  service: Service;
  who: Filler;
  /** Whose desk serves what needs a person. */
  agent?: Agent;
  /** Looks at each state of a screen as it comes. */
  visit?: (screen: string, state: string) => Promise<void>;
};
/** `refused`: the bank does not do it for this customer. `hand-over`: on a phone, what follows is done at a kiosk. */
export type End = 'thanks' | 'refused' | 'hand-over';

const TURN_MS = 20_000;
/** A screen that is passed by itself is gone within this time. */
const REST_MS = 300;

/** What tells one state of a screen from the next; runs in the page. */
function readState(): string {
  const textOf = (id: string) => document.querySelector(`[data-testid="${id}"]`)?.textContent?.trim() ?? '';
  const dataOf = (id: string, name: string) =>
    document.querySelector<HTMLElement>(`[data-testid="${id}"]`)?.dataset[name] ?? '';
  return [
    dataOf('kiosk', 'screen'),
    ...['form-page', 'assess-page', 'title'].map(textOf),
    dataOf('capture', 'step'),
    dataOf('waiting', 'state'),
    dataOf('next-words', 'next'),
    document.querySelector('[data-testid="identify-code"]') ? 'sent' : '',
    String(document.querySelectorAll('[data-taken="true"]').length),
  ].join('|');
}

export async function walkService({ page }: Watched, walk: Walk): Promise<End> {
  const { visit = async () => undefined } = walk;
  // A page that two must see is not for one desk: the call would end without an end of the business (tests/e2e/reviews).
  const served = new Set(
    walk.service.steps.flatMap((step) => ('secondReview' in step && step.secondReview ? step.id : [])),
  );
  let seen = '';
  for (let until = Date.now() + TURN_MS; Date.now() < until;) {
    const state = await page.evaluate(readState);
    if (state === seen && !isWaitedFor(state)) {
      await page.waitForTimeout(50);
      continue;
    }
    const [screen = ''] = state.split('|');
    if (state !== seen) {
      await page.waitForTimeout(REST_MS);
      if ((await page.evaluate(readState)) !== state) continue;
      await visit(screen, state);
      until = Date.now() + TURN_MS;
      // Looking takes its time, and a screen that was on its way elsewhere has gone on.
      if (!(await page.evaluate(readState)).startsWith(`${screen}|`)) continue;
    }
    seen = state;
    if (screen === 'call' || screen === 'waiting') {
      if (walk.agent && (await serveOnce(walk.agent, served))) until = Date.now() + TURN_MS;
      continue;
    }
    const end = await passScreen(page, screen, walk);
    if (end) return end;
  }
  throw new Error(`${walk.service.id} stands still at ${seen}`);
}

/** Screens that somebody else moves: the desk has more to do each time. */
const isWaitedFor = (state: string) => /^(call|waiting)\|/.test(state);

/** The control whose name in the tests begins so. */
async function pressFirst(page: Page, begin: string): Promise<null> {
  await page.locator(`[data-testid^="${begin}"]`).first().click();
  return null;
}

/** The service itself where it is shown, else what leads to it: in the elder mode by topic, otherwise by its words. */
async function chooseService(page: Page, { id, category, title }: Service): Promise<null> {
  const tile = by(page, `service-${id}`);
  for (const way of [tile, by(page, `topic-${category}`), by(page, 'services-other')]) {
    if (!(await way.isVisible())) continue;
    await way.click();
    return null;
  }
  const language = (await page.locator('html').getAttribute('lang')) === 'en' ? 'en' : 'zh-CN';
  await by(page, 'service-search').fill(title[language]);
  await tile.click();
  return null;
}

/** Does on a screen what brings the customer on; an answer: the walk is over. */
async function passScreen(page: Page, screen: string, { service, who }: Walk): Promise<End | null> {
  const press = async (id: string) => {
    await by(page, id).first().click();
    return null;
  };
  const has = (id: string) => by(page, id).first().isVisible();
  switch (screen) {
    case 'welcome':
      return press('start');
    case 'services':
      return chooseService(page, service);
    case 'consent':
      return press('consent-agree');
    case 'form':
      if (!(await has('form-next'))) return press('form-join');
      for (const [name, value] of fillerValues(service.form, who)) {
        if (await has(`input-${name}`)) await by(page, `input-${name}`).fill(value);
        if (await has(`choice-${name}-${value}`)) await press(`choice-${name}-${value}`);
      }
      return press('form-next');
    case 'assess':
      await page.locator('[data-testid^="answer-"]').last().click();
      return press('step-next');
    case 'identify': {
      if (!(await has('identify-code'))) return press('identify-send');
      const text = await by(page, 'simulated-text').textContent();
      await by(page, 'identify-code').fill(/\d{6}/.exec(text ?? '')?.[0] ?? '');
      return press('identify-check');
    }
    case 'carry-out':
      if (!(await has('carry-out-not-done'))) return null;
      await press('carry-out-end');
      return 'refused';
    case 'explain':
    case 'agree':
    case 'receipt':
      return press('step-next');
    case 'picture':
      return (await has('step-next')) ? press('step-next') : pressFirst(page, 'take-');
    // Sent ahead it is over for today; who stays asks for a person, which a phone cannot.
    case 'ahead':
      return (await has('ahead-teller')) ? press('ahead-teller') : 'hand-over';
    case 'person':
      return press('form-join');
    case 'photograph':
    case 'capture':
      // Between them the picture is being taken, or is on its way.
      // In one look: a picture that has arrived takes its screen away.
      switch (
        await page.evaluate(() => document.querySelector<HTMLElement>('[data-testid="capture"]')?.dataset['step'])
      ) {
        case 'check':
          return press('capture-send');
        case 'aim':
          // The kiosk may see a page and take it by itself, and the screen may go with what the agent does.
          await by(page, 'capture-take')
            .click({ timeout: 3_000 })
            .catch(() => undefined);
          return null;
        default:
          return null;
      }
    case 'hand-over':
      return 'hand-over';
    case 'confirm':
      return press('confirm-yes');
    case 'rating':
      return press('rate-5');
    case 'thanks':
      await press('finish');
      return 'thanks';
    default:
      return null;
  }
}
