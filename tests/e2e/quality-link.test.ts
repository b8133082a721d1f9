import { QUALITY_SLOT_MS, type CallQuality, type EndedCallsPage } from '@openvtm/protocol';
import { expect, test } from 'vitest';
import { tcpRelay, udpRelay } from '../faults/relay/index.ts';
import { createHttp } from '../integration/lab/http.ts';
import { signInLabStaff } from '../integration/lab/staff.ts';
import { accept, endCall, readyAgent } from './lab/agent.ts';
import { openBrowser } from './lab/browser.ts';
import { joinQueue, openKiosk } from './lab/kiosk.ts';
import { watchVideo } from './lab/media.ts';
import { startServer } from './lab/server.ts';

const MOST_MS = 240_000;
const BAD_MS = 25_000;
const CUT_MS = 16_000;

test(
  'a link that loses, delays and is cut shows in both sides’ samples, and the seconds without a line are not the ones that are missing',
  async () => {
    const [server, browser] = await Promise.all([
      startServer({ env: () => ({ OPENVTM_MEDIA_ADDRESS: '127.0.0.2' }) }),
      openBrowser(),
    ]);
    const [host, port] = ['127.0.0.1', server.mediaPort];
    const media = await udpRelay({ listen: { host: '127.0.0.2', port }, target: { host, port } });
    const line = await tcpRelay({
      listen: { host, port: 0 },
      target: { host, port: Number(new URL(server.url).port) },
    });
    try {
      const kiosk = await openKiosk(browser, `http://${host}:${line.address.port}`);
      const agent = await readyAgent(browser, server.url);
      await joinQueue(kiosk, 'update-phone-number');
      await accept(agent);
      await kiosk.page.waitForTimeout(12_000);
      media.setLoss(15);
      media.setDelay(120);
      await kiosk.page.waitForTimeout(BAD_MS);
      const cutFrom = Date.now();
      media.cut();
      line.cut();
      await kiosk.page.waitForTimeout(CUT_MS);
      const cutUntil = Date.now();
      media.setLoss(0);
      media.setDelay(0);
      media.restore();
      line.restore();
      await watchVideo(agent.page, '[data-testid="customer-video"]');
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
    } finally {
      await browser.close();
      await media.close();
      await line.close();
      await server.close();
    }
  },
  MOST_MS,
);
