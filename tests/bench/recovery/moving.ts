import type { Page } from 'playwright-core';

const VIDEO = {
  kiosk: '[data-testid="agent-tile"] video, video[data-testid="agent-tile"]',
  agent: '[data-testid="customer-video"] video, video[data-testid="customer-video"]',
};
export type Seat = { page: Page; who: 'kiosk' | 'agent' };

/** The id of the far side's video track as it is shown now: a rejoined call has another one. */
export const trackOf = ({ page, who }: Seat): Promise<string> =>
  page.evaluate((selector) => {
    const stream = document.querySelector<HTMLVideoElement>(selector)?.srcObject;
    return stream instanceof MediaStream ? (stream.getVideoTracks()[0]?.id ?? '') : '';
  }, VIDEO[who]);

/** Resolves with the time (Date.now()) at which the third frame of a track other than `before` was shown; rejects after `withinMs`. */
export const movesAgain = (
  { page, who }: Seat,
  { before, withinMs }: { before: string; withinMs: number },
): Promise<number> =>
  page.evaluate(
    async ({ selector, before, withinMs }) => {
      const until = Date.now() + withinMs;
      let frames = 0;
      let watched: HTMLVideoElement | null = null;
      const onFrame = () => {
        const stream = watched?.srcObject;
        const track = stream instanceof MediaStream ? stream.getVideoTracks()[0]?.id : undefined;
        if (track !== undefined && track !== before) frames += 1;
        watched?.requestVideoFrameCallback(onFrame);
      };
      while (frames < 3) {
        if (Date.now() > until) throw new Error(`no moving video within ${withinMs} ms`);
        const video = document.querySelector<HTMLVideoElement>(selector);
        if (video !== watched) {
          watched = video;
          video?.requestVideoFrameCallback(onFrame);
        }
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      return Date.now();
    },
    { selector: VIDEO[who], before, withinMs },
  );

/** Resolves with the time at which the fifth frame from now on was shown, of whatever track; rejects after `withinMs`. */
export const movesFromNow = ({ page, who }: Seat, { withinMs }: { withinMs: number }): Promise<number> =>
  page.evaluate(
    async ({ selector, withinMs }) => {
      const until = Date.now() + withinMs;
      let frames = 0;
      let watched: HTMLVideoElement | null = null;
      const onFrame = () => {
        frames += 1;
        watched?.requestVideoFrameCallback(onFrame);
      };
      while (frames < 5) {
        if (Date.now() > until) throw new Error(`no moving video within ${withinMs} ms`);
        const video = document.querySelector<HTMLVideoElement>(selector);
        if (video !== watched) {
          watched = video;
          video?.requestVideoFrameCallback(onFrame);
        }
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      return Date.now();
    },
    { selector: VIDEO[who], withinMs },
  );

/** How a picture flowed while it was watched; times in ms. `longestMs` counts the begin and the end of the watching, too. */
export type Flow = { frozenMs: number; longestMs: number; frames: number; watchedMs: number };

/**
 * Watches a picture for `ms`, whatever track and element it is shown by. Frozen: a gap of more than three times the usual
 * one and at least 150 ms more (webrtc-stats, `freezeCount`); all of such a gap counts.
 */
export const watchFlow = (page: Page, selector: string, { ms }: { ms: number }): Promise<Flow> =>
  page.evaluate(
    async ({ selector, ms }) => {
      const began = performance.now();
      const usual: number[] = [];
      const flow = { frozenMs: 0, longestMs: 0, frames: 0 };
      let last = began;
      let watched: HTMLVideoElement | null = null;
      const gapUntil = (now: number) => {
        const gap = now - last;
        const mean = usual.reduce((sum, one) => sum + one, 0) / Math.max(1, usual.length);
        flow.longestMs = Math.max(flow.longestMs, gap);
        if (usual.length > 4 && gap > Math.max(3 * mean, mean + 150)) flow.frozenMs += gap;
        else usual.push(gap);
        if (usual.length > 30) usual.shift();
        last = now;
      };
      const onFrame = (now: number) => {
        flow.frames += 1;
        gapUntil(now);
        watched?.requestVideoFrameCallback(onFrame);
      };
      while (performance.now() < began + ms) {
        const video = document.querySelector<HTMLVideoElement>(selector);
        if (video !== watched) {
          watched = video;
          video?.requestVideoFrameCallback(onFrame);
        }
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      gapUntil(performance.now());
      return { ...flow, watchedMs: performance.now() - began };
    },
    { selector, ms },
  );

/** The same of the far side's picture. */
export const watchSeat = ({ page, who }: Seat, { ms }: { ms: number }): Promise<Flow> =>
  watchFlow(page, VIDEO[who], { ms });
