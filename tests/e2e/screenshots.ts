/**
 * Makes docs/screenshots from the real applications, in both languages and in large print: `npm run screenshots`; those
 * of several people in a call alone by `npm run screenshots -- people`.
 */
import type { Browser } from 'playwright-core';
import { accept, signIn, type Agent } from './lab/agent.ts';
import { by, openBrowser } from './lab/browser.ts';
import { fillForm, openKiosk, sendPicture, type Kiosk } from './lab/kiosk.ts';
import { watchVideo } from './lab/media.ts';
import { openPhone } from './lab/phone.ts';
import { startServer } from './lab/server.ts';
import { LOOKS, presentDesk, shoot, shootDesk, type Look } from './lab/shoot.ts';
import { people } from './screenshots-people.ts';

/** What the simulated core's customer of the walk below types. */
const OWN = { fullName: '陈秀英', idNumber: '440524188001010014', cardLast4: '5995' };

/** A customer finishes a service without anybody. */
async function alone(browser: Browser, url: string, look: Look): Promise<void> {
  const kiosk = await openKiosk(browser, url, { number: 2, width: 1920, height: 1080 });
  const { page } = kiosk;
  const screen = (name: string) => shoot(page, `alone-${name}`, look);
  await by(page, `language-${look.language}`).click();
  await by(page, `print-${look.print}`).click();
  await by(page, 'start').click();
  await by(page, 'service-search').fill(look.language === 'en' ? 'dormant' : '久悬');
  await by(page, 'service-activate-dormant-account').waitFor();
  await screen('1-search');
  await by(page, 'service-activate-dormant-account').click();
  await by(page, 'consent-agree').click();
  await fillForm(kiosk, { ...OWN, use: 'savings' });
  await screen('2-review');
  await by(page, 'form-join').click();
  await by(page, 'identify-send').click();
  const text = await by(page, 'simulated-text').textContent();
  await by(page, 'identify-code').fill(/\d{6}/.exec(text ?? '')?.[0] ?? '');
  await screen('3-identify');
  await by(page, 'identify-check').click();
  await by(page, 'explain-text').waitFor();
  await screen('4-explain');
  await by(page, 'step-next').click();
  await by(page, 'agree-text').waitFor();
  await screen('5-agree');
  await by(page, 'step-next').click();
  // The first look activates the account; the core refuses what is active already, and says so.
  await by(page, 'receipt-text').or(by(page, 'carry-out-not-done')).first().waitFor();
  await screen('6-outcome');
  if (await by(page, 'carry-out-end').isVisible()) {
    await by(page, 'carry-out-end').click();
  } else {
    await by(page, 'step-next').click();
    await by(page, 'rate-skip').click();
  }
  await by(page, 'finish').or(by(page, 'start')).first().waitFor();
  await kiosk.context.close();
}

/** Filled in and photographed on a phone, and taken over at a kiosk that its code is typed at. */
async function fromPhone(browser: Browser, url: string, look: Look): Promise<void> {
  const phone = await openPhone(browser, url);
  const { page } = phone;
  const screen = (name: string) => shoot(page, `phone-${name}`, look);
  await by(page, `language-${look.language}`).click();
  await by(page, `print-${look.print}`).click();
  await screen('1-welcome');
  await by(page, 'start').click();
  await by(page, 'service-replace-lost-card').waitFor();
  await screen('2-services');
  await by(page, 'service-replace-lost-card').click();
  await by(page, 'consent-agree').click();
  await by(page, 'form-next').waitFor();
  await screen('3-form');
  await fillForm(phone, { ...OWN, phone: '13900139001', howLost: 'lost' });
  await by(page, 'form-join').click();
  await by(page, 'take-id-card-front').click();
  await by(page, 'capture-take').waitFor();
  await sendPicture(phone);
  await page.locator('[data-testid="picture-id-card-front"][data-taken="true"]').waitFor();
  await page.locator('[data-testid="qr"][data-drawn="true"]').waitFor();
  await screen('4-code');
  const code = (await by(page, 'code').textContent()) ?? '';
  const kiosk = await openKiosk(browser, url, { number: 2 });
  await by(kiosk.page, `language-${look.language}`).click();
  await by(kiosk.page, `print-${look.print}`).click();
  await by(kiosk.page, 'have-code').click();
  await by(kiosk.page, 'code-entry').waitFor();
  await shoot(kiosk.page, 'kiosk-0-code', look);
  await by(kiosk.page, 'code-entry').fill(code);
  await by(page, 'followed').waitFor();
  await screen('5-followed');
  await phone.context.close();
  await by(kiosk.page, 'form-cancel').click();
  await by(kiosk.page, 'cancel-yes').click();
  await by(kiosk.page, 'start').waitFor();
  await kiosk.context.close();
}

