/** Makes docs/screenshots from the real applications, in both languages and in large print: `npm run screenshots`. */
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { accept, signIn, type Agent } from './lab/agent.ts';
import { by, openBrowser } from './lab/browser.ts';
import { fillForm, openKiosk, sendPicture, type Kiosk } from './lab/kiosk.ts';
import { watchVideo } from './lab/media.ts';
import { startServer } from './lab/server.ts';

const FOLDER = fileURLToPath(new URL('../../docs/screenshots/', import.meta.url));
type Look = { language: 'zh-CN' | 'en'; print: 'normal' | 'large' };
const LOOKS: Look[] = [
  { language: 'zh-CN', print: 'normal' },
  { language: 'en', print: 'normal' },
  { language: 'zh-CN', print: 'large' },
  { language: 'en', print: 'large' },
];

const shoot = async (page: Page, name: string, { language, print }: Look) => {
  // Fonts and pictures are there, and what moves in has moved in.
  await page.evaluate(async () => {
    await document.fonts.ready;
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  });
  await page.waitForTimeout(400);
  await page.screenshot({
    path: `${FOLDER}${name}.${language}${print === 'large' ? '.large' : ''}.jpg`,
    type: 'jpeg',
    quality: 72,
  });
};

/** The desk takes its language and print from its own switches. */
async function presentDesk({ page }: Agent, { language, print }: Look): Promise<void> {
  await by(page, `language-${language}`).click();
  const isLarge = (await page.locator('html').getAttribute('data-print')) === 'large';
  if (isLarge !== (print === 'large')) await by(page, 'print-switch').click();
}

async function story(browser: Browser, url: string, look: Look): Promise<void> {
  const kiosk: Kiosk = await openKiosk(browser, url);
  const { page } = kiosk;
  const screen = (name: string) => shoot(page, `kiosk-${name}`, look);
  await by(page, `language-${look.language}`).click();
  await by(page, `print-${look.print}`).click();
  await screen('1-welcome');
  await by(page, 'start').click();
  await by(page, 'service-replace-lost-card').waitFor();
  await screen('2-services');
  await by(page, 'service-replace-lost-card').click();
  await by(page, 'consent-agree').waitFor();
  await screen('3-consent');
  await by(page, 'consent-agree').click();
  await by(page, 'form-next').waitFor();
  await screen('4-form');
  await fillForm(kiosk);
  await screen('5-review');
  await by(page, 'form-join').click();
  await by(page, 'waiting').waitFor();
  await screen('6-waiting');

  const agent = await signIn(browser, url, { username: 'li.na', width: 1600, height: 900 });
  const desk = (name: string) => shoot(agent.page, `agent-${name}`, look);
  await by(agent.page, 'check-done').waitFor();
  await presentDesk(agent, look);
  await by(agent.page, 'check-heard').waitFor();
  await desk('1-devices');
  await by(agent.page, 'check-done').click();
  await by(agent.page, 'go-ready').waitFor();
  await desk('2-idle');
  await by(agent.page, 'go-ready').click();
  await by(agent.page, 'offer-card').waitFor();
  await desk('3-offer');
  await accept(agent);
  await watchVideo(page, '[data-testid="agent-tile"]');
  await watchVideo(agent.page, '[data-testid="customer-video"]');
  await screen('7-call');
  await by(agent.page, 'ask-document').click();
  await by(page, 'capture-take').waitFor();
  await watchVideo(page, '[data-testid="capture-preview"]');
  await screen('8-capture');
  await sendPicture(kiosk);
  await by(agent.page, 'page-image').waitFor();
  await desk('4-call');
  await by(agent.page, 'document-return').click();
  await by(agent.page, 'return-glare').click();
  await desk('5-return');
  await by(agent.page, 'return-send').click();
  await by(page, 'return-reason').waitFor();
  await screen('9-returned');
  await sendPicture(kiosk);
  await by(agent.page, 'document-accept').click();
  await by(page, 'capture').waitFor({ state: 'detached' });
  await by(agent.page, 'summary-send').click();
  await by(page, 'confirm-yes').waitFor();
  await screen('10-summary');
  await by(page, 'confirm-yes').click();
  await by(agent.page, 'summary-confirmed').waitFor();
  await by(agent.page, 'end-call').click();
  await by(page, 'rate-5').waitFor();
  await screen('11-rating');
  await by(page, 'rate-5').click();
  await by(page, 'finish').waitFor();
  await screen('12-thanks');
  await by(agent.page, 'wrap-up').waitFor();
  await desk('6-wrap-up');
  await by(agent.page, 'outcome-complete').click();
  await by(agent.page, 'wrap-up-break').click();
  await agent.context.close();
  await kiosk.context.close();

  const inspector = await signIn(browser, url, { username: 'liu.yang' });
  await by(inspector.page, 'audit-table').waitFor();
  await presentDesk(inspector, look);
  await shoot(inspector.page, 'audit', look);
  await inspector.context.close();
}

mkdirSync(FOLDER, { recursive: true });
const [server, browser] = await Promise.all([startServer(), openBrowser()]);
try {
  for (const look of LOOKS) {
    process.stdout.write(`${look.language}, ${look.print} print\n`);
    await story(browser, server.url, look);
  }
} finally {
  await browser.close();
  await server.close();
}
