import { expect } from 'vitest';
import { soundName } from '../../client-kiosk/src/features/voice/sound.ts';
import { by, openPage } from './lab/browser.ts';
import { test } from './lab/index.ts';
import { openKiosk } from './lab/kiosk.ts';

type Played = { name: string; rate: number; pitch: boolean };
/** What the page plays, in its order. */
const playedOn = (page: { evaluate: <T>(run: () => T) => Promise<T> }) =>
  page.evaluate(() => (globalThis as unknown as { played: Played[] }).played);

test('a kiosk without voices reads its screens and mistakes aloud from its own origin, slower for the elderly', async ({
  lab: { server, browser, faultless },
}) => {
  const kiosk = await openKiosk(browser, server.url);
  const { page } = kiosk;
  await page.evaluate(() => {
    const played: Played[] = [];
    Object.assign(globalThis, { played });
    const { play } = HTMLMediaElement.prototype;
    HTMLMediaElement.prototype.play = function (this: HTMLMediaElement) {
      const name = /\/voice\/(\w+)\.opus$/.exec(this.src)?.[1];
      if (name) played.push({ name, rate: this.playbackRate, pitch: this.preservesPitch });
      return play.call(this);
    };
  });
  const said = async (words: string, rate: number, language: 'en' | 'zh-CN' = 'en') =>
    expect
      .poll(async () => playedOn(page), { timeout: 20_000 })
      .toContainEqual({ name: await soundName(words, language), rate, pitch: true });
  const [usual, slow] = [0.95, 0.75];

  await by(page, 'voice-switch').click();
  await said('您好，欢迎光临', usual, 'zh-CN');
  await by(page, 'language-en').click();
  await said('Hello and welcome', usual);
  await by(page, 'print-elder').click();
  await said('Take your time.', slow);
  await by(page, 'start').click();
  await said('What do you need?', slow);
  // A service's own name is known from its data file.
  await said('Replace a lost card', slow);
  await by(page, 'service-replace-lost-card').click();
  await said('Please read this first', slow);
  await by(page, 'consent-agree').click();
  await said('Full name', slow);
  await by(page, 'form-next').click();
  await said('Please fill this in.', slow);
  // Off is off, at once and after a reload.
  await by(page, 'voice-switch').click();
  const before = (await playedOn(page)).length;
  await by(page, 'language-switch').click();
  await page.getByText('请您填一填').waitFor();
  expect((await playedOn(page)).length).toBe(before);
  faultless(kiosk);
});

test('a device with a voice of its own is read to by it, and what somebody typed is never said', async ({
  lab: { server, browser, faultless },
}) => {
  const kiosk = await openPage(browser, { url: `${server.url}/agent/`, width: 1080, height: 1920 });
  const { page } = kiosk;
  // The browser here has none: one that notes what it is given stands for the system's.
  await page.addInitScript(() => {
    const spoken: string[] = [];
    const voice = { name: 'Local', lang: 'en-GB', localService: true, default: true, voiceURI: 'local' };
    class Utterance extends EventTarget {
      text: string;
      constructor(text: string) {
        super();
        this.text = text;
      }
    }
    const speak = (utterance: Utterance) => {
      spoken.push(utterance.text);
      setTimeout(() => utterance.dispatchEvent(new Event('end')));
    };
    const synthesis = Object.assign(new EventTarget(), { getVoices: () => [voice], speak, cancel: () => undefined });
    Object.defineProperty(globalThis, 'speechSynthesis', { value: synthesis });
    Object.assign(globalThis, { SpeechSynthesisUtterance: Utterance, spoken });
  });
  const spokenOn = () => page.evaluate(() => (globalThis as unknown as { spoken: string[] }).spoken.join('\n'));
  await page.goto(`${server.url}/kiosk/#enrol=DEMO-KIOSK-1`);
  await by(page, 'language-en').click();
  await by(page, 'voice-switch').click();
  await by(page, 'start').click();
  await by(page, 'service-report-loss-oral').click();
  await by(page, 'consent-agree').click();
  await by(page, 'input-fullName').fill('Zephyrine Quill');
  await by(page, 'input-idNumber').fill('11010519900307005X');
  await by(page, 'form-next').press('Enter');
  await by(page, 'input-cardLast4').fill('3990');
  await by(page, 'choice-reason-lost').click();
  await by(page, 'form-next').press('Enter');
  await by(page, 'review-fullName').getByText('Zephyrine Quill').waitFor();
  await expect.poll(spokenOn).toContain('Please check what you entered');
  await page.keyboard.press('Tab');
  await expect.poll(spokenOn).toMatch(/Change Full name|Report a lost card|Read aloud|Larger/);
  const all = await spokenOn();
  expect(all).toContain('Last four digits of the card');
  for (const typed of ['Zephyrine', 'Quill', '11010519900307005X', '3990']) expect(all).not.toContain(typed);
  faultless(kiosk);
});
