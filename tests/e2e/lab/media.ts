import type { Page } from 'playwright-core';

export type Seen = { frames: number; changed: boolean; mean: { red: number; green: number; blue: number } };

/** Decoded frames of a video, whether the picture changed between the first and the last, and the last one's mean colour. */
export async function watchVideo(page: Page, selector: string, frames = 15): Promise<Seen> {
  return page.evaluate(
    async ({ selector, frames }) => {
      const canvas = document.createElement('canvas');
      canvas.width = 64;
      canvas.height = 48;
      const context = canvas.getContext('2d', { willReadFrequently: true });
      if (!context) throw new Error('no 2d context');
      let watched: HTMLVideoElement | null = null;
      let seen = 0;
      let first: Uint8ClampedArray = new Uint8ClampedArray();
      let last: Uint8ClampedArray = new Uint8ClampedArray();
      const onFrame = () => {
        if (!watched) return;
        context.drawImage(watched, 0, 0, 64, 48);
        last = context.getImageData(0, 0, 64, 48).data;
        if (seen === 0) first = last;
        seen += 1;
        watched.requestVideoFrameCallback(onFrame);
      };
      const until = performance.now() + 20_000;
      while (seen < frames) {
        if (performance.now() > until) throw new Error(`only ${seen} frames decoded in 20 s`);
        // A screen may put another element in its place while a call comes back.
        const found = document.querySelector(selector);
        const video = found instanceof HTMLVideoElement ? found : (found?.querySelector('video') ?? null);
        if (video !== watched) {
          watched = video;
          video?.requestVideoFrameCallback(onFrame);
        }
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      const moved = first.reduce((sum, value, i) => sum + Math.abs(value - (last[i] ?? 0)), 0);
      const meanOf = (channel: number) => {
        const values = last.filter((_, i) => i % 4 === channel);
        return values.reduce((sum, value) => sum + value, 0) / values.length;
      };
      return { frames: seen, changed: moved > 500, mean: { red: meanOf(0), green: meanOf(1), blue: meanOf(2) } };
    },
    { selector, frames },
  );
}

/** The loudest level, 0 to 1, that an element's stream reaches within two seconds: the fake microphone beeps each second. */
export async function loudest(page: Page, selector: string): Promise<number> {
  return page.evaluate(async (selector) => {
    const found = [...document.querySelectorAll(selector)].flatMap((one) =>
      one instanceof HTMLMediaElement ? [one] : [...one.querySelectorAll('video,audio')],
    );
    const stream = found
      .map((one) => (one as HTMLMediaElement).srcObject)
      .find((one): one is MediaStream => one instanceof MediaStream && one.getAudioTracks().length > 0);
    if (!stream) throw new Error(`no sound in ${selector}`);
    const context = new AudioContext();
    const analyser = context.createAnalyser();
    context.createMediaStreamSource(stream).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    let top = 0;
    const until = performance.now() + 2_500;
    while (performance.now() < until) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      analyser.getFloatTimeDomainData(samples);
      top = Math.max(top, ...samples.map(Math.abs));
    }
    await context.close();
    return top;
  }, selector);
}

/** The fake camera's picture is bright green; nothing else that is sent is. */
export const isCamera = ({ mean }: { mean: { red: number; green: number; blue: number } }): boolean =>
  mean.green > 80 && mean.green > 1.5 * Math.max(mean.red, mean.blue);
