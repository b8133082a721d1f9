import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { accept, readyAgent } from '../../e2e/lab/agent.ts';
import { by, openBrowser } from '../../e2e/lab/browser.ts';
import { joinQueue, openKiosk } from '../../e2e/lab/kiosk.ts';
import { filmScenes } from '../../e2e/lab/scene.ts';

/** Five megapixels, with a grain that makes its file as large as a photo's. */
const SCENE = { width: 2_592, height: 1_944, reflex: true, grain: 18 };

/** ms from the touch on the shutter until the picture's pixels are decoded on the other page. */
export type Shutters = { ours: number[]; bare: number[] };

/** Presses the shutter and, as soon as it can be pressed, Send. Runs in the page; answers when the shutter was pressed. */
function shoot(): Promise<number> {
  const button = (id: string) => document.querySelector<HTMLButtonElement>(`[data-testid="${id}"]`);
  return new Promise((resolve) => {
    const pressed = performance.timeOrigin + performance.now();
    button('capture-take')?.click();
    const look = new MutationObserver(() => {
      const send = button('capture-send');
      if (!send) return;
      look.disconnect();
      send.click();
      resolve(pressed);
    });
    look.observe(document.body, { childList: true, subtree: true });
  });
}

/** Waits for another picture than is shown now, and answers when it was decoded. Runs in the page. */
function shown(): Promise<number> {
  const picture = () => document.querySelector<HTMLImageElement>('[data-testid="review"] [data-testid="page-image"]');
  const before = picture()?.src;
  return new Promise((resolve) => {
    const look = new MutationObserver(() => {
      const image = picture();
      if (!image || image.src === before) return;
      look.disconnect();
      void image.decode().then(() => resolve(performance.timeOrigin + performance.now()));
    });
    look.observe(document.body, { childList: true, subtree: true, attributes: true });
  });
}

/** The same without any of it: a photo, one PUT, one GET, one decode. */
async function openBare(open: () => Promise<Page>) {
  let picture = Buffer.alloc(0);
  let arrived = () => {};
  const server = createServer((request, response) => {
    if (request.method === 'GET' && request.url === '/')
      return void response.setHeader('Content-Type', 'text/html').end('<!doctype html><p>bare');
    if (request.url === '/picture') return void response.setHeader('Content-Type', 'image/jpeg').end(picture);
    if (request.url === '/wait') return void (arrived = () => void response.end());
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      picture = Buffer.concat(parts);
      response.end();
      arrived();
    });
    return undefined;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const [sender, viewer] = await Promise.all([open(), open()]);
  await Promise.all([sender.goto(url), viewer.goto(url)]);
  await sender.evaluate(async () => {
    const stream = await navigator.mediaDevices.getUserMedia({
      video: { width: { ideal: 4_096 }, height: { ideal: 3_072 } },
    });
    Object.assign(globalThis, { track: stream.getVideoTracks()[0] });
  });
  return {
    async round(): Promise<number> {
      const seen = viewer.evaluate(async () => {
        await fetch('/wait');
        const image = new Image();
        image.src = URL.createObjectURL(await (await fetch('/picture')).blob());
        await image.decode();
        return performance.timeOrigin + performance.now();
      });
      // What fails first is told, not what fails because of it.
      seen.catch(() => undefined);
      await viewer.waitForTimeout(200);
      const pressed = await sender.evaluate(async () => {
        const { track, ImageCapture } = globalThis as unknown as {
          track: MediaStreamTrack;
          ImageCapture: new (track: MediaStreamTrack) => { takePhoto(): Promise<Blob> };
        };
        const began = performance.timeOrigin + performance.now();
        let photo = await new ImageCapture(track).takePhoto();
        if (photo.type !== 'image/jpeg') {
          const bitmap = await createImageBitmap(photo);
          const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
          canvas.getContext('2d')?.drawImage(bitmap, 0, 0);
          photo = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.92 });
        }
        await new Promise((resolve) => {
          const request = new XMLHttpRequest();
          request.open('PUT', '/');
          request.onload = resolve;
          request.send(photo);
        });
        return began;
      });
      return (await seen) - pressed;
    },
    async close() {
      await Promise.all([sender.close(), viewer.close()]);
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Pages taken at a kiosk in a call, each accepted before the next is asked for; the bare ones in between, in the same browser. */
export async function measureShutters(
  url: string,
  { folder, rounds }: { folder: string; rounds: number },
): Promise<Shutters> {
  const camera = await filmScenes(join(folder, 'shutter.mjpeg'), [SCENE], { frames: 5 });
  const browser = await openBrowser({ camera });
  const result: Shutters = { ours: [], bare: [] };
  try {
    const kiosk = await openKiosk(browser, url);
    const agent = await readyAgent(browser, url);
    await joinQueue(kiosk, 'update-phone-number');
    await by(agent.page, 'offer-card').waitFor();
    await accept(agent);
    const context = await browser.newContext({ permissions: ['camera'] });
    const bare = await openBare(() => context.newPage());
    for (let round = 0; round <= rounds; round += 1) {
      await by(agent.page, 'ask-document').click();
      await by(kiosk.page, 'capture-take').waitFor();
      await kiosk.page.waitForTimeout(500);
      const seen = agent.page.evaluate(shown);
      seen.catch(() => undefined);
      const pressed = await kiosk.page.evaluate(shoot);
      const ours = (await seen) - pressed;
      await by(agent.page, 'document-accept').click();
      await agent.page.locator('[data-testid="document"][data-state="captured"]').waitFor({ state: 'detached' });
      const plain = await bare.round();
      // The first of each warms up.
      if (round === 0) continue;
      result.ours.push(ours);
      result.bare.push(plain);
    }
    await bare.close();
  } finally {
    await browser.close();
  }
  return result;
}
