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

/** The loudest level, 0 to 1, of everything that a page plays in a second and a half; 0 where it plays nothing. */
export async function heard(page: Page, selector = 'video, audio'): Promise<number> {
  return page.evaluate(async (selector) => {
    const played = [...document.querySelectorAll<HTMLMediaElement>(selector)].filter(
      ({ muted, srcObject }) => !muted && srcObject instanceof MediaStream && srcObject.getAudioTracks().length > 0,
    );
    const context = new AudioContext();
    const analyser = context.createAnalyser();
    for (const { srcObject } of played) context.createMediaStreamSource(srcObject as MediaStream).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    let top = 0;
    const until = performance.now() + 1_500;
    while (performance.now() < until) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      analyser.getFloatTimeDomainData(samples);
      top = Math.max(top, ...samples.map(Math.abs));
    }
    await context.close();
    return top;
  }, selector);
}

/** Begins to listen to all that a page plays, also to what it plays only later; `recorded` answers. A reload ends it. */
export const record = (page: Page): Promise<void> =>
  page.evaluate(() => {
    // Looked at each tenth of a second, and each look sees the last two thirds: nothing in between is missed.
    const context = new AudioContext();
    const analyser = context.createAnalyser();
    analyser.fftSize = 32_768;
    const samples = new Float32Array(analyser.fftSize);
    const sources = new Map<MediaStreamTrack, MediaStreamAudioSourceNode>();
    let top = 0;
    const look = () => {
      const played = new Set(
        [...document.querySelectorAll<HTMLMediaElement>('video, audio')].flatMap(({ muted, srcObject }) =>
          !muted && srcObject instanceof MediaStream ? srcObject.getAudioTracks() : [],
        ),
      );
      for (const [track, source] of sources) {
        if (played.has(track)) continue;
        source.disconnect();
        sources.delete(track);
      }
      for (const track of played) {
        if (sources.has(track)) continue;
        const source = context.createMediaStreamSource(new MediaStream([track]));
        source.connect(analyser);
        sources.set(track, source);
      }
      analyser.getFloatTimeDomainData(samples);
      for (const sample of samples) top = Math.max(top, Math.abs(sample));
    };
    look();
    setInterval(look, 100);
    globalThis.recordedLevel = () => {
      look();
      return top;
    };
  });

/** The loudest level (0 to 1) of all that a page has played since `record`. */
export const recorded = (page: Page): Promise<number> => page.evaluate(() => globalThis.recordedLevel());

/** Frames of a picture that come within two seconds. */
export async function framesOf(page: Page, selector: string): Promise<number> {
  return page.evaluate(async (selector) => {
    const video = document.querySelector<HTMLVideoElement>(`${selector} video`);
    if (!video) throw new Error(`no picture in ${selector}`);
    let frames = 0;
    const count = () => {
      frames += 1;
      video.requestVideoFrameCallback(count);
    };
    video.requestVideoFrameCallback(count);
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    return frames;
  }, selector);
}

declare global {
  /** What a page sends just now, for `sent`. */
  var sentTracks: () => MediaStreamTrack[];
  /** What `recorded` answers. */
  var recordedLevel: () => number;
}

/** Lets `sent` see what leaves a page, from its next load on. */
export const rememberSent = (page: Page): Promise<unknown> =>
  page.context().addInitScript(() => {
    const connections: RTCPeerConnection[] = [];
    const Native = RTCPeerConnection;
    globalThis.RTCPeerConnection = class extends Native {
      constructor(configuration?: RTCConfiguration) {
        super(configuration);
        connections.push(this);
      }
    };
    globalThis.sentTracks = () =>
      connections
        .filter(({ connectionState }) => connectionState !== 'closed')
        .flatMap((one) => one.getSenders().flatMap(({ track }) => track ?? []));
  });

/** What a page hands to the network, before anybody else could stop it: its picture's mean colour, its sound's level. */
export async function sent(page: Page): Promise<Pick<Seen, 'mean'> & { level: number }> {
  return page.evaluate(async () => {
    const tracks = globalThis.sentTracks();
    const video = document.createElement('video');
    video.muted = true;
    video.srcObject = new MediaStream(tracks.filter(({ kind }) => kind === 'video'));
    await video.play();
    const context = new AudioContext();
    const analyser = context.createAnalyser();
    const sounds = new MediaStream(tracks.filter(({ kind }) => kind === 'audio'));
    context.createMediaStreamSource(sounds).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    let level = 0;
    const until = performance.now() + 1_500;
    while (performance.now() < until) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      analyser.getFloatTimeDomainData(samples);
      level = Math.max(level, ...samples.map(Math.abs));
    }
    await context.close();
    const canvas = new OffscreenCanvas(64, 48);
    const pen = canvas.getContext('2d');
    if (!pen) throw new Error('no 2d context');
    pen.drawImage(video, 0, 0, 64, 48);
    const { data } = pen.getImageData(0, 0, 64, 48);
    video.srcObject = null;
    const meanOf = (channel: number) =>
      data.reduce((sum, value, i) => (i % 4 === channel ? sum + value : sum), 0) / (64 * 48);
    return { level, mean: { red: meanOf(0), green: meanOf(1), blue: meanOf(2) } };
  });
}

/** How loud an element's sound is: the mean (RMS) of its loudest and quietest quarter, and its peak, over some seconds. */
export async function loudness(
  page: Page,
  selector: string,
  seconds = 3,
): Promise<{ loud: number; quiet: number; peak: number }> {
  return page.evaluate(
    async ({ selector, seconds }) => {
      const element = document.querySelector<HTMLMediaElement>(selector);
      if (!(element?.srcObject instanceof MediaStream)) throw new Error(`no sound in ${selector}`);
      const context = new AudioContext();
      const analyser = context.createAnalyser();
      context.createMediaStreamSource(element.srcObject).connect(analyser);
      const samples = new Float32Array(analyser.fftSize);
      const levels: number[] = [];
      let peak = 0;
      const until = performance.now() + seconds * 1_000;
      while (performance.now() < until) {
        await new Promise((resolve) => setTimeout(resolve, 25));
        analyser.getFloatTimeDomainData(samples);
        peak = Math.max(peak, ...samples.map(Math.abs));
        levels.push(Math.sqrt(samples.reduce((sum, one) => sum + one * one, 0) / samples.length));
      }
      await context.close();
      levels.sort((a, b) => a - b);
      const quarter = Math.max(1, Math.floor(levels.length / 4));
      const mean = (some: number[]) => some.reduce((sum, one) => sum + one, 0) / some.length;
      return { loud: mean(levels.slice(-quarter)), quiet: mean(levels.slice(0, quarter)), peak };
    },
    { selector, seconds },
  );
}

declare global {
  /** The names of all pictures that a page has handed to the network since it was loaded. */
  var handedPictures: string[];
}

/** Notes every picture that is handed to the network, from the page's next load on. */
export const noteHanded = (page: Page): Promise<unknown> =>
  page.context().addInitScript(() => {
    globalThis.handedPictures = [];
    const note = (track: MediaStreamTrack | null) => {
      if (track?.kind === 'video') globalThis.handedPictures.push(track.label);
    };
    const { replaceTrack } = RTCRtpSender.prototype;
    RTCRtpSender.prototype.replaceTrack = function (track) {
      note(track);
      return replaceTrack.call(this, track);
    };
    const { addTransceiver } = RTCPeerConnection.prototype;
    RTCPeerConnection.prototype.addTransceiver = function (track, init) {
      if (typeof track !== 'string') note(track);
      return addTransceiver.call(this, track, init);
    };
  });
