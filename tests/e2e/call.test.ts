import { expect } from 'vitest';
import { accept, readyAgent } from './lab/agent.ts';
import { mustBeAccessible } from './lab/accessible.ts';
import { by } from './lab/browser.ts';
import { test } from './lab/index.ts';
import { joinQueue, openKiosk, sendPicture } from './lab/kiosk.ts';
import { loudest, watchVideo } from './lab/media.ts';

test('a customer at a kiosk is served by an agent: video both ways, a document returned and accepted, summary, rating', async ({
  lab: { server, browser, faultless },
}) => {
  const kiosk = await openKiosk(browser, server.url);
  const agent = await readyAgent(browser, server.url);
  await joinQueue(kiosk, 'update-phone-number');
  await by(agent.page, 'offer-card').waitFor();
  await accept(agent);

  const [seenByAgent, seenByCustomer] = await Promise.all([
    watchVideo(agent.page, '[data-testid="customer-video"]'),
    watchVideo(kiosk.page, '[data-testid="agent-tile"]'),
  ]);
  expect(seenByAgent).toMatchObject({ changed: true });
  expect(seenByCustomer).toMatchObject({ changed: true });
  await expect
    .poll(() => loudest(agent.page, '[data-testid="customer-sound"], [data-testid="customer-video"]'), {
      timeout: 20_000,
    })
    .toBeGreaterThan(0.01);
  await expect.poll(() => loudest(kiosk.page, 'video, audio'), { timeout: 20_000 }).toBeGreaterThan(0.01);

  expect(await by(agent.page, 'case-data').textContent()).toContain("张伟 O'Neil");
  expect(await by(agent.page, 'case-data').textContent()).not.toContain('13911112222');

  await by(agent.page, 'ask-document').click();
  await sendPicture(kiosk);
  await by(agent.page, 'page-image').waitFor();
  await by(agent.page, 'document-return').click();
  await by(agent.page, 'return-glare').click();
  await by(agent.page, 'return-send').click();
  await by(kiosk.page, 'return-reason').waitFor();
  await sendPicture(kiosk);
  await by(agent.page, 'document-accept').click();
  await by(kiosk.page, 'capture').waitFor({ state: 'detached' });

  // The agent corrects the name; the customer sees both and says yes, then no to another change.
  await by(agent.page, 'correct-fullName').click();
  await by(agent.page, 'corrected-fullName').fill('张伟 2');
  await by(agent.page, 'correct-save-fullName').click();
  await by(agent.page, 'fact-fullName').getByRole('alert').waitFor();
  await by(agent.page, 'corrected-fullName').fill('张伟');
  await by(agent.page, 'correct-save-fullName').click();
  expect(await by(kiosk.page, 'changed-before').textContent()).toBe("张伟 O'Neil");
  expect(await by(kiosk.page, 'changed-now').textContent()).toBe('张伟');
  await mustBeAccessible(kiosk, 'changed value');
  await by(agent.page, 'unsettled-fullName').waitFor();
  await mustBeAccessible(agent, 'desk, a change waits');
  await by(kiosk.page, 'changed-yes').click();
  await by(agent.page, 'unsettled-fullName').waitFor({ state: 'detached' });
  await by(agent.page, 'correct-fullName').click();
  await by(agent.page, 'corrected-fullName').fill('张三');
  await by(agent.page, 'correct-save-fullName').click();
  await by(kiosk.page, 'changed-no').click();
  await by(kiosk.page, 'changed-value').waitFor({ state: 'detached' });
  // Each screen is told on its own.
  await by(agent.page, 'unsettled-fullName').waitFor({ state: 'detached' });
  expect(await by(agent.page, 'fact-fullName').textContent()).toContain('张伟');

  await by(agent.page, 'summary-send').click();
  await by(kiosk.page, 'confirm-yes').click();
  await by(agent.page, 'summary-confirmed').waitFor();
  await by(agent.page, 'end-call').click();
  await by(kiosk.page, 'rate-5').click();
  await by(agent.page, 'outcome-complete').click();
  await by(agent.page, 'wrap-up-ready').click();
  await by(agent.page, 'go-break').waitFor();
  await by(kiosk.page, 'finish').click();
  await by(kiosk.page, 'start').waitFor();
  expect(await kiosk.page.content()).not.toContain('13911112222');

  faultless(kiosk, agent);
});
