import type { Page } from 'playwright-core';
import { expect, onTestFinished } from 'vitest';
import { mustBeAccessible, stumblesOn } from './lab/accessible.ts';
import { accept, readyAgent, signIn } from './lab/agent.ts';
import { by, openBrowser } from './lab/browser.ts';
import { test } from './lab/index.ts';
import { joinQueue, openKiosk } from './lab/kiosk.ts';
import { inEveryLook, KIOSK_LOOKS } from './lab/looks.ts';
import { rememberSent, watchVideo } from './lab/media.ts';
import { CUSTOMER_SOUND, LEAD, loud, meetsAtKiosk, meetsCustomer } from './lab/senses.ts';

const [FIRST, OTHER] = ['fake_device_0', 'fake_device_2'];

const MICROPHONE = 'Fake Audio Input 2';
const SPEAKER = 'Fake Audio Output 2';

/** By which loudspeaker an element is played; '': by the system's own. */
const sink = (one: Element) => ('sinkId' in one ? one.sinkId : null);
/** The names of what a page sends just now. */
const sentBy = (page: Page, kind: 'audio' | 'video') =>
  page.evaluate((kind) => globalThis.sentTracks().flatMap((track) => (track.kind === kind ? [track.label] : [])), kind);

/** Chooses a device in the list of the call's devices. */
async function choose(page: Page, name: 'camera' | 'microphone' | 'speaker', label: string): Promise<void> {
  await by(page, `device-${name}`).locator('.el-select__wrapper').click();
  await page.locator('.el-select-dropdown__item:visible', { hasText: label }).first().click();
}
const chosen = (page: Page, name: string) => by(page, `device-${name}`).locator('.el-select__wrapper').innerText();

test('in a call an agent goes over to another camera, microphone and loudspeaker, which last over a reload, and the call goes on', async ({
  lab: { server, browser, faultless },
}) => {
  // Of such arguments the last one counts. Chromium's second fake camera gives a format that no call can send.
  const desk = await openBrowser({ args: ['--use-fake-device-for-media-stream=device-count=3,fps=10'] });
  onTestFinished(() => desk.close());
  const agent = await signIn(desk, server.url, { username: 'li.na' });
  const { page } = agent;
  await by(page, 'device-check').waitFor();
  await rememberSent(page);
  await page.reload();
  await by(page, 'check-done').click();
  await by(page, 'go-ready').click();
  const kiosk = await openKiosk(browser, server.url, { number: 2 });
  await joinQueue(kiosk, 'update-phone-number');
  await accept(agent);
  expect((await watchVideo(kiosk.page, LEAD)).changed).toBe(true);
  await expect.poll(() => sentBy(page, 'video')).toContain(FIRST);

  await by(page, 'call-devices').click();
  await choose(page, 'camera', OTHER);
  await expect.poll(() => sentBy(page, 'video')).toContain(OTHER);
  expect(await sentBy(page, 'video')).not.toContain(FIRST);
  expect(await chosen(page, 'camera')).toContain(OTHER);
  expect((await watchVideo(page, '[data-testid="call-devices-panel"]')).changed).toBe(true);
  expect((await watchVideo(kiosk.page, LEAD)).changed).toBe(true);
  await mustBeAccessible(agent, 'the call’s devices');

  // Another microphone is heard at the kiosk, and the customer comes out of another loudspeaker.
  await choose(page, 'microphone', MICROPHONE);
  await expect.poll(() => sentBy(page, 'audio')).toContain(MICROPHONE);
  await loud(kiosk.page);
  expect(await page.locator(CUSTOMER_SOUND).evaluate(sink)).toBe('');
  await choose(page, 'speaker', SPEAKER);
  await expect.poll(() => page.locator(CUSTOMER_SOUND).evaluate(sink)).not.toBe('');
  expect(await chosen(page, 'speaker')).toContain(SPEAKER);
  await meetsCustomer(page);

  // After a reload in the call all three are as they were chosen.
  await page.reload();
  await by(page, 'call-devices').click();
  await expect.poll(() => sentBy(page, 'video')).toContain(OTHER);
  await expect.poll(() => sentBy(page, 'audio')).toContain(MICROPHONE);
  expect(await chosen(page, 'speaker')).toContain(SPEAKER);
  await expect.poll(() => page.locator(CUSTOMER_SOUND).evaluate(sink)).not.toBe('');
  await meetsAtKiosk(kiosk.page, LEAD);
  await by(page, 'end-call').waitFor();
  faultless(kiosk, agent);
});

test('branch staff choose a kiosk’s cameras by role on its self-test, seen live and remembered', async ({
  lab: { server, browser, faultless },
}) => {
  const kiosk = await openKiosk(browser, server.url);
  const branch = await signIn(browser, server.url, { username: 'zhang.min' });
  const mine = branch.page.locator('[data-testid="branch-kiosk"]').first();
  await mine.getByTestId('kiosk-test').click();
  const { page } = kiosk;
  const camera = (label: string) => page.locator('[data-testid="camera-choose"]', { hasText: label });
  const pressed = (label: string) => expect.poll(() => camera(label).getAttribute('aria-pressed')).toBe('true');
  await by(page, 'self-test-cameras').click();
  await pressed('fake_device_0');
  expect((await watchVideo(page, '[data-testid="camera-preview"]')).changed).toBe(true);
  await inEveryLook(page, KIOSK_LOOKS, async (look) => {
    expect(await stumblesOn(page, `cameras, ${look}`)).toEqual([]);
  });

  await camera('fake_device_1').click();
  await pressed('fake_device_1');
  expect((await watchVideo(page, '[data-testid="camera-preview"]')).changed).toBe(true);
  // What looks at the customer does not look at papers, too.
  await by(page, 'camera-role-document').click();
  await pressed('fake_device_0');
  await by(page, 'camera-role-overview').click();
  await by(page, 'camera-words').waitFor();
  await camera('fake_device_0').click();
  await pressed('fake_device_0');

  await page.reload();
  await by(page, 'self-test-cameras').click();
  await pressed('fake_device_1');
  await by(page, 'camera-role-overview').click();
  await pressed('fake_device_0');
  await by(page, 'camera-done').click();
  const row = page.locator('[data-testid="self-test-row"][data-check="camera"]');
  // How fast it is is the machine's.
  await expect.poll(() => row.getAttribute('data-outcome')).toMatch(/good|poor/);
  await by(page, 'start').waitFor({ timeout: 90_000 });
  await mine.getByText(/^Tested /).waitFor();

  // The customer is seen by the camera that was chosen.
  const agent = await readyAgent(browser, server.url);
  await joinQueue(kiosk, 'update-phone-number');
  await expect
    .poll(() =>
      page.evaluate(() =>
        [...document.querySelectorAll('video')].flatMap(({ srcObject }) =>
          srcObject instanceof MediaStream ? srcObject.getVideoTracks().map(({ label }) => label) : [],
        ),
      ),
    )
    .toContain('fake_device_1');
  faultless(kiosk, branch, agent);
});
