import { expect, onTestFinished } from 'vitest';
import { startTurnServer } from '../turn-server.ts';
import { mustBeAccessible, stumblesOn } from './lab/accessible.ts';
import { signIn } from './lab/agent.ts';
import { by } from './lab/browser.ts';
import { test } from './lab/index.ts';
import { openKiosk } from './lab/kiosk.ts';
import { inEveryLook, KIOSK_LOOKS } from './lab/looks.ts';
import { startServer } from './lab/server.ts';

test('branch staff have a kiosk test itself, and see what is wrong with it; a customer who comes is served', async ({
  lab: { server, browser, faultless },
}) => {
  const kiosk = await openKiosk(browser, server.url);
  const branch = await signIn(browser, server.url, { username: 'zhang.min' });
  const mine = branch.page.locator('[data-testid="branch-kiosk"]').first();
  await mine.waitFor();
  expect(await mine.getByTestId('kiosk-last').textContent()).toBe('Never tested');

  // Stopped by somebody who wants to be served.
  await mine.getByTestId('kiosk-test').click();
  await by(kiosk.page, 'self-test').waitFor();
  await inEveryLook(kiosk.page, KIOSK_LOOKS, async (look) => {
    expect(await stumblesOn(kiosk.page, `self-test, ${look}`)).toEqual([]);
  });
  await by(kiosk.page, 'self-test-stop').click();
  await by(kiosk.page, 'start').waitFor();

  await mine.getByTestId('kiosk-test').click();
  await by(kiosk.page, 'self-test').waitFor();
  await by(kiosk.page, 'start').waitFor({ timeout: 90_000 });
  await mine.getByText(/^Tested /).waitFor();
  // Chromium's own microphone hears no speaker, and nothing else fails; how fast its cameras are is the machine's.
  const faults = await mine
    .locator('[data-testid="self-test-result"][data-outcome="failed"]')
    .evaluateAll((all) => all.map((one) => (one as HTMLElement).dataset['check']));
  expect(faults.filter((check) => check !== 'speaker')).toEqual([]);
  await mustBeAccessible(branch, 'branch, kiosks');

  // While a customer is there it is not asked.
  await by(kiosk.page, 'start').click();
  await by(kiosk.page, 'service-report-loss-oral').click();
  await by(kiosk.page, 'consent-agree').waitFor();
  await mine.getByTestId('kiosk-test').click();
  await mine.getByTestId('kiosk-occupied').waitFor();
  faultless(kiosk, branch);
});

test("an agent tries the desk's connection before the first call", async ({ lab: { server, browser, faultless } }) => {
  const agent = await signIn(browser, server.url, { username: 'li.na' });
  await by(agent.page, 'connection-run').click();
  for (const check of ['udp', 'tcp', 'clock'])
    await agent.page
      .locator(`[data-testid="self-test-result"][data-check="${check}"][data-outcome="good"]`)
      .waitFor({ timeout: 60_000 });
  await agent.page.locator('[data-testid="self-test-result"][data-check="turn"][data-outcome="none"]').waitFor();
  await mustBeAccessible(agent, 'device check with connection');
  faultless(agent);
});

test('where the bank has a TURN server the way through it is tried, and named when it is gone', async ({
  lab: { browser, faultless },
}) => {
  const turn = await startTurnServer('tcp');
  const server = await startServer({
    env: () => ({ OPENVTM_TURN_URLS: turn.urls.join(','), OPENVTM_TURN_SECRET: turn.secret }),
  });
  onTestFinished(async () => {
    await server.close();
    await turn.close();
  });
  const agent = await signIn(browser, server.url, { username: 'li.na' });
  const result = (outcome: string) =>
    agent.page.locator(`[data-testid="self-test-result"][data-check="turn"][data-outcome="${outcome}"]`);
  await by(agent.page, 'connection-run').click();
  await result('good').waitFor({ timeout: 60_000 });
  await turn.close();
  await by(agent.page, 'connection-run').click();
  await result('failed').waitFor({ timeout: 60_000 });
  await mustBeAccessible(agent, 'a desk that reaches no TURN server');
  faultless(agent);
});
