import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect } from 'vitest';
import { pdf } from '../../server/src/modules/documents/pdf.fixture.ts';
import { accept, readyAgent, type Agent } from './lab/agent.ts';
import { by } from './lab/browser.ts';
import { mustBeAccessible } from './lab/accessible.ts';
import { test } from './lab/index.ts';
import { ENTRIES as ALL_ENTRIES, fillForm, joinQueue, openKiosk, startService, type Kiosk } from './lab/kiosk.ts';
import { openPhone } from './lab/phone.ts';
import { filmScenes } from './lab/scene.ts';

/** One that the simulated core knows. */
const ENTRIES = { ...ALL_ENTRIES, fullName: '王小明', idNumber: '11010519900307005X', phone: '13900139001' };

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'openvtm-scenes-'));
});
afterAll(() => rm(folder, { recursive: true }));

const film = (name: string, ...scenes: Parameters<typeof filmScenes>[1]) =>
  filmScenes(
    join(folder, `${name}.mjpeg`),
    scenes.map((scene) => ({ width: 1600, height: 1200, ...scene })),
  );

async function inCall(kiosk: Kiosk, agent: Agent) {
  await joinQueue(kiosk, 'update-phone-number');
  await by(agent.page, 'offer-card').waitFor();
  await accept(agent);
}
async function askFor(agent: Agent, kind: string) {
  await by(agent.page, 'ask-kind').click();
  await agent.page.getByRole('option', { name: kind, exact: true }).click();
  await by(agent.page, 'ask-document').click();
}
/** How many pictures this browser still keeps to send. */
const unsentIn = (page: Page) =>
  page.evaluate(async () => {
    const request = indexedDB.open('openvtm-unsent');
    await new Promise((resolve) => (request.onsuccess = resolve));
    const database = request.result;
    if (!database.objectStoreNames.contains('pictures')) return 0;
    const count = database.transaction('pictures').objectStore('pictures').count();
    await new Promise((resolve) => (count.onsuccess = resolve));
    database.close();
    return count.result;
  });
/** Bytes a second that leave the page; null: as many as there are. */
async function throttle({ page, context }: Kiosk, bytes: number | null) {
  const session = await context.newCDPSession(page);
  await session.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: 0,
    downloadThroughput: -1,
    uploadThroughput: bytes ?? -1,
  });
}

test('a card under the camera is seen, taken by itself, straightened, and on the desk', async ({
  lab: { server, browser, filmed, faultless },
}) => {
  const camera = await filmed(await film('card', {}));
  const kiosk = await openKiosk(camera, server.url);
  const agent = await readyAgent(browser, server.url);
  await inCall(kiosk, agent);
  await askFor(agent, 'ID card, both sides');
  await by(kiosk.page, 'page-outline').waitFor();
  await by(kiosk.page, 'capture-photo').waitFor();
  expect(await kiosk.page.locator('[data-straight]').getAttribute('data-straight')).toBe('true');
  await mustBeAccessible(kiosk, 'a page taken by itself');
  await by(kiosk.page, 'capture-send').click();
  const image = by(agent.page, 'page-image');
  await image.waitFor();
  const sizeOf = () => image.evaluate((one: HTMLImageElement) => [one.naturalWidth, one.naturalHeight]);
  const [width = 0, height = 0] = await sizeOf();
  expect([Math.round(width / 60), Math.round(height / 60)]).toEqual([16, 12]);
  await by(agent.page, 'as-taken').click();
  await expect.poll(sizeOf).toEqual([1600, 1200]);
  await by(agent.page, 'document-accept').click();
  // The other side is asked for by itself, and what lies there still is not taken for it.
  const back = kiosk.page.locator('[data-testid="capture"][data-kind="id-card-back"]');
  await back.waitFor();
  await kiosk.page.locator('[data-testid="capture-advice"][data-advice="taken"]').waitFor();
  await kiosk.page.waitForTimeout(1_500);
  expect(await back.getAttribute('data-step')).toBe('aim');
  faultless(kiosk, agent);
});

test('what is wrong with the picture is said, and it is not taken by itself', async ({
  lab: { server, browser, filmed },
}) => {
  const camera = await filmed(await film('dark', { light: 0.2 }));
  const kiosk = await openKiosk(camera, server.url);
  const agent = await readyAgent(browser, server.url);
  await inCall(kiosk, agent);
  await by(agent.page, 'ask-document').click();
  await kiosk.page.locator('[data-testid="capture-advice"][data-advice="too-dark"]').waitFor();
  await kiosk.page.waitForTimeout(2_500);
  expect(await by(kiosk.page, 'capture').getAttribute('data-step')).toBe('aim');
  await by(kiosk.page, 'capture-take').click();
  await by(kiosk.page, 'capture-flaw').waitFor();
  expect(await by(kiosk.page, 'capture-flaw').getAttribute('data-flaw')).toBe('too-dark');
});

