import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect } from 'vitest';
import { mustBeAccessible } from './lab/accessible.ts';
import { accept, readyAgent, signIn, type Agent } from './lab/agent.ts';
import { by } from './lab/browser.ts';
import { test } from './lab/index.ts';
import { joinQueue, openKiosk, type Kiosk } from './lab/kiosk.ts';
import { framesOf, rememberSent, watchVideo } from './lab/media.ts';
import { filmScenes } from './lab/scene.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'openvtm-scenes-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** A green page on a red table, too blurred to be taken by itself. */
const GREEN = { width: 1_600, height: 1_200, table: '#a01818', paper: '#18a018', blur: 9 };
/** Frames in two seconds, on a machine that does all of it at once. */
const MOVES = 2;
const LIVE = '[data-testid="document-live"]';
const PREVIEW = '[data-testid="capture-preview"]';

async function inCall(kiosk: Kiosk, agent: Agent) {
  await joinQueue(kiosk, 'update-phone-number');
  await by(agent.page, 'offer-card').waitFor();
  await accept(agent);
}
const gone = (page: Page, selector = LIVE) => page.locator(selector).waitFor({ state: 'detached' });
/** How many pictures leave a page. */
const picturesSent = (page: Page) =>
  page.evaluate(
    () => globalThis.sentTracks().filter(({ kind, readyState }) => kind === 'video' && readyState === 'live').length,
  );
/** What the far side sees is what lies under the camera. */
async function seesThePage(watcher: Page, kiosk: Page) {
  const [there, here] = [await watchVideo(watcher, LIVE, 4), await watchVideo(kiosk, PREVIEW, 4)];
  for (const colour of ['red', 'green', 'blue'] as const)
    expect(Math.abs(there.mean[colour] - here.mean[colour]), colour).toBeLessThan(12);
}
const watched = (page: Page, seen: boolean) =>
  page.locator(`[data-testid="capture-watched"][data-seen="${seen}"]`).waitFor();

test('agent and supervisor see the page as it lies, not on hold, again after a reload of either, and no more when it was sent', async ({
  lab: { server, browser, filmed, faultless },
}) => {
  const kiosk = await openKiosk(await filmed(await filmScenes(join(folder, 'page.mjpeg'), [GREEN])), server.url);
  await rememberSent(kiosk.page);
  await kiosk.page.reload();
  const agent = await readyAgent(browser, server.url);
  await inCall(kiosk, agent);
  expect(await by(agent.page, 'document-live').count()).toBe(0);
  expect(await picturesSent(kiosk.page)).toBe(1);

  await by(agent.page, 'ask-document').click();
  await watched(kiosk.page, true);
  await seesThePage(agent.page, kiosk.page);
  expect(await picturesSent(kiosk.page)).toBe(2);
  const lines = await agent.page.locator(`${LIVE} video`).evaluate((one: HTMLVideoElement) => one.videoHeight);
  expect(lines).toBe(1_080);
  await by(agent.page, 'live-badge').waitFor();
  await mustBeAccessible(agent, 'a page as it lies under the camera');
  await mustBeAccessible(kiosk, 'the teller sees the document camera');

  const boss = await signIn(browser, server.url, { username: 'chen.jing' });
  await by(boss.page, 'area-calls').click();
  await by(boss.page, 'act-listening').click();
  await by(boss.page, 'reason-own').fill('a complaint of yesterday');
  await by(boss.page, 'reason-go').click();
  await seesThePage(boss.page, kiosk.page);

  // On hold nothing of it leaves the kiosk, and the kiosk says so.
  await agent.page.keyboard.press('h');
  await watched(kiosk.page, false);
  await Promise.all([gone(agent.page), gone(boss.page)]);
  await expect.poll(() => picturesSent(kiosk.page)).toBe(1);
  await agent.page.keyboard.press('h');
  await watched(kiosk.page, true);
  await seesThePage(agent.page, kiosk.page);

  await kiosk.page.reload();
  await by(kiosk.page, 'capture-take').waitFor();
  await watched(kiosk.page, true);
  await seesThePage(agent.page, kiosk.page);
  await agent.page.reload();
  await seesThePage(agent.page, kiosk.page);
  expect(await framesOf(agent.page, LIVE)).toBeGreaterThan(MOVES);

  // What was taken is looked at while the page is still seen; the page that arrives takes the place.
  await by(kiosk.page, 'capture-take').click();
  await by(kiosk.page, 'capture-send').waitFor();
  expect(await framesOf(agent.page, LIVE)).toBeGreaterThan(MOVES);
  await by(kiosk.page, 'capture-send').click();
  await by(agent.page, 'page-image').waitFor();
  await Promise.all([gone(agent.page), gone(boss.page)]);
  await expect.poll(() => picturesSent(kiosk.page)).toBe(1);
  faultless(kiosk, agent, boss);
}, 180_000);

test('of a paper of many pages the agent looks at those that came, and goes back to the one that lies there', async ({
  lab: { server, browser, filmed, faultless },
}) => {
  const kiosk = await openKiosk(await filmed(await filmScenes(join(folder, 'pages.mjpeg'), [GREEN])), server.url);
  const agent = await readyAgent(browser, server.url);
  await inCall(kiosk, agent);
  await by(agent.page, 'ask-kind').click();
  await agent.page.getByRole('option', { name: 'Contract', exact: true }).click();
  await by(agent.page, 'ask-document').click();
  await seesThePage(agent.page, kiosk.page);
  await by(kiosk.page, 'capture-take').click();
  await by(kiosk.page, 'capture-send-more').click();
  await agent.page.locator('[data-testid="page-strip"] [data-page="1"]').waitFor();
  await seesThePage(agent.page, kiosk.page);
  await agent.page.locator('[data-testid="page-strip"] [data-page="1"]').click();
  await by(agent.page, 'page-image').waitFor();
  await mustBeAccessible(agent, 'a page that came, and the camera beside it');
  await by(agent.page, 'document-live-small').click();
  await seesThePage(agent.page, kiosk.page);
  await by(kiosk.page, 'capture-done').click();
  await by(agent.page, 'page-image').waitFor();
  await gone(agent.page);
  faultless(kiosk, agent);
});
