import { SUPERVISION_MS } from '@openvtm/protocol';
import { expect, test } from 'vitest';
import { startLab } from '../integration/lab/index.ts';
import { mustBeAccessible, stumblesOn } from './lab/accessible.ts';
import { accept, endCall, readyAgent, signIn, type Agent } from './lab/agent.ts';
import { by, openBrowser } from './lab/browser.ts';
import { fillForm, openKiosk, type Kiosk } from './lab/kiosk.ts';
import { inEveryLook, KIOSK_LOOKS } from './lab/looks.ts';

/** Two minutes of looking, on a busy machine (ms). */
const MOST_MS = 300_000;
const SENTENCE =
  'When you talk with a teller, a supervisor of the bank may listen and advise the teller, so that the service is good and safe.';
const FIRST = 'a complaint of yesterday';
const SECOND = 'it is not settled yet';

/** Nobody stumbles over the kiosk's screen, in any mode and language. */
async function servesEverybody({ page }: Kiosk, screen: string): Promise<void> {
  const found: string[] = [];
  await inEveryLook(page, KIOSK_LOOKS, async (look) => {
    found.push(...(await stumblesOn(page, `${screen}, ${look}`)));
  });
  expect(found).toEqual([]);
}
/** Seconds that the attended call says are left. */
async function secondsLeft({ page }: Agent): Promise<number> {
  const words = await by(page, 'time-left').locator('.digits').textContent();
  const [minutes = NaN, seconds = NaN] = words?.trim().split(':').map(Number) ?? [];
  return 60 * minutes + seconds;
}
async function give({ page }: Agent, reason: string): Promise<void> {
  await by(page, 'reason-own').fill(reason);
  await by(page, 'reason-go').click();
  await by(page, 'reason').waitFor({ state: 'detached' });
}

test(
  'a customer agrees to supervision in so many words; who supervises sees the time left, stays longer with a reason, and is out by the clock; the reasons are with the ended call',
  async ({ onTestFinished }) => {
    const lab = await startLab({ supervision: { tellAgent: true, tellCustomer: 'call' } });
    const browser = await openBrowser();
    onTestFinished(() => browser.close());

    // The consent: what is on the screen is what the journal keeps.
    const kiosk = await openKiosk(browser, lab.url);
    await by(kiosk.page, 'language-en').click();
    await by(kiosk.page, 'start').click();
    await by(kiosk.page, 'service-update-phone-number').click();
    const consent = by(kiosk.page, 'consent-text');
    await consent.waitFor();
    expect(await consent.locator('p').last().textContent()).toBe(SENTENCE);
    await servesEverybody(kiosk, 'the consent');
    const shown = {
      words: await consent.locator('p').allTextContents(),
      version: await consent.getAttribute('data-version'),
    };
    expect(shown.version).toMatch(/\+supervision-1$/);
    await by(kiosk.page, 'consent-agree').click();
    await fillForm(kiosk);
    const [kept] = await lab.journal({ kind: 'case.consented' });
    expect(kept?.data).toMatchObject({ version: shown.version, language: 'en' });
    expect(String(kept?.data?.['words']).replaceAll(/\s+/g, ' ')).toBe(shown.words.join(' '));

    const agent = await readyAgent(browser, lab.url);
    await by(kiosk.page, 'form-join').click();
    await accept(agent);
    expect(await by(kiosk.page, 'supervised').count()).toBe(0);

    // Listening: the time left, and that the customer is told.
    const boss = await signIn(browser, lab.url, { username: 'chen.jing' });
    await by(boss.page, 'area-calls').click();
    await by(boss.page, 'act-listening').click();
    await give(boss, FIRST);
    await by(boss.page, 'time-left').waitFor();
    expect(await secondsLeft(boss)).toBeGreaterThan(29 * 60);
    await by(kiosk.page, 'supervised').waitFor();
    await servesEverybody(kiosk, 'a supervisor listens');
    await agent.page.locator('[data-testid="quiet-person"][data-mode="listening"]').waitFor();
    expect(await by(boss.page, 'running-reason').first().textContent()).toContain(FIRST);
    await mustBeAccessible(boss, 'the time left');

    // Longer: a reason is asked for again.
    await expect.poll(() => secondsLeft(boss), { timeout: 20_000 }).toBeLessThan(30 * 60 - 3);
    const before = await secondsLeft(boss);
    await by(boss.page, 'stay-longer').click();
    expect(await by(boss.page, 'reason').textContent()).toContain('Why do you stay longer?');
    await mustBeAccessible(boss, 'why one stays longer');
    await give(boss, SECOND);
    await expect.poll(() => secondsLeft(boss), { timeout: 20_000 }).toBeGreaterThan(before);
    await expect.poll(() => by(boss.page, 'running-reason').count(), { timeout: 20_000 }).toBe(2);
    await mustBeAccessible(boss, 'two reasons');

    // Joined is seen by all and boxed all the same.
    await by(boss.page, 'change-joined').click();
    await boss.page.locator('[data-testid="attended"][data-mode="joined"]').waitFor();
    await by(kiosk.page, 'supervised').waitFor({ state: 'detached' });
    expect(await secondsLeft(boss)).toBeGreaterThan(29 * 60);
    lab.clock.jump(SUPERVISION_MS);
    await by(boss.page, 'attended').waitFor({ state: 'detached' });
    await by(boss.page, 'attending-over').waitFor();
    await by(kiosk.page, 'person-tile').waitFor({ state: 'detached' });
    await endCall(agent);

    // Supervisors and inspectors read why; agents have no such place.
    const inspector = await signIn(browser, lab.url, { username: 'liu.yang' });
    await by(inspector.page, 'area-calls').click();
    // The page does not know that its token is half an hour older than it was.
    await boss.page.reload();
    await by(boss.page, 'area-calls').click();
    await by(boss.page, 'calls-ended').click();
    for (const one of [boss, inspector]) {
      await by(one.page, 'open-quality').first().click();
      await by(one.page, 'quality-events').waitFor();
      const said = await by(one.page, 'quality-events')
        .locator('li')
        .evaluateAll((all) =>
          all.map((li) => [li.dataset['is'], li.querySelector('[data-testid="event-why"]')?.textContent]),
        );
      expect(said).toEqual([
        ['joined', `reason: ${FIRST}`],
        ['renewed', `reason: ${SECOND}`],
        ['changed', `reason: ${SECOND}`],
        ['left', undefined],
      ]);
      await mustBeAccessible(one, 'the reasons of an ended call');
    }
    expect(await by(agent.page, 'area-calls').count()).toBe(0);
    expect([kiosk, agent, boss, inspector].flatMap(({ wrongs }) => wrongs)).toEqual([]);
  },
  MOST_MS,
);
