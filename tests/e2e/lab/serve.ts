import type { Agent } from './agent.ts';
import { by } from './browser.ts';

const CLICK_MS = 3_000;

/**
 * The next thing that an agent does for the customer, as the desk shows it: accept, look at a picture, ask for one, say
 * what is to be said, have it confirmed, carried out, and end. `served`: steps whose picture was asked for, by their ids.
 * false: there is nothing to do now.
 */
export async function serveOnce({ page }: Agent, served: Set<string>): Promise<boolean> {
  const isReady = (id: string) => {
    // In one look: what is there may be gone at the next.
    return page.evaluate((name) => {
      const one = document.querySelector(`[data-testid="${name}"]`);
      return one !== null && one.checkVisibility() && !one.matches(':disabled, [aria-disabled="true"]');
    }, id);
  };
  // Both in one look: a picture asked for in the name of the step before would be asked for once more.
  const { step, mayAsk } = await page.evaluate(() => {
    const button = document.querySelector('[data-testid="step-capture"]');
    return {
      step: document.querySelector<HTMLElement>('[data-testid="script"]')?.dataset['step'] ?? null,
      mayAsk: button !== null && button.checkVisibility() && !button.matches(':disabled, [aria-disabled="true"]'),
    };
  });
  const asks = mayAsk && step !== null && !served.has(step);
  const next = [
    'offer-accept',
    'document-accept',
    ...(asks ? ['step-capture'] : []),
    'step-done',
    'summary-send',
    'carry-out',
  ];
  // The desk may move on meanwhile, as when an offer is answered by the click before.
  const click = (id: string) =>
    by(page, id)
      .first()
      .click({ timeout: CLICK_MS })
      .then(() => true)
      .catch(() => false);
  for (const id of next) {
    if (!(await isReady(id))) continue;
    if (!(await click(id))) return false;
    if (id === 'step-capture' && step !== null) served.add(step);
    return true;
  }
  const isConfirmed = await isReady('summary-confirmed');
  const isOrdered = await by(page, 'order').isVisible();
  if (!isConfirmed || (isOrdered && !(await isReady('order-done')))) return false;
  return (await isReady('end-call')) && (await click('end-call'));
}

/** The agent writes down how it went, and is free for the next customer. */
export async function wrapUp({ page }: Agent): Promise<void> {
  await by(page, 'outcome-complete').click();
  await by(page, 'wrap-up-ready').click();
  await by(page, 'wrap-up').waitFor({ state: 'detached' });
}
