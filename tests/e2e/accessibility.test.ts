import { AxeBuilder } from '@axe-core/playwright';
import { expect } from 'vitest';
import { accept, readyAgent, signIn } from './lab/agent.ts';
import { by, type Watched } from './lab/browser.ts';
import { test } from './lab/index.ts';
import { fillForm, openKiosk } from './lab/kiosk.ts';

/** What WCAG 2.2 level AA asks and a machine can see. */
async function mustBeAccessible({ page }: Watched, screen: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'])
    .analyze();
  const found = violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, any }) => `${screen}: ${id} at ${target.join(' ')}: ${any[0]?.message ?? ''}`),
  );
  expect(found).toEqual([]);
}

test('every screen that a customer, an agent and an inspector see holds to WCAG 2.2 AA, in large print too', async ({
  lab: { server, browser, faultless },
}) => {
  const kiosk = await openKiosk(browser, server.url);
  const { page } = kiosk;
  await mustBeAccessible(kiosk, 'welcome');
  await by(page, 'print-large').click();
  await by(page, 'start').click();
  await by(page, 'service-replace-lost-card').waitFor();
  await mustBeAccessible(kiosk, 'services');
  await by(page, 'service-replace-lost-card').click();
  await by(page, 'consent-agree').waitFor();
  await mustBeAccessible(kiosk, 'consent');
  await by(page, 'consent-agree').click();
  await by(page, 'form-next').waitFor();
  await mustBeAccessible(kiosk, 'form');
  await fillForm(kiosk);
  await mustBeAccessible(kiosk, 'review');
  await by(page, 'form-join').click();
  await by(page, 'waiting').waitFor();
  await mustBeAccessible(kiosk, 'waiting');

  const inspector = await signIn(browser, server.url, { username: 'liu.yang' });
  await by(inspector.page, 'audit-table').waitFor();
  await mustBeAccessible(inspector, 'audit');

  const agent = await readyAgent(browser, server.url);
  await by(agent.page, 'offer-card').waitFor();
  await mustBeAccessible(agent, 'offer');
  await accept(agent);
  await mustBeAccessible(agent, 'desk');
  await by(page, 'hang-up').waitFor();
  await mustBeAccessible(kiosk, 'call');
  await by(agent.page, 'ask-document').click();
  await by(page, 'capture-take').waitFor();
  await mustBeAccessible(kiosk, 'capture');
  faultless(kiosk, agent, inspector);
});
