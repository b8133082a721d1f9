import type { Browser } from 'playwright-core';
import { accept, readyAgent, signIn, type Agent } from './lab/agent.ts';
import { by } from './lab/browser.ts';
import { joinQueue, openKiosk, type Kiosk } from './lab/kiosk.ts';
import { showAs } from './lab/looks.ts';
import { watchVideo } from './lab/media.ts';
import { LOOKS, presentDesk, shoot } from './lab/shoot.ts';

const PERSON = '[data-testid="person-tile"]';
const SIZES = { upright: { width: 1080, height: 1920 }, lengthwise: { width: 1920, height: 1080 } };

/** The kiosk as it is now, upright and lengthwise, in every print and language. */
async function shootKiosk({ page }: Kiosk, name: string): Promise<void> {
  for (const [way, size] of Object.entries(SIZES)) {
    await page.setViewportSize(size);
    for (const look of LOOKS) {
      await showAs(page, look);
      await shoot(page, `people-kiosk-${name}-${way}`, look);
    }
  }
}

async function shootDesks(desks: Record<string, Agent>): Promise<void> {
  for (const [name, desk] of Object.entries(desks))
    for (const look of LOOKS) {
      if (look.print === 'elder') continue;
      await presentDesk(desk, look);
      await shoot(desk.page, `people-${name}`, look);
    }
}

/** One call into which an expert, branch staff and a supervisor come; then the customer is put on hold. */
export async function people(browser: Browser, url: string): Promise<void> {
  const kiosk = await openKiosk(browser, url);
  const agent = await readyAgent(browser, url, 'li.na');
  await joinQueue(kiosk, 'update-phone-number');
  await accept(agent);
  await watchVideo(agent.page, '[data-testid="customer-video"]');
  await by(agent.page, 'look-people').click();
  await by(agent.page, 'people-transfer').click();
  await by(agent.page, 'transfer-any').waitFor();
  await shootDesks({ 'desk-1-transfer': agent });

  const expert = await readyAgent(browser, url, 'wang.wei');
  await by(agent.page, 'people-invite').click();
  await by(agent.page, 'colleague').waitFor();
  await shootDesks({ 'desk-2-invite': agent });
  await by(agent.page, 'colleague').first().click();
  await by(expert.page, 'invitation-come').waitFor();
  await shootDesks({ 'desk-3-invited': expert });
  await by(expert.page, 'invitation-come').click();
  await by(expert.page, 'leave-call').waitFor();
  await watchVideo(kiosk.page, PERSON);
  await shootKiosk(kiosk, '1-three');

  const branch = await signIn(browser, url, { username: 'zhang.min', width: 768, height: 1024 });
  await by(branch.page, 'area-calls').click();
  await by(branch.page, 'act-joined').waitFor();
  await shootDesks({ 'tablet-1-calls': branch });
  await by(branch.page, 'act-joined').click();
  await by(branch.page, 'reason-quick').first().click();
  await by(branch.page, 'attended').waitFor();
  await watchVideo(kiosk.page, `${PERSON}[data-role="branch-staff"]`);
  for (const { page } of [agent, expert]) await watchVideo(page, '[data-testid="colleague-tile"]');
  await shootKiosk(kiosk, '2-four');
  await shootDesks({ 'desk-4-lead': agent, 'desk-5-expert': expert, 'tablet-2-joined': branch });

  const supervisor = await signIn(browser, url, { username: 'chen.jing' });
  await by(supervisor.page, 'area-calls').click();
  await by(supervisor.page, 'act-whispering').click();
  await by(supervisor.page, 'reason').waitFor();
  await shootDesks({ 'supervisor-1-reason': supervisor });
  await by(supervisor.page, 'reason-quick').first().click();
  await by(supervisor.page, 'attended').waitFor();
  await watchVideo(supervisor.page, '[data-testid="attended-customer"]');
  await shootDesks({ 'supervisor-2-whispering': supervisor, 'desk-6-whispered-to': agent });

  await by(agent.page, 'hold').click();
  await by(kiosk.page, 'hold').waitFor();
  await shootKiosk(kiosk, '3-hold');
  await shootDesks({ 'desk-7-hold': agent });
  for (const one of [kiosk, agent, expert, branch, supervisor]) await one.context.close();
}