/** Nobody is there: why is read by a supervisor, and the customer wants to be called. */
async function queued(browser: Browser, url: string, look: Look): Promise<void> {
  const kiosk = await openKiosk(browser, url, { number: 2 });
  const { page } = kiosk;
  await by(page, `language-${look.language}`).click();
  await by(page, `print-${look.print}`).click();
  await by(page, 'start').click();
  await by(page, 'service-replace-lost-card').click();
  await by(page, 'consent-agree').click();
  await fillForm(kiosk);
  await by(page, 'form-join').click();
  await by(page, 'call-back').waitFor();

  if (look.print !== 'elder') {
    const supervisor = await signIn(browser, url, { username: 'chen.jing', width: 1600, height: 900 });
    await presentDesk(supervisor, look);
    await by(supervisor.page, 'area-queue').click();
    await by(supervisor.page, 'queue-ticket').last().waitFor();
    await shootDesk(supervisor.page, 'queue-1-board', look);
    await by(supervisor.page, 'queue-why').last().click();
    await by(supervisor.page, 'explain-total').waitFor();
    await shootDesk(supervisor.page, 'queue-2-why', look);
    await supervisor.context.close();
  }
  await by(page, 'call-back').click();
  await by(page, 'call-back-phone').waitFor();
  await shoot(page, 'kiosk-6-call-back', look);
  if ((await by(page, 'call-back-phone').inputValue()) === '') await by(page, 'call-back-phone').fill('13911112222');
  await by(page, 'call-back-confirm').click();
  await page.locator('[data-testid="qr"][data-drawn="true"]').waitFor();
  await shoot(page, 'kiosk-6-kept-place', look);
  await by(page, 'kept-done').click();
  await by(page, 'start').waitFor();
  await kiosk.context.close();
}

/** Rules are tried on an invented day before they are put in force. */
async function rules({ page }: Agent, look: Look): Promise<void> {
  await by(page, 'area-rules').click();
  const box = by(page, 'rules-text');
  await box.fill((await box.inputValue()).replace('"seconds": 60', '"seconds": 20'));
  await by(page, 'try-run').click();
  await by(page, 'compare-table').waitFor();
  await shootDesk(page, 'rules', look);
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
  const desk = (name: string) => shootDesk(agent.page, `agent-${name}`, look);
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

  // The elder mode has no search; its ways to a service are in the walk with an agent.
  if (look.print !== 'elder') await alone(browser, url, look);
  await fromPhone(browser, url, look);
  await queued(browser, url, look);

  const administrator = await signIn(browser, url, { username: 'admin' });
  await by(administrator.page, 'catalogue-talk-to-a-teller').waitFor();
  await presentDesk(administrator, look);
  await shootDesk(administrator.page, 'services', look);
  if (look.print !== 'elder') await rules(administrator, look);
  await administrator.context.close();

  const inspector = await signIn(browser, url, { username: 'liu.yang' });
  await by(inspector.page, 'area-audit').click();
  await by(inspector.page, 'audit-table').waitFor();
  await presentDesk(inspector, look);
  await shootDesk(inspector.page, 'audit', look);
  await inspector.context.close();
}

const [server, browser] = await Promise.all([startServer(), openBrowser()]);
try {
  if (!process.argv.includes('people'))
    for (const look of LOOKS) {
      process.stdout.write(`${look.language}, ${look.print} print\n`);
      await story(browser, server.url, look);
    }
  process.stdout.write('several people in a call\n');
  await people(browser, server.url);
} finally {
  await browser.close();
  await server.close();
}
