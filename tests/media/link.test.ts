import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import { tcpRelay, udpRelay, type TcpRelay, type UdpRelay } from '../faults/relay/index.ts';
import { openBrowser, openPage } from './lab/browser.ts';
import { startLab, type Lab } from './lab/lab.ts';
import { agent, customer, eventually, pictureBack, startCall as startCallIn, type Stage } from './lab/stage.ts';

let browser: Browser;

beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());

const startCall = (lab: Lab, lineUrl: string) => startCallIn(browser, { lab, lineUrl });

describe('over a link that is cut', () => {
  let stage: Stage;
  let media: UdpRelay;
  let lines: TcpRelay;

  beforeAll(async () => {
    const lab = await startLab({ announcedAddress: '127.0.0.2' });
    const port = lab.mediaPort;
    media = await udpRelay({ listen: { host: '127.0.0.2', port }, target: { host: '127.0.0.1', port } });
    lines = await tcpRelay({ listen: { host: '127.0.0.1', port: 0 }, target: { host: '127.0.0.1', port: lab.port } });
    stage = await startCall(lab, `http://127.0.0.1:${lines.address.port}/`);
  });
  afterAll(async () => {
    for (const page of [stage?.kiosk, stage?.desk]) await page?.context().close();
    await media?.close();
    await lines?.close();
    await stage?.lab.close();
  });

  test('media alone is cut for 5 s: back within 3 s', async () => {
    media.cut();
    await pause(5_000);
    media.restore();
    expect(await pictureBack(stage)).toBeLessThan(3_000);
  });

  test('everything is cut for 15 s: the line is noticed as lost, and the picture is back within 5 s', async () => {
    media.cut();
    lines.cut();
    await pause(15_000);
    expect(await stage.kiosk.evaluate(() => globalThis.lab.line().state.at)).toBe('lost');
    media.restore();
    lines.restore();
    expect(await pictureBack(stage)).toBeLessThan(5_000);
    await eventually(async () =>
      expect(await stage.lab.media.count()).toEqual({ workers: 1, transports: 4, producers: 4, consumers: 4 }),
    );
  });

  test('media alone is cut for 15 s: ICE restarts and new transports bring it back within 5 s', async () => {
    media.cut();
    await pause(15_000);
    const state = await stage.desk.evaluate(() => globalThis.lab.session().state);
    media.restore();
    expect(state).toBe('recovering');
    expect(await pictureBack(stage)).toBeLessThan(5_000);
    await eventually(async () =>
      expect(await stage.desk.evaluate(() => globalThis.lab.session().state)).toBe('connected'),
    );
  });

  test('the client’s port changes: the picture is back within 4 s', async () => {
    await media.rebind();
    expect(await pictureBack(stage)).toBeLessThan(4_000);
  });

  test('only the line is lost: the picture never stops', async () => {
    const before = await stage.desk.evaluate(() => globalThis.lab.session().remotes[0]?.camera?.id);
    lines.cut();
    await eventually(async () => expect(await stage.desk.evaluate(() => globalThis.lab.line().state.at)).toBe('lost'));
    expect(await pictureBack(stage)).toBeLessThan(2_000);
    lines.restore();
    await eventually(async () => expect(await stage.desk.evaluate(() => globalThis.lab.line().state.at)).toBe('live'));
    expect(await stage.desk.evaluate(() => globalThis.lab.session().remotes[0]?.camera?.id)).toBe(before);
  });

  test('a link that loses too much for pictures carries speech alone, and pictures again when it is good', async () => {
    const heardBy = (page: Page) => page.evaluate(() => globalThis.lab.heard());
    const allowed = (page: Page) => page.evaluate(() => globalThis.lab.session().pictures);
    media.setLoss(40);
    await eventually(async () => {
      for (const page of [stage.kiosk, stage.desk]) expect(await allowed(page)).toBe(false);
    }, 40_000);
    await eventually(async () =>
      expect(await stage.desk.evaluate(() => globalThis.lab.session().speechOnly)).toEqual(['customer']),
    );
    expect(await stage.kiosk.evaluate(() => globalThis.lab.session().sending)).toMatchObject({
      camera: 'curtain',
      microphone: 'live',
    });
    await stage.desk.evaluate(() => globalThis.lab.picture.forget());
    const before = await heardBy(stage.desk);
    await pause(4_000);
    expect(await heardBy(stage.desk)).toBeGreaterThan(before);
    expect(await stage.desk.evaluate(() => globalThis.lab.picture.camera)).toBe(0);
    media.setLoss(0);
    await eventually(async () => {
      for (const page of [stage.kiosk, stage.desk]) expect(await allowed(page)).toBe(true);
      expect(await stage.desk.evaluate(() => globalThis.lab.session().speechOnly)).toEqual([]);
    }, 60_000);
    expect(await pictureBack(stage)).toBeLessThan(5_000);
  });

  test('a camera that is unplugged and found again is seen again, over the same consumer', async () => {
    const before = await stage.desk.evaluate(() => globalThis.lab.session().remotes[0]?.camera?.id);
    await stage.kiosk.evaluate(() => {
      const state = globalThis.lab.devices().state('face');
      if (state.at === 'live') {
        state.track.stop();
        state.track.dispatchEvent(new Event('ended'));
      }
    });
    expect(await pictureBack(stage)).toBeLessThan(5_000);
    expect(await stage.desk.evaluate(() => globalThis.lab.session().remotes[0]?.camera?.id)).toBe(before);
  });
});

test('where UDP is blocked the call goes over TCP', async () => {
  const lab = await startLab({ announcedAddress: '127.0.0.3' });
  const port = lab.mediaPort;
  const media = await tcpRelay({ listen: { host: '127.0.0.3', port }, target: { host: '127.0.0.1', port } });
  const stage = await startCall(lab, lab.url);
  expect(media.connections).toBe(4);
  expect(await pictureBack(stage)).toBeLessThan(2_000);
  for (const page of [stage.kiosk, stage.desk]) await page.context().close();
  await media.close();
  await lab.close();
});

test('a camera that is refused: the customer is heard and not seen, and sees the agent', async () => {
  const lab = await startLab();
  const [{ page: kiosk }, { page: desk }] = await Promise.all([openPage(browser, lab.url), openPage(browser, lab.url)]);
  await kiosk.evaluate((peerId) => {
    const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    navigator.mediaDevices.getUserMedia = (wanted) =>
      wanted?.video === undefined ? ask(wanted) : Promise.reject(new DOMException('refused', 'NotAllowedError'));
    return globalThis.lab.join({ peerId });
  }, customer);
  await desk.evaluate((peerId) => globalThis.lab.join({ peerId }), agent);
  const { offerId } = lab.ring({ customer, agent });
  await desk.evaluate((id) => globalThis.lab.accept(id), offerId);
  await eventually(async () => {
    expect(await desk.evaluate(() => globalThis.lab.heard())).toBeGreaterThan(0);
    expect(await kiosk.evaluate(() => globalThis.lab.picture.camera)).toBeGreaterThan(5);
  });
  const { sending, state } = await kiosk.evaluate(() => {
    const { sending } = globalThis.lab.session();
    return { sending, state: globalThis.lab.devices().state('face') };
  });
  expect(sending).toEqual({ camera: 'none', microphone: 'live' });
  expect(state).toEqual({ at: 'failed', problem: 'refused' });
  expect(await desk.evaluate(() => globalThis.lab.session().remotes[0]?.camera ?? null)).toBeNull();
  for (const page of [kiosk, desk]) await page.context().close();
  await lab.close();
});
