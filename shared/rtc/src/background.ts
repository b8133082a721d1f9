import type { DeviceRole } from './device-choice.ts';
import type { Devices, DeviceState } from './devices.ts';
import { paceAfter, startPace, type Pace } from './pace.ts';

/** What stands behind a person on the camera's picture. */
export type BackgroundWish = { is: 'none' } | { is: 'blur' } | { is: 'picture'; url: string };
/** `slow`: the machine draws too few frames; `failed`: it cannot be drawn here, or broke off. */
export type BackgroundTrouble = 'slow' | 'failed';
export type BackgroundState =
  | { at: 'off' }
  | { at: 'starting' }
  /** Refreshed every second. */
  | { at: 'on'; framesPerSecond: number }
  /** There is no picture until it is opened anew or another background is wished for. */
  | { at: 'stopped'; why: BackgroundTrouble };

/** A camera whose background is drawn over. */
export type Drawn = {
  readonly track: MediaStreamTrack;
  /** Calls back for every frame that was drawn. */
  onFrame(handler: () => void): void;
  /** Stops `track`; the camera is the caller's. */
  close(): void;
};
/** Rejects where it cannot be drawn. A track never carries a frame whose background is not covered. */
export type DrawBackground = (
  camera: MediaStreamTrack,
  wish: Exclude<BackgroundWish, { is: 'none' }>,
) => Promise<Drawn>;

export interface BackgroundDevices extends Devices {
  readonly background: BackgroundState;
  /** From this moment on the face camera's own picture is given to nobody, or to everybody again. */
  setBackground(wish: BackgroundWish): void;
}

const FIRST_FRAME_WITHIN_MS = 20_000;
const LOOK_EVERY_MS = 1_000;

type Run = { readonly camera: MediaStreamTrack; drawn: Drawn | null; shows: boolean; readonly end: () => void };

/**
 * Devices whose face camera is seen only with its background covered while one is wished for. Until the first covered
 * frame is there the camera counts as opening, and when covering fails or is too slow as failed (`background`): whoever
 * follows these devices never gets hold of the open picture.
 */
export function withBackground(inner: Devices, draw: DrawBackground): BackgroundDevices {
  let wish: BackgroundWish = { is: 'none' };
  let run: Run | null = null;
  let trouble: BackgroundTrouble | null = null;
  let pace: Pace = startPace;
  let closed = false;
  const handlers = new Set<(role: DeviceRole) => void>();
  const waiting = new Set<() => void>();

  function tell(role: DeviceRole): void {
    for (const handler of [...handlers]) handler(role);
    if (face().at !== 'opening') for (const settled of [...waiting]) settled();
  }

  function face(): DeviceState {
    const state = inner.state('face');
    if (state.at !== 'live' || wish.is === 'none') return state;
    if (trouble !== null) return { at: 'failed', problem: 'background' };
    if (run === null || run.camera !== state.track || run.drawn === null || !run.shows) return { at: 'opening' };
    return { ...state, track: run.drawn.track };
  }

  function begin(camera: MediaStreamTrack, over: Exclude<BackgroundWish, { is: 'none' }>): Run {
    let ended = false;
    let frames = 0;
    let lookedAt = performance.now();
    pace = startPace;
    const timers: { look?: ReturnType<typeof setInterval>; first?: ReturnType<typeof setTimeout> } = {};
    const started: Run = {
      camera,
      drawn: null,
      shows: false,
      end() {
        if (ended) return;
        ended = true;
        clearTimeout(timers.first);
        clearInterval(timers.look);
        started.drawn?.close();
      },
    };
    const stop = (why: BackgroundTrouble) => {
      if (ended) return;
      started.end();
      run = null;
      trouble = why;
      tell('face');
    };
    const look = () => {
      const now = performance.now();
      const rests = camera.muted || camera.readyState === 'ended';
      const next = paceAfter(pace, { drawn: frames, ms: now - lookedAt, everyMs: LOOK_EVERY_MS, rests });
      pace = next.pace;
      [frames, lookedAt] = [0, now];
      if (next.tooSlow) stop(pace.framesPerSecond === 0 ? 'failed' : 'slow');
      else tell('face');
    };
    const onFrame = () => {
      frames += 1;
      if (started.shows || ended) return;
      started.shows = true;
      clearTimeout(timers.first);
      [frames, lookedAt] = [0, performance.now()];
      timers.look = setInterval(look, LOOK_EVERY_MS);
      tell('face');
    };
    timers.first = setTimeout(() => stop('failed'), FIRST_FRAME_WITHIN_MS);
    draw(camera, over).then(
      (drawn) => {
        if (ended) return drawn.close();
        started.drawn = drawn;
        drawn.onFrame(onFrame);
      },
      () => stop('failed'),
    );
    return started;
  }

  /** Covers the camera that there is now, and no other. */
  function follow(): void {
    const state = inner.state('face');
    const camera = state.at === 'live' && wish.is !== 'none' && trouble === null ? state.track : null;
    if (run?.camera === camera) return;
    run?.end();
    run = camera === null || wish.is === 'none' ? null : begin(camera, wish);
  }

  const stopFollowing = inner.onChange((role) => {
    if (role === 'face') follow();
    tell(role);
  });

  const settled = () =>
    new Promise<void>((resolve) => {
      if (closed || face().at !== 'opening') return resolve();
      const done = () => {
        waiting.delete(done);
        resolve();
      };
      waiting.add(done);
    });

  return {
    ...inner,
    state: (role) => (role === 'face' ? face() : inner.state(role)),
    async open(role) {
      if (role !== 'face') return inner.open(role);
      trouble = null;
      follow();
      await inner.open('face');
      follow();
      await settled();
      return face();
    },
    async choose(role, deviceId) {
      if (role === 'face') trouble = null;
      const problem = await inner.choose(role, deviceId);
      follow();
      return problem;
    },
    onChange(handler) {
      handlers.add(handler);
      return () => handlers.delete(handler);
    },
    get background(): BackgroundState {
      if (wish.is === 'none') return { at: 'off' };
      if (trouble !== null) return { at: 'stopped', why: trouble };
      return run?.shows === true ? { at: 'on', framesPerSecond: pace.framesPerSecond } : { at: 'starting' };
    },
    setBackground(next) {
      if (closed || (next.is === wish.is && (next.is !== 'picture' || next.url === (wish as typeof next).url))) return;
      wish = next;
      trouble = null;
      run?.end();
      run = null;
      follow();
      tell('face');
    },
    close() {
      if (closed) return;
      closed = true;
      stopFollowing();
      run?.end();
      run = null;
      inner.close();
      for (const done of [...waiting]) done();
      handlers.clear();
    },
  };
}
