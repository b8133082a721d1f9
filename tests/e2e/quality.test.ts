import { QUALITY_SLOT_MS, type CallQuality, type QualitySample } from '@openvtm/protocol';
import { expect } from 'vitest';
import { createHttp } from '../integration/lab/http.ts';
import { enrolLabKiosk } from '../integration/lab/kiosk.ts';
import { qualitySample } from '../integration/lab/samples.ts';
import { signInLabStaff } from '../integration/lab/staff.ts';
import { finishCall, startCall } from '../integration/lab/stories.ts';
import { mustBeAccessible } from './lab/accessible.ts';
import { accept, endCall, readyAgent, signIn, type Agent } from './lab/agent.ts';
import { by } from './lab/browser.ts';
import { test } from './lab/index.ts';
import { joinQueue, openKiosk } from './lab/kiosk.ts';

const PASSWORD = 'openvtm-demo';
const CALL_MS = 32_000;
const MOST_MS = 240_000;

/** A call of two lines without a browser, at the demonstration's second kiosk. */
async function lineCall(url: string) {
  const needs = { url, http: createHttp(url), now: Date.now };
  const kiosk = await enrolLabKiosk({ ...needs, code: 'DEMO-KIOSK-2' });
  const agent = await signInLabStaff({ ...needs, username: 'wang.wei', password: PASSWORD });
  await kiosk.open();
  await agent.open();
  await agent.must('queue:ready', {});
  return { kiosk, agent, ...(await startCall({ kiosk, agent })) };
}
const qualityOf = async (url: string, callId: string): Promise<CallQuality> => {
  const needs = { url, http: createHttp(url), now: Date.now };
  const supervisor = await signInLabStaff({ ...needs, username: 'liu.yang', password: PASSWORD });
  return needs.http.json('GET', `/api/quality/calls/${callId}`, { token: await supervisor.token() });
};
/** The latest `count` times five seconds. */
const lately = (count: number, changes: Partial<QualitySample> = {}) => {
  const slot = Math.floor(Date.now() / QUALITY_SLOT_MS);
  return Array.from({ length: count }, (_, i) => qualitySample({ slot: slot - count + i, ...changes }));
};

/** In both languages and in large print. */
async function inEveryLook(agent: Agent, screen: string): Promise<void> {
  await mustBeAccessible(agent, screen);
  await by(agent.page, 'language-zh-CN').click();
  await mustBeAccessible(agent, `${screen}, Chinese`);
  await by(agent.page, 'print-switch').click();
  await mustBeAccessible(agent, `${screen}, Chinese, large`);
  await by(agent.page, 'print-switch').click();
  await by(agent.page, 'language-en').click();
}

