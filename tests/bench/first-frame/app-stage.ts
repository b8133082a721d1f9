import { tcpRelay, udpRelay } from '../../faults/relay/index.ts';
import { readyAgent } from '../../e2e/lab/agent.ts';
import { by } from '../../e2e/lab/browser.ts';
import { joinQueue, openKiosk } from '../../e2e/lab/kiosk.ts';
import { startServer } from '../../e2e/lab/server.ts';
import { CURTAIN_FRAMES, clickAndWait, watchWith, type Stage, type StageOptions } from './stage.ts';

const targets = { acceptButton: '[data-testid="offer-accept"]', farVideo: '[data-testid="customer-video"] video' };

/**
 * The whole application: its server with its database, its kiosk and its agent's desk. While the peer-to-peer
 * connection is measured the desk is on a break, which lets its media go.
 */
export async function openAppStage({ browser, delayMs }: StageOptions): Promise<Stage> {
  const delayed = delayMs > 0;
  const server = await startServer({
    env: () => ({
      OPENVTM_LOG_LEVEL: 'error',
      ...(delayed ? { OPENVTM_MEDIA_ADDRESS: '127.0.0.2' } : {}),
    }),
  });
  const host = '127.0.0.1';
  const port = server.mediaPort;
  const relays = delayed
    ? await Promise.all([
        udpRelay({ listen: { host: '127.0.0.2', port }, target: { host, port }, delayMs }),
        tcpRelay({ listen: { host, port: 0 }, target: { host, port: Number(new URL(server.url).port) }, delayMs }),
      ])
    : null;
  const url = relays === null ? server.url : `http://${host}:${relays[1].address.port}`;
  const kiosk = await openKiosk(browser, url);
  const agent = await readyAgent(browser, url);
  await watchWith(agent.page, targets);
  await by(agent.page, 'go-break').click();
  await by(agent.page, 'break-break').click();

  return {
    async ring() {
      await by(agent.page, 'go-ready').click();
      await joinQueue(kiosk, 'update-phone-number');
      await by(agent.page, 'offer-card').waitFor();
      await agent.page.waitForFunction(
        (frames) => (globalThis.firstFrame.picture?.curtain ?? 0) >= frames,
        CURTAIN_FRAMES,
        { polling: 50 },
      );
    },
    accept: () => clickAndWait(agent.page, targets),
    async end() {
      await by(agent.page, 'summary-send').click();
      await by(kiosk.page, 'confirm-yes').click();
      await by(agent.page, 'summary-confirmed').waitFor();
      await by(agent.page, 'end-call').click();
      await by(kiosk.page, 'rate-5').click();
      await by(agent.page, 'outcome-complete').click();
      await by(agent.page, 'wrap-up-break').click();
      await by(agent.page, 'go-ready').waitFor();
      await by(kiosk.page, 'finish').click();
      await by(kiosk.page, 'start').waitFor();
    },
    async close() {
      for (const { context } of [kiosk, agent]) await context.close();
      for (const relay of relays ?? []) await relay.close();
      await server.close();
    },
  };
}