test('an upload outlives a reload of the kiosk and a kill of the server, and is seen at the desk while it comes', async ({
  lab: { server, browser, filmed },
}) => {
  const camera = await filmed(await film('slow', { grain: 30 }));
  const kiosk = await openKiosk(camera, server.url);
  const agent = await readyAgent(browser, server.url);
  await inCall(kiosk, agent);
  await askFor(agent, 'ID card (side with photo)');
  await by(kiosk.page, 'capture-photo').waitFor();
  await throttle(kiosk, 120_000);
  await by(kiosk.page, 'capture-send').click();
  await by(agent.page, 'arriving').waitFor();
  await expect.poll(() => unsentIn(kiosk.page)).toBe(1);
  await kiosk.page.reload();
  await by(kiosk.page, 'capture-progress').waitFor();
  await server.kill('SIGKILL');
  await server.start();
  await throttle(kiosk, null);
  await by(agent.page, 'page-image').waitFor({ timeout: 40_000 });
  await expect.poll(() => unsentIn(kiosk.page)).toBe(0);
  expect(await agent.page.locator('[data-testid="document"]').count()).toBe(1);
});

test('when the customer leaves, a picture that has not arrived is wiped from the kiosk', async ({
  lab: { server, browser, filmed },
}) => {
  const camera = await filmed(await film('left', { grain: 30 }));
  const kiosk = await openKiosk(camera, server.url);
  const agent = await readyAgent(browser, server.url);
  await inCall(kiosk, agent);
  await by(agent.page, 'ask-document').click();
  await by(kiosk.page, 'capture-photo').waitFor();
  await throttle(kiosk, 1_000);
  await by(kiosk.page, 'capture-send').click();
  await expect.poll(() => unsentIn(kiosk.page)).toBe(1);
  await by(kiosk.page, 'hang-up').click();
  await by(kiosk.page, 'hang-up-dialog-yes').click();
  // A call of some length counts as served: on a slow machine the customer leaves from the rating.
  const skip = by(kiosk.page, 'rate-skip');
  await by(kiosk.page, 'form-cancel').or(skip).waitFor();
  if (await skip.isVisible()) await skip.click();
  else {
    await by(kiosk.page, 'form-cancel').click();
    await by(kiosk.page, 'cancel-yes').click();
  }
  await by(kiosk.page, 'start').waitFor({ timeout: 40_000 });
  await expect.poll(() => unsentIn(kiosk.page)).toBe(0);
});

test('a paper is taken page by page, and the desk has them side by side', async ({
  lab: { server, browser, filmed, faultless },
}) => {
  const camera = await filmed(await film('paper', {}));
  const kiosk = await openKiosk(camera, server.url);
  const agent = await readyAgent(browser, server.url);
  await inCall(kiosk, agent);
  await askFor(agent, 'Contract');
  await by(kiosk.page, 'capture-send-more').click();
  await by(kiosk.page, 'capture-done').waitFor();
  // The same page is not taken again by itself.
  await kiosk.page.waitForTimeout(2_000);
  expect(await by(kiosk.page, 'capture').getAttribute('data-step')).toBe('aim');
  await by(kiosk.page, 'capture-take').click();
  await by(kiosk.page, 'capture-send-more').click();
  await by(kiosk.page, 'capture-done').click();
  await by(kiosk.page, 'capture').waitFor({ state: 'detached' });
  await agent.page.locator('[data-testid="page-strip"] [data-page="2"] img').waitFor();
  await mustBeAccessible(agent, 'a document of two pages');
  await agent.page.locator('[data-testid="page-strip"] [data-page="1"]').click();
  await by(agent.page, 'document-accept').click();
  await agent.page.locator('[data-testid="document"][data-state="accepted"]').waitFor();
  faultless(kiosk, agent);
});

test('on a phone a PDF is chosen instead of the camera, and comes out as pages', async ({
  lab: { server, browser, faultless },
}) => {
  const phone = await openPhone(browser, server.url);
  const { page } = phone;
  await startService(phone, 'replace-lost-card');
  await fillForm(phone, ENTRIES);
  await by(page, 'form-join').click();
  await by(page, 'take-id-card-front').click();
  await by(page, 'capture-choose').waitFor();
  const choose = (buffer: Buffer, name: string, mimeType: string) =>
    by(page, 'capture-file-input').setInputFiles({ name, mimeType, buffer });
  await choose(Buffer.from('no picture at all'), 'photo.jpg', 'image/jpeg');
  await by(page, 'capture-failure').waitFor();
  await choose(pdf({ pages: 2, locked: true }), 'scan.pdf', 'application/pdf');
  await by(page, 'capture-send').click();
  await by(page, 'capture-failure').waitFor();
  expect(await by(page, 'capture-failure').textContent()).toContain('password');
  await by(page, 'capture-retake').click();
  await choose(pdf({ pages: 2, script: 'app.alert(1)' }), 'scan.pdf', 'application/pdf');
  await by(page, 'capture-file').waitFor();
  await mustBeAccessible(phone, 'a file chosen on a phone');
  await by(page, 'capture-send').click();
  await page.locator('[data-testid="picture-id-card-front"][data-taken="true"]').waitFor();
  // What is refused is answered as that, and the browser says so on its own.
  phone.wrongs.splice(0, phone.wrongs.length, ...phone.wrongs.filter((one) => !one.includes('status of 422')));
  faultless(phone);
});
