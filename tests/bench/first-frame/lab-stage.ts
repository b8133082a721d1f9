import { randomUUID } from 'node:crypto';
import { tcpRelay, udpRelay } from '../../faults/relay/index.ts';
import { startLab } from '../../media/lab/lab.ts';
import { CURTAIN_FRAMES, clickAndWait, openProbed, type Stage, type StageOptions } from './stage.ts';

// What a commit on the embedded database takes on accept, journal line included.
const COMMIT_MS = 5;
const targets = { acceptButton: '#accept', farVideo: '#far' };

/** The media module and the call engine with nothing around them but a small server of messages. */
export async function openLabStage({ browser, delayMs }: StageOptions): Promise<Stage> {
  const delayed = delayMs > 0;
  const lab = await startLab({
    commitMs: COMMIT_MS,
    announcedAddress: delayed ? '127.0.0.2' : null,
  });
  const relays = delayed
    ? await Promise.all([
        udpRelay({
          listen: { host: '127.0.0.2', port: lab.mediaPort },
          target: { host: '127.0.0.1', port: lab.mediaPort },
          delayMs,
        }),
        tcpRelay({ listen: { host: '127.0.0.1', port: 0 }, target: { host: '127.0.0.1', port: lab.port }, delayMs }),
      ])
    : null;
  const lineUrl = relays === null ? lab.url : `http://127.0.0.1:${relays[1].address.port}/`;
  const kiosk = await openProbed(browser, lab.url, targets);
  const desk = await openProbed(browser, lab.url, targets);
  let callId: string | null = null;

  return {
    async ring() {
      const peers = { customer: `kiosk:${randomUUID()}`, agent: `staff:${randomUUID()}` };
      await Promise.all([
        kiosk.evaluate((options) => globalThis.lab.join(options), { peerId: peers.customer, url: lineUrl }),
        desk.evaluate((options) => globalThis.lab.join(options), { peerId: peers.agent, url: lineUrl }),
      ]);
      const offer = lab.ring(peers);
      callId = offer.callId;
      await desk.evaluate((offerId) => {
        globalThis.lab.offer(offerId);
        globalThis.lab.picture.forget();
      }, offer.offerId);
      await desk.waitForFunction((frames) => globalThis.lab.picture.curtain >= frames, CURTAIN_FRAMES, { polling: 50 });
    },
    accept: () => clickAndWait(desk, targets),
    async end() {
      if (callId !== null) lab.end(callId);
      callId = null;
      for (const page of [kiosk, desk]) await page.evaluate(() => globalThis.lab.leave());
    },
    async close() {
      for (const page of [kiosk, desk]) await page.context().close();
      for (const relay of relays ?? []) await relay.close();
      await lab.close();
    },
  };
}
