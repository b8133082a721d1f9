import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { recordSpeech } from '../speech-scene.ts';
import { mustBeAccessible } from './lab/accessible.ts';
import { accept, endCall, readyAgent, type Agent } from './lab/agent.ts';
import { by, openBrowser } from './lab/browser.ts';
import { test } from './lab/index.ts';
import { joinQueue, openKiosk } from './lab/kiosk.ts';
import { loudness } from './lab/media.ts';

const SOON = { timeout: 20_000 };

/** From its next load on, a page's microphone sounds as its file does: the browser does nothing of its own to it. */
const asRecorded = ({ page }: Agent) =>
  page.context().addInitScript(() => {
    const media = navigator.mediaDevices;
    const open = media.getUserMedia.bind(media);
    const plain = { autoGainControl: false, noiseSuppression: false, echoCancellation: false };
    media.getUserMedia = (wish) =>
      open(typeof wish?.audio === 'object' ? { ...wish, audio: { ...wish.audio, ...plain } } : (wish ?? {}));
  });

test('the customer makes the teller louder than loud without a crackle, asks to speak up, and the next one begins anew', async ({
  lab: { server, faultless },
}) => {
  const folder = await mkdtemp(join(tmpdir(), 'openvtm-speech-'));
  const browser = await openBrowser({ microphone: await recordSpeech(join(folder, 'speech.wav'), { voice: 0.08 }) });
  const kiosk = await openKiosk(browser, server.url);
  const agent = await readyAgent(browser, server.url);
  // As soft as it is spoken: the browser would make it louder by itself.
  await asRecorded(agent);
  await agent.page.reload();
  await joinQueue(kiosk, 'update-phone-number');
  await accept(agent);
  const { page } = kiosk;
  await by(page, 'hearing-bar').waitFor();
  const volume = () => by(page, 'volume').innerText();
  const level = () => loudness(page, '[data-testid="agent-tile"] video');
  expect(await volume()).toContain('100');
  await expect.poll(async () => (await level()).loud, SOON).toBeGreaterThan(0.002);
  // The browser finds the right gain for a new voice first.
  await page.waitForTimeout(4_000);
  const usual = await level();

  // By the keyboard.
  for (let i = 0; i < 5; i += 1) await by(page, 'volume-up').press('Enter');
  expect(await volume()).toContain('300');
  expect(await by(page, 'volume-up').getAttribute('aria-disabled')).toBe('true');
  await expect.poll(async () => (await level()).loud, SOON).toBeGreaterThan(usual.loud * 1.7);
  const loud = await level();
  process.stdout.write(`usual ${JSON.stringify(usual)}, at 300 % ${JSON.stringify(loud)}\n`);
  expect(loud.peak).toBeLessThan(1);

  // It is this customer's over a reload, too.
  await page.reload();
  await by(page, 'hearing-bar').waitFor();
  expect(await volume()).toContain('300');
  await expect.poll(async () => (await level()).loud, SOON).toBeGreaterThan(usual.loud * 1.7);
  for (let i = 0; i < 5; i += 1) await by(page, 'volume-down').click();
  expect(await volume()).toContain('50');
  await expect.poll(async () => (await level()).loud, SOON).toBeLessThan(usual.loud * 0.8);
  expect((await level()).loud).toBeGreaterThan(usual.loud * 0.2);
  await by(page, 'volume-up').click();

  await by(page, 'speak-up').click();
  await by(agent.page, 'speak-up-note').waitFor();
  await mustBeAccessible(agent, 'desk that is asked to speak up');
  await mustBeAccessible(kiosk, 'kiosk that asked to speak up');
  expect(await by(page, 'speak-up').getAttribute('data-asked')).toBe('true');
  await by(agent.page, 'speak-up-note').waitFor({ state: 'detached', timeout: 30_000 });

  await endCall(agent);
  expect(await page.evaluate(() => sessionStorage.getItem('openvtm-kiosk:volume'))).toBe('75');
  await by(page, 'rate-skip').click();
  await by(page, 'finish').click();
  await by(page, 'start').waitFor({ timeout: 60_000 });
  expect(await page.evaluate(() => sessionStorage.getItem('openvtm-kiosk:volume'))).toBeNull();
  faultless(kiosk, agent);
  await browser.close();
  await rm(folder, { recursive: true, force: true });
});

test('the noise around an agent is taken out at the customer’s ear, and the voice stays', async ({
  lab: { server, faultless },
}) => {
  const folder = await mkdtemp(join(tmpdir(), 'openvtm-speech-'));
  const microphone = await recordSpeech(join(folder, 'hall.wav'), { voice: 0.3, noise: 0.08 });
  const browser = await openBrowser({ microphone });
  const kiosk = await openKiosk(browser, server.url);
  const agent = await readyAgent(browser, server.url);
  await asRecorded(agent);
  await agent.page.reload();
  await joinQueue(kiosk, 'update-phone-number');
  await accept(agent);
  const level = () => loudness(kiosk.page, '[data-testid="agent-tile"] video', 6);
  await expect.poll(async () => (await level()).quiet, { timeout: 40_000 }).toBeGreaterThan(0.002);
  const noisy = await level();
  await by(agent.page, 'call-devices').click();
  await by(agent.page, 'noise-switch').click();
  await expect.poll(() => by(agent.page, 'noise').getAttribute('data-at'), SOON).toBe('on');
  await expect.poll(async () => (await level()).quiet, { timeout: 40_000 }).toBeLessThan(noisy.quiet / 4);
  const clean = await level();
  process.stdout.write(`noisy ${JSON.stringify(noisy)}, clean ${JSON.stringify(clean)}\n`);
  expect(clean.loud).toBeGreaterThan(noisy.loud * 0.25);
  await mustBeAccessible(agent, 'the call’s devices with noise taken out');
  // Off again: the plain sound.
  await by(agent.page, 'noise-switch').click();
  await expect.poll(async () => (await level()).quiet, { timeout: 40_000 }).toBeGreaterThan(noisy.quiet / 2);
  await endCall(agent);
  faultless(kiosk, agent);
  await browser.close();
  await rm(folder, { recursive: true, force: true });
});
