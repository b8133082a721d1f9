import { expect } from 'vitest';
import { accept, readyAgent } from './lab/agent.ts';
import { by } from './lab/browser.ts';
import { test } from './lab/index.ts';
import { joinQueue, openKiosk } from './lab/kiosk.ts';
import { watchVideo } from './lab/media.ts';

// The fake capture that Chromium chooses by itself is a moving pattern.
test('an agent shows a window: the customer sees it beside the agent, and no more on hold or when it is taken away', async ({
  lab: { server, browser, faultless },
}) => {
  const kiosk = await openKiosk(browser, server.url);
  const agent = await readyAgent(browser, server.url);
  await joinQueue(kiosk, 'update-phone-number');
  await by(agent.page, 'offer-card').waitFor();
  await accept(agent);
  faultless(kiosk, agent);
  await agent.page.keyboard.press('o');
  await by(agent.page, 'window-stop').waitFor();
  await by(kiosk.page, 'shown-window').waitFor();
  expect((await watchVideo(kiosk.page, '[data-testid="shown-window"]', 5)).changed).toBe(true);
  // Who shows it stays in sight.
  expect((await watchVideo(kiosk.page, '[data-testid="agent-tile"]', 5)).changed).toBe(true);

  await by(agent.page, 'window-stop').click();
  await by(kiosk.page, 'shown-window').waitFor({ state: 'detached' });
  await agent.page.keyboard.press('o');
  await by(kiosk.page, 'shown-window').waitFor();
  await agent.page.keyboard.press('h');
  await by(agent.page, 'window-stop').waitFor({ state: 'detached' });
  await by(kiosk.page, 'shown-window').waitFor({ state: 'detached' });
});