test(
  'a call’s quality is kept on both sides and drawn in its history; a branch whose link is bad is told of in plain words',
  async ({ lab: { server, browser, faultless } }) => {
    const bad = await lineCall(server.url);
    const kiosk = await openKiosk(browser, server.url);
    const agent = await readyAgent(browser, server.url);
    await joinQueue(kiosk, 'update-phone-number');
    await accept(agent);
    await kiosk.page.waitForTimeout(CALL_MS / 2);
    await by(agent.page, 'hold').click();
    await by(agent.page, 'call-hold').waitFor();
    await kiosk.page.waitForTimeout(6_000);
    await by(agent.page, 'hold').click();
    await kiosk.page.waitForTimeout(CALL_MS / 2);
    await endCall(agent);

    // An inspector sees the calls that are over, and no running one.
    const inspector = await signIn(browser, server.url, { username: 'liu.yang' });
    await by(inspector.page, 'area-calls').click();
    const call = by(inspector.page, 'ended-call').first();
    await expect
      .poll(
        async () => {
          await by(inspector.page, 'ended-search').click();
          await call.waitFor();
          return call.locator('[data-testid="score-customer"] [data-level]').count();
        },
        { timeout: 30_000, interval: 1_000 },
      )
      .toBe(1);
    expect(await by(inspector.page, 'running').count()).toBe(0);
    expect(await by(inspector.page, 'ended-call').count()).toBe(1);
    await call.locator('[data-testid="score-agent"] [data-level]').waitFor();
    await inEveryLook(inspector, 'ended calls');

    await call.locator('[data-testid="open-quality"]').click();
    const sides = by(inspector.page, 'quality-side');
    await sides.first().waitFor();
    const { sides: kept, events } = await qualityOf(
      server.url,
      (await inspector.page.evaluate(async () =>
        document.querySelector('[data-testid="call-quality"]')?.getAttribute('data-call-id'),
      )) ?? '',
    );
    expect(kept.map(({ summary }) => summary.role)).toEqual(['customer', 'agent']);
    for (const { summary, timeline } of kept) {
      expect(summary.samples).toBeGreaterThanOrEqual(5);
      expect(summary.samples).toBeLessThanOrEqual(14);
      expect(summary.score).toBeGreaterThan(2.5);
      expect(summary.lossPercent).toBeLessThan(20);
      expect(summary.roundTripMs).toBeLessThan(1_000);
      expect(summary.cutSeconds).toBe(0);
      expect(Math.max(...timeline.map(({ kbpsIn }) => kbpsIn))).toBeGreaterThan(20);
      expect(Math.max(...timeline.map(({ height }) => height ?? 0))).toBeGreaterThan(100);
      expect(Math.max(...timeline.map(({ framesPerSecond }) => framesPerSecond ?? 0))).toBeGreaterThan(2);
      expect(new Set(timeline.map(({ slot }) => slot)).size).toBe(timeline.length);
      // On hold nothing is judged, so it does no harm.
      expect(timeline.some(({ score }) => score === null)).toBe(true);
    }
    expect(events.map(({ is }) => is)).toEqual(['held', 'resumed']);
    for (const role of ['customer', 'agent'])
      expect(await by(inspector.page, `drawn-${role}`).locator('svg path').count()).toBeGreaterThan(3);
    expect(await by(inspector.page, 'quality-events').textContent()).toContain('Customer on hold');
    await inspector.page.locator('summary').first().click();
    await inEveryLook(inspector, 'a call’s quality');
    await by(inspector.page, 'quality-back').click();
    await call.waitFor();
    expect(await inspector.page.evaluate(() => document.activeElement?.getAttribute('data-testid'))).toBe(
      'open-quality',
    );
    await by(inspector.page, 'ended-day').fill('2020-01-01');
    await by(inspector.page, 'ended-search').click();
    await by(inspector.page, 'ended-none').waitFor();
    await by(inspector.page, 'ended-clear').click();
    await call.waitFor();

    // The other kiosk's call is cut, and it is the only one now.
    const supervisor = await signIn(browser, server.url, { username: 'chen.jing' });
    await by(supervisor.page, 'area-calls').click();
    await by(supervisor.page, 'running').waitFor();
    const branch = await signIn(browser, server.url, { username: 'zhang.min' });
    await by(branch.page, 'branch-kiosks').waitFor();
    const reporting = setInterval(
      () => void bad.kiosk.ask('quality:report', { callId: bad.callId, samples: lately(7, { cut: true }) }),
      2_000,
    );
    for (const { page } of [supervisor, branch]) {
      await by(page, 'link-alert').waitFor({ timeout: 40_000 });
      expect(await by(page, 'link-alert').textContent()).toContain('Demonstration Branch: worse since');
      expect(await by(page, 'link-troubles').textContent()).toBe('Sound and picture were cut.');
    }
    clearInterval(reporting);
    await inEveryLook(supervisor, 'a link that is worse');
    await mustBeAccessible(branch, 'a branch whose link is worse');
    bad.kiosk.leave();
    bad.agent.leave();
    faultless(kiosk, agent, inspector, supervisor, branch);
  },
  MOST_MS,
);

test('what was acknowledged outlives the kill of the server, and the call is summed up by the next one', async ({
  lab: { server },
}) => {
  const { kiosk, agent, callId } = await lineCall(server.url);
  await new Promise((resolve) => setTimeout(resolve, 3 * QUALITY_SLOT_MS));
  const told = async (samples: QualitySample[]) => (await kiosk.must('quality:report', { callId, samples })).kept;
  const first = await told(lately(2));
  const second = told(lately(3));
  await second;
  await server.kill('SIGKILL');
  await server.start();
  await Promise.all([kiosk.open(), agent.open()]);
  // The page does not know what of it came: it tells all of it again.
  expect(await told(lately(3).slice(0, 1))).toBeLessThanOrEqual(1);
  await finishCall(agent, callId);
  await server.kill('SIGKILL');
  await server.start();
  await expect
    .poll(async () => (await qualityOf(server.url, callId)).sides[0]?.summary.samples ?? 0, {
      timeout: 20_000,
      interval: 500,
    })
    .toBeGreaterThanOrEqual(first + (await second));
});
