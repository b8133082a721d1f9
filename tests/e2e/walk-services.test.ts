import type { Browser } from 'playwright-core';
import type { Service } from '@openvtm/protocol';
import { expect } from 'vitest';
import { simulatedCustomers } from '../../server/src/modules/core/simulator/customers.ts';
import { readyAgent, type Agent } from './lab/agent.ts';
import { by } from './lab/browser.ts';
import { needsNobody, offeredServices } from './lab/catalogue.ts';
import { test } from './lab/index.ts';
import { openKiosk, type Kiosk } from './lab/kiosk.ts';
import { showAs } from './lab/looks.ts';
import { wrapUp } from './lab/serve.ts';
import { walkService } from './lab/walk.ts';

/** Several calls one after the other, on a busy machine (ms). */
const MOST_MS = 240_000;

/** To its end for the first customer for whom the bank does it: a dormant account is not everybody's. */
async function walkToEnd(kiosk: Kiosk, service: Service, agent?: Agent): Promise<void> {
  const ends: string[] = [];
  for (const who of simulatedCustomers().slice(2)) {
    ends.push(await walkService(kiosk, { service, who, ...(agent ? { agent } : {}) }));
    await by(kiosk.page, 'start').or(by(kiosk.page, 'elder-talk')).first().waitFor();
    if (ends.at(-1) === 'thanks') break;
  }
  expect(ends, service.id).toContain('thanks');
  if (agent) await wrapUp(agent);
}

test('services that need nobody are walked to their end in a browser by their data files alone', async ({
  lab: { server, browser, faultless },
}) => {
  const services = (await offeredServices()).filter(needsNobody).slice(0, 3);
  expect(services.length).toBe(3);
  const kiosk = await openKiosk(browser, server.url);
  for (const service of services) await walkToEnd(kiosk, service);
  faultless(kiosk);
});

/** The demonstration's agent with the skills for companies, too. */
const desk = (browser: Browser, url: string) => readyAgent(browser, url, 'chen.jing');

test(
  'services that need an agent, of persons and of companies, are walked to their end by their data files alone',
  async ({ lab: { server, browser, faultless } }) => {
    const served = (await offeredServices()).filter((one) => one.listed && !needsNobody(one));
    // The one that the elder mode shows is walked below.
    const of = (audience: string) => served.filter((one) => one.audience === audience && !one.elder);
    const services = [...of('personal').slice(0, 1), ...of('corporate').slice(0, 1)];
    expect(services.length).toBe(2);
    const kiosk = await openKiosk(browser, server.url);
    const agent = await desk(browser, server.url);
    for (const service of services) await walkToEnd(kiosk, service, agent);
    faultless(kiosk, agent);
  },
  MOST_MS,
);

test(
  'in the elder mode a service is walked to its end in the same way, and the agent sees the mode',
  async ({ lab: { server, browser, faultless } }) => {
    const services = await offeredServices();
    const elder = services.find((one) => one.elder && !needsNobody(one));
    const other = services.find((one) => !one.elder && needsNobody(one));
    if (!elder || !other) throw new Error('the catalogue has no such services');
    const kiosk = await openKiosk(browser, server.url);
    const { page } = kiosk;
    const wearElder = () => showAs(page, { print: 'elder', language: 'zh-CN' });
    await wearElder();
    await walkToEnd(kiosk, other);
    await wearElder();
    const agent = await desk(browser, server.url);
    let shown = '';
    const visit = async (screen: string) => {
      if (screen !== 'call') return;
      shown = (await by(agent.page, 'case-print').textContent()) ?? '';
      // A reload in the middle of a call comes back to the same mode.
      await page.reload();
      await page.locator('html[data-print="elder"]').waitFor();
      await by(page, 'hang-up').waitFor();
    };
    const [, , who] = simulatedCustomers();
    if (!who) throw new Error('no customer');
    expect(await walkService(kiosk, { service: elder, who, agent, visit })).toBe('thanks');
    expect(shown).toMatch(/elder|长辈/i);
    await wrapUp(agent);
    faultless(kiosk, agent);
  },
  MOST_MS,
);
