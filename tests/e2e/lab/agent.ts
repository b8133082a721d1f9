import type { Browser } from 'playwright-core';
import { by, openPage, type Watched } from './browser.ts';

export type Agent = Watched;
const PASSWORD = 'openvtm-demo';

/** A member of the demonstration's staff, signed in. */
export async function signIn(
  browser: Browser,
  url: string,
  wish: { username: string; width?: number; height?: number },
): Promise<Agent> {
  const { username, width = 1600, height = 900 } = wish;
  const agent = await openPage(browser, { url: `${url}/agent/`, width, height, language: 'en' });
  await by(agent.page, 'login-username').fill(username);
  await by(agent.page, 'login-password').fill(PASSWORD);
  await by(agent.page, 'login-submit').click();
  return agent;
}

/** An agent who has checked the devices and is on duty: an offer may ring at once. */
export async function readyAgent(browser: Browser, url: string, username = 'li.na'): Promise<Agent> {
  const agent = await signIn(browser, url, { username });
  await by(agent.page, 'check-done').click();
  await by(agent.page, 'go-ready').click();
  await agent.page.waitForFunction(
    () => document.querySelector('[data-testid="agent-state"]')?.getAttribute('data-state') !== 'offline',
  );
  return agent;
}

export async function accept({ page }: Agent): Promise<void> {
  await by(page, 'offer-accept').click();
  await by(page, 'end-call').waitFor();
}

/** Ends a call that the customer has not confirmed anything in: the desk asks once more. */
export async function endCall({ page }: Agent): Promise<void> {
  await by(page, 'end-call').click();
  await by(page, 'end-yes').click();
  await by(page, 'wrap-up').waitFor();
}
