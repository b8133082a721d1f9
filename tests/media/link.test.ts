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

type Role = 'face' | 'microphone';
const trackOf = (page: Page, role: Role) =>
  page.evaluate((role) => {
    const state = globalThis.lab.devices().state(role);
    return state.at === 'live' ? state.track.id : state.at;
  }, role);

/** Takes a device away, as the browser tells it; returns its track's name. */
const unplug = (page: Page, role: Role) =>
  page.evaluate((role) => {
    const state = globalThis.lab.devices().state(role);
    if (state.at !== 'live') throw new Error(`${role} is ${state.at}`);
    state.track.stop();
    state.track.dispatchEvent(new Event('ended'));
    return state.track.id;
  }, role);

/** Lets a device give nothing but black or silence, as the browser tells it after sleep; returns its track's name. */
const sleep = (page: Page, role: Role) =>
  page.evaluate((role) => {
    const state = globalThis.lab.devices().state(role);
    if (state.at !== 'live') throw new Error(`${role} is ${state.at}`);
    state.track.enabled = false;
    Object.defineProperty(state.track, 'muted', { value: true });
    state.track.dispatchEvent(new Event('mute'));
    return state.track.id;
  }, role);

/** How much green there is in what a page shows of the far side, 0 to 255: the fake camera is green, black is not. */
const light = (page: Page) =>
  page.evaluate(() => {
    const pen = new OffscreenCanvas(16, 9).getContext('2d');
    const video = document.querySelector<HTMLVideoElement>('#far');
    if (!pen || !video) throw new Error('no picture');
    pen.drawImage(video, 0, 0, 16, 9);
    const { data } = pen.getImageData(0, 0, 16, 9);
    return data.reduce((sum, value, i) => (i % 4 === 1 ? sum + value : sum), 0) / (16 * 9);
  });

declare global {
  /** Allows the camera that a page was refused, as a person would in the site's settings. */
  var allowCamera: () => void;
}

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
    // Frames that are held back to wait for lost ones are shown to their end first.
    await pause(1_500);
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
    // What receivers held back for lost packets shrinks by 50 ms a second: the next tests hear what is sent then.
    await pause(12_000);
  });

  test('a camera that is unplugged and found again is seen again, over the same consumer', async () => {
    const before = await stage.desk.evaluate(() => globalThis.lab.session().remotes[0]?.camera?.id);
    await unplug(stage.kiosk, 'face');
    expect(await pictureBack(stage)).toBeLessThan(5_000);
    expect(await stage.desk.evaluate(() => globalThis.lab.session().remotes[0]?.camera?.id)).toBe(before);
  });

  test('a camera that gives black since its computer slept is opened anew and seen again, over the same consumer', async () => {
    const before = await stage.desk.evaluate(() => globalThis.lab.session().remotes[0]?.camera?.id);
    expect(await light(stage.desk)).toBeGreaterThan(40);
    const old = await sleep(stage.kiosk, 'face');
    await eventually(async () => expect(await light(stage.desk)).toBeLessThan(5), 3_000);
    await eventually(async () => {
      expect(await trackOf(stage.kiosk, 'face')).not.toBe(old);
      expect(await light(stage.desk)).toBeGreaterThan(40);
    }, 8_000);
    expect(await pictureBack(stage)).toBeLessThan(2_000);
    expect(await stage.desk.evaluate(() => globalThis.lab.session().remotes[0]?.camera?.id)).toBe(before);
  });

  test.for(['asleep', 'unplugged'] as const)(
    'a microphone that is %s is opened anew and heard again, over the same consumer',
    async (way) => {
      const consumer = () => stage.desk.evaluate(() => globalThis.lab.session().remotes[0]?.microphone?.id);
      /** What is heard in two seconds, in which the fake microphone beeps twice. */
      const heard = async () => {
        const before = await stage.desk.evaluate(() => globalThis.lab.heard());
        await pause(2_000);
        return (await stage.desk.evaluate(() => globalThis.lab.heard())) - before;
      };
      const [before, loud] = [await consumer(), await heard()];
      expect(loud).toBeGreaterThan(0);
      const old = await (way === 'asleep' ? sleep : unplug)(stage.kiosk, 'microphone');
      // What was under way to the desk is played to its end first.
      await pause(500);
      const silent = way === 'asleep' ? await heard() : 0;
      expect(silent).toBeLessThan(loud / 10);
      await eventually(async () => expect(await heard()).toBeGreaterThan(loud / 2), 10_000);
      expect(await consumer()).toBe(before);
      expect(await trackOf(stage.kiosk, 'microphone')).not.toBe(old);
    },
  );
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

test('a camera that is refused: the customer is heard and not seen, and sees the agent; allowed, the customer is seen', async () => {
  const lab = await startLab();
  const [{ page: kiosk }, { page: desk }] = await Promise.all([openPage(browser, lab.url), openPage(browser, lab.url)]);
  await kiosk.evaluate((peerId) => {
    const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    navigator.mediaDevices.getUserMedia = (wanted) =>
      wanted?.video === undefined ? ask(wanted) : Promise.reject(new DOMException('refused', 'NotAllowedError'));
    const status = Object.assign(new EventTarget(), { state: 'denied', name: 'camera', onchange: null });
    navigator.permissions.query = async () => status as PermissionStatus;
    globalThis.allowCamera = () => {
      navigator.mediaDevices.getUserMedia = ask;
      status.state = 'granted';
      status.dispatchEvent(new Event('change'));
    };
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
  await kiosk.evaluate(() => globalThis.allowCamera());
  await eventually(async () => expect(await desk.evaluate(() => globalThis.lab.picture.camera)).toBeGreaterThan(5));
  for (const page of [kiosk, desk]) await page.context().close();
  await lab.close();
});
