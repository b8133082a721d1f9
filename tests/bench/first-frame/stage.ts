import type { Browser, Page } from 'playwright-core';
import { bundlePage } from '../../media/lab/bundle.ts';

/** Something that can be measured from a click on Accept to the customer's first camera frame. */
export type Stage = {
  /** An offer rings at the agent and the curtain's frames are coming; the button can be clicked. */
  ring(): Promise<void>;
  /** Clicks, and returns milliseconds to the first frame of the camera on the agent's page. */
  accept(): Promise<number>;
  /** Back to where ring() begins, with nothing left that captures, encodes or sends. */
  end(): Promise<void>;
  close(): Promise<void>;
};

export type StageOptions = {
  browser: Browser;
  /** Added each way on both legs; a leg is from one client to the data centre. */
  delayMs: number;
};

/** Where a stage's accept button and the far side's picture are on the agent's page. */
export type Targets = { acceptButton: string; farVideo: string };

/** About two seconds of ringing: nobody answers faster, and bandwidth estimates have settled. */
export const CURTAIN_FRAMES = 16;

/** Puts the probe into a page that is open. */
export async function watchWith(page: Page, targets: Targets): Promise<void> {
  const probe = await bundlePage(new URL('./probe.ts', import.meta.url));
  await page.evaluate(`globalThis.firstFrameTargets = ${JSON.stringify(targets)};\n${probe}`);
}

/** Opens a page in a profile of its own, with the probe in it. */
export async function openProbed(browser: Browser, url: string, targets: Targets): Promise<Page> {
  const context = await browser.newContext({ permissions: ['camera', 'microphone'] });
  const page = await context.newPage();
  await page.goto(url);
  await watchWith(page, targets);
  return page;
}

const FIRST_FRAME_TIMEOUT_MS = 20_000;

/** Clicks the page's accept button and waits for the camera's first frame. */
export async function clickAndWait(page: Page, targets: Targets): Promise<number> {
  await page.evaluate(() => {
    globalThis.firstFrame.clickedAt = null;
    globalThis.firstFrame.picture?.forget();
  });
  await page.click(targets.acceptButton);
  const taken = await page.waitForFunction(
    () => {
      const { clickedAt, picture } = globalThis.firstFrame;
      const cameraAt = picture?.firstCameraAt ?? null;
      return clickedAt === null || cameraAt === null ? 0 : cameraAt - clickedAt;
    },
    undefined,
    { polling: 20, timeout: FIRST_FRAME_TIMEOUT_MS },
  );
  return taken.jsonValue();
}
