import { QUALITY_SLOT_MS, type CallQuality, type EndedCallsPage, type Language } from '@openvtm/protocol';
import type { Page } from 'playwright-core';
import { expect, onTestFinished, test } from 'vitest';
import { tcpRelay, udpRelay } from '../faults/relay/index.ts';
import { createHttp } from '../integration/lab/http.ts';
import { signInLabStaff } from '../integration/lab/staff.ts';
import { mustBeAccessible, stumblesOn } from './lab/accessible.ts';
import { accept, endCall, readyAgent, type Agent } from './lab/agent.ts';
import { by, openBrowser } from './lab/browser.ts';
import { joinQueue, openKiosk, type Kiosk } from './lab/kiosk.ts';
import { showAs, type Wear } from './lab/looks.ts';
import { heard, watchVideo } from './lab/media.ts';
import { startServer } from './lab/server.ts';

const MOST_MS = 240_000;
const BAD_MS = 25_000;
const CUT_MS = 16_000;

const LOOKS = (['normal', 'large'] as const).flatMap((print): Wear[] => [
  { print, language: 'zh-CN' },
  { print, language: 'en' },
]);
const CUSTOMER = '[data-testid="customer-video"]';
/** A fake microphone's beep is far above (0 to 1). */
const LOUD = 0.01;

type Both = { kiosk: Kiosk; agent: Agent };
/** What stands in an element of the kiosk's screen, and in one of the desk's. */
type Told = { kiosk: string; desk: string };
type Words = Record<Language, Told>;
const WEAK: Words = {
  'zh-CN': { kiosk: '网络较弱，我们仍能听到您', desk: '网络较差：请放慢语速' },
  en: { kiosk: 'Weak connection, we can still hear you', desk: 'The link is poor: speak slowly' },
};

const SPEECH: Words = {
  'zh-CN': { kiosk: '暂时没有画面，您和柜员仍可以通话', desk: '暂停画面，保留通话' },
  en: { kiosk: 'no picture for a moment. You still hear each other.', desk: 'speech goes on' },
};

const told = (page: Page, id: string, words: string) => by(page, id).filter({ hasText: words }).waitFor();

/** Both are told in both languages and prints, and nobody stumbles over it. */
async function bothTold({ kiosk, agent }: Both, words: Words, ids: Told): Promise<void> {
  for (const look of LOOKS) {
    const isLarge = (await agent.page.locator('html').getAttribute('data-print')) === 'large';
    await Promise.all([
      showAs(kiosk.page, look),
      by(agent.page, `language-${look.language}`)
        .click()
        .then(() => (isLarge === (look.print === 'large') ? null : by(agent.page, 'print-switch').click())),
    ]);
    await Promise.all([
      told(kiosk.page, ids.kiosk, words[look.language].kiosk),
      told(agent.page, ids.desk, words[look.language].desk),
    ]);
    const name = `${ids.kiosk}, ${look.print}, ${look.language}`;
    expect(await stumblesOn(kiosk.page, name)).toEqual([]);
    await mustBeAccessible(agent, name);
  }
  await Promise.all([showAs(kiosk.page, { print: 'normal', language: 'en' }), by(agent.page, 'print-switch').click()]);
}

/** Each hears the other's microphone; where much is lost a beep may be, and the next is not. */
const bothHear = ({ kiosk, agent }: Both, within = 6_000) =>
  Promise.all(
    [kiosk, agent].map(({ page }) =>
      expect.poll(() => heard(page), { timeout: within, interval: 0 }).toBeGreaterThan(LOUD),
    ),
  );

/** A call over a link and, for the kiosk, a line that can be made worse; both go where the test ends. */
async function callOverRelays() {
  const [server, browser] = await Promise.all([
    startServer({ env: () => ({ OPENVTM_MEDIA_ADDRESS: '127.0.0.2' }) }),
    openBrowser(),
  ]);
  const [host, port] = ['127.0.0.1', server.mediaPort];
  const media = await udpRelay({ listen: { host: '127.0.0.2', port }, target: { host, port } });
  const line = await tcpRelay({ listen: { host, port: 0 }, target: { host, port: Number(new URL(server.url).port) } });
  onTestFinished(async () => {
    await browser.close();
    await media.close();
    await line.close();
    await server.close();
  });
  const kiosk = await openKiosk(browser, `http://${host}:${line.address.port}`);
  const agent = await readyAgent(browser, server.url);
  await joinQueue(kiosk, 'update-phone-number');
  await accept(agent);
  return { server, media, line, kiosk, agent, both: { kiosk, agent } };
}

