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
