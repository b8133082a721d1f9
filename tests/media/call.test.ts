import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import { openBrowser, openPage } from './lab/browser.ts';
import { startLab, type Lab } from './lab/lab.ts';

const customer = 'kiosk:00000000-0000-4000-8000-000000000001';
const agent = 'staff:00000000-0000-4000-8000-000000000002';
let lab: Lab;
let browser: Browser;
let kiosk: Page;
let desk: Page;
const errors: string[][] = [];
const eventually = <T>(check: () => T | Promise<T>) => vi.waitFor(check, { timeout: 15_000, interval: 50 });
const seen = () => desk.evaluate(() => ({ ...globalThis.lab.picture, forget: undefined }));

beforeAll(async () => {
  [lab, browser] = await Promise.all([startLab(), openBrowser()]);
  for (const peerId of [customer, agent]) {
    const opened = await openPage(browser, lab.url);
    errors.push(opened.errors);
    if (peerId === customer) kiosk = opened.page;
    else desk = opened.page;
    await opened.page.evaluate((id) => globalThis.lab.join({ peerId: id }), peerId);
  }
});
afterAll(async () => {
  await browser?.close();
  await lab?.close();
});

test('both sides are warm before anything rings, and nobody consumes anybody', async () => {
  await eventually(async () => {
    for (const page of [kiosk, desk]) {
      const { state, sending } = await page.evaluate(() => {
        const { state, sending } = globalThis.lab.session();
        return { state, sending };
      });
      expect({ state, sending }).toEqual({ state: 'connected', sending: { camera: 'curtain', microphone: 'curtain' } });
    }
  });
  expect(await lab.media.count()).toEqual({ workers: 1, transports: 4, producers: 4, consumers: 0 });
});

let offer: { offerId: string; callId: string };
test('while it rings the agent decodes the curtain and hears silence; the customer gets nothing', async () => {
  offer = lab.ring({ customer, agent });
  await eventually(async () => expect((await seen()).curtain).toBeGreaterThan(30));
  const { camera, worst } = await seen();
  expect(camera).toBe(0);
  expect(worst).toBeLessThan(24);
  expect(await desk.evaluate(() => globalThis.lab.heard())).toBe(0);
  expect(await kiosk.evaluate(() => globalThis.lab.picture.camera + globalThis.lab.picture.curtain)).toBe(0);
  expect((await lab.media.count()).consumers).toBe(4);
});

test('after accept both see and hear each other', async () => {
  await desk.evaluate((id) => globalThis.lab.accept(id), offer.offerId);
  await eventually(async () => {
    expect((await seen()).camera).toBeGreaterThan(20);
    expect(await kiosk.evaluate(() => globalThis.lab.picture.camera)).toBeGreaterThan(20);
    expect(await desk.evaluate(() => globalThis.lab.heard())).toBeGreaterThan(0);
    expect(await kiosk.evaluate(() => globalThis.lab.heard())).toBeGreaterThan(0);
  });
});

test('the quality is read and names the picture', async () => {
  await eventually(async () => {
    const quality = await desk.evaluate(() => globalThis.lab.session().quality);
    expect(quality).toMatchObject({ level: 'good', width: 1280, height: 720 });
    expect(quality?.receivingKbps).toBeGreaterThan(100);
  });
});

/** Lines of what the desk decodes, and those that the kiosk still encodes. */
const linesAt = async () => {
  const received = await desk.evaluate(() => globalThis.lab.session().quality?.height ?? 0);
  return { received, encoded: await kiosk.evaluate(() => globalThis.lab.encodedLines()) };
};
test('what comes follows the tile that shows it, and what nobody sees is not encoded', async () => {
  const fit = (lines: number | null) =>
    desk.evaluate((lines) => {
      const track = globalThis.lab.session().remotes[0]?.camera;
      if (track) globalThis.lab.session().fit({ track, tile: globalThis.lab, lines });
    }, lines);
  expect(await linesAt()).toEqual({ received: 720, encoded: 720 });
  await desk.evaluate(() => globalThis.lab.picture.forget());
  await fit(170);
  await eventually(async () => expect(await linesAt()).toEqual({ received: 180, encoded: 360 }));
  await fit(600);
  await eventually(async () => expect(await linesAt()).toEqual({ received: 720, encoded: 720 }));
  expect((await seen()).longestGapMs).toBeLessThan(1_000);
});

test('a muted agent sends the placeholder and silence, and is seen again', async () => {
  await desk.evaluate(() => globalThis.lab.session().setMuted('camera', true));
  await kiosk.evaluate(() => globalThis.lab.picture.forget());
  await eventually(async () => expect(await kiosk.evaluate(() => globalThis.lab.picture.curtain)).toBeGreaterThan(5));
  expect(await desk.evaluate(() => globalThis.lab.session().sending.camera)).toBe('curtain');
  await desk.evaluate(() => globalThis.lab.session().setMuted('camera', false));
  await kiosk.evaluate(() => globalThis.lab.picture.forget());
  await eventually(async () => expect(await kiosk.evaluate(() => globalThis.lab.picture.camera)).toBeGreaterThan(5));
});

test('the line is lost and back: the picture never stops, the same consumers stay', async () => {
  const track = await desk.evaluate(() => globalThis.lab.session().remotes[0]?.camera?.id);
  lab.cutLine(agent);
  await eventually(async () => expect(await desk.evaluate(() => globalThis.lab.line().state.at)).toBe('lost'));
  await eventually(async () => expect(await desk.evaluate(() => globalThis.lab.line().state.at)).toBe('live'));
  await desk.evaluate(() => globalThis.lab.picture.forget());
  await eventually(async () => expect((await seen()).camera).toBeGreaterThan(10));
  expect(await desk.evaluate(() => globalThis.lab.session().remotes[0]?.camera?.id)).toBe(track);
  expect((await lab.media.count()).consumers).toBe(4);
});

test('after the end the curtain is down, consumers are gone and transports stay warm', async () => {
  lab.end(offer.callId);
  await eventually(async () => {
    expect(await kiosk.evaluate(() => globalThis.lab.session().sending)).toEqual({
      camera: 'curtain',
      microphone: 'curtain',
    });
    expect(await desk.evaluate(() => globalThis.lab.session().remotes[0]?.camera ?? null)).toBeNull();
    expect(await lab.media.count()).toEqual({ workers: 1, transports: 4, producers: 4, consumers: 0 });
  });
});

test('a second call over the same transports shows no old frame of the customer while it rings', async () => {
  await desk.evaluate(() => globalThis.lab.picture.forget());
  const again = lab.ring({ customer, agent });
  await eventually(async () => expect((await seen()).curtain).toBeGreaterThan(20));
  expect((await seen()).camera).toBe(0);
  await desk.evaluate((id) => globalThis.lab.accept(id), again.offerId);
  await eventually(async () => expect((await seen()).camera).toBeGreaterThan(10));
  lab.end(again.callId);
});

test('closing both sides brings transports, producers and consumers back to zero', async () => {
  await Promise.all([kiosk.evaluate(() => globalThis.lab.leave()), desk.evaluate(() => globalThis.lab.leave())]);
  await eventually(async () =>
    expect(await lab.media.count()).toEqual({ workers: 1, transports: 0, producers: 0, consumers: 0 }),
  );
  expect(errors.flat()).toEqual([]);
});