test(
  'a link that loses, delays and is cut shows on both screens and in both sides’ samples, and the seconds without a line are not the ones that are missing',
  async () => {
    const { server, media, line, kiosk, agent, both } = await callOverRelays();
    await kiosk.page.waitForTimeout(12_000);
    const badUntil = Date.now() + BAD_MS;
    media.setLoss(15);
    media.setDelay(120);
    await bothTold(both, WEAK, { kiosk: 'call-quality', desk: 'poor-link' });
    await by(agent.page, 'customer-link').focus();
    const figures = agent.page.getByRole('tooltip').filter({ hasText: 'round trip' });
    await expect
      .poll(async () => /^Loss (.+)%, round trip (.+) ms, picture (.+)×(.+)$/.exec(await figures.innerText()))
      .toSatisfy((found: string[] | null) => {
        const [loss = 0, roundTrip = 0, width = 0, height = 0] = (found ?? []).slice(1).map(Number);
        return loss > 8 && roundTrip > 200 && width >= 160 && height >= 90;
      });
    await bothHear(both);
    await kiosk.page.waitForTimeout(Math.max(0, badUntil - Date.now()));
    const cutFrom = Date.now();
    media.cut();
    line.cut();
    await kiosk.page.waitForTimeout(CUT_MS);
    const cutUntil = Date.now();
    media.setLoss(0);
    media.setDelay(0);
    media.restore();
    line.restore();
    await watchVideo(agent.page, CUSTOMER);
    await kiosk.page.waitForTimeout(12_000);
    await endCall(agent);

    const needs = { url: server.url, http: createHttp(server.url), now: Date.now };
    const inspector = await signInLabStaff({ ...needs, username: 'liu.yang', password: 'openvtm-demo' });
    const read = async <T>(path: string): Promise<T> =>
      needs.http.json('GET', path, { token: await inspector.token() });
    await expect
      .poll(async () => (await read<EndedCallsPage>('/api/quality/calls')).calls[0]?.scores.customer ?? null, {
        timeout: 20_000,
        interval: 500,
      })
      .not.toBeNull();
    const [ended] = (await read<EndedCallsPage>('/api/quality/calls')).calls;
    const { sides } = await read<CallQuality>(`/api/quality/calls/${ended?.callId}`);
    const [from, until] = [cutFrom, cutUntil].map((at) => Math.floor(at / QUALITY_SLOT_MS));
    for (const { timeline, summary } of sides) {
      const bad = timeline.filter(({ slot }) => slot < (from ?? 0)).slice(-3);
      expect(Math.max(...bad.map(({ roundTripMs }) => roundTripMs ?? 0))).toBeGreaterThan(150);
      expect(Math.max(...bad.map(({ lossIn, lossOut }) => Math.max(lossIn ?? 0, lossOut ?? 0)))).toBeGreaterThan(4);
      const away = timeline.filter(({ slot }) => slot > (from ?? 0) && slot < (until ?? 0));
      expect(new Set(away.map(({ slot }) => slot)).size).toBe((until ?? 0) - (from ?? 0) - 1);
      for (const one of away) expect(one.score).toBeLessThan(2.5);
      expect(summary.cutSeconds + summary.frozenSeconds).toBeGreaterThanOrEqual(10);
      expect(summary.worst?.score).toBeLessThanOrEqual(summary.score ?? 0);
      expect(Math.max(...timeline.slice(-2).map(({ score }) => score ?? 0))).toBeGreaterThan(3);
    }
  },
  MOST_MS,
);

test(
  'where a link has no room for pictures both go on talking and are told so; where only the line is lost they go on seeing each other, too',
  async () => {
    const { media, line, kiosk, agent, both } = await callOverRelays();
    const bothSee = async () => {
      expect((await watchVideo(kiosk.page, '[data-testid="agent-tile"]')).changed).toBe(true);
      expect((await watchVideo(agent.page, CUSTOMER)).changed).toBe(true);
    };
    await bothSee();
    media.setLoss(40);
    await by(agent.page, 'speech-only').waitFor({ timeout: 60_000 });
    await by(kiosk.page, 'call-trouble').waitFor({ timeout: 60_000 });
    await bothTold(both, SPEECH, { kiosk: 'call-trouble', desk: 'speech-only' });
    await bothHear(both, 20_000);
    media.setLoss(0);
    await Promise.all([
      by(agent.page, 'speech-only').waitFor({ state: 'detached', timeout: 90_000 }),
      by(kiosk.page, 'call-trouble').waitFor({ state: 'detached', timeout: 90_000 }),
    ]);
    await bothSee();

    line.cut();
    await by(agent.page, 'customer-line').waitFor();
    await bothSee();
    await bothHear(both);
    expect(await by(agent.page, 'customer-lost').count()).toBe(0);
    await mustBeAccessible(agent, 'the customer’s line is down');
    expect(await stumblesOn(kiosk.page, 'the kiosk’s line is down')).toEqual([]);
    line.restore();
    await by(agent.page, 'customer-line').waitFor({ state: 'detached' });
    await bothSee();
    await bothHear(both);
    await endCall(agent);
  },
  MOST_MS,
);
