import { failed, good, none, poor, type Found } from './self-test-found.ts';
import type { Devices, DeviceProblem } from './devices.ts';
import type { SelfTestWhy } from '@openvtm/protocol';

/** Long enough for a camera to set its exposure. */
const WATCH_MS = 2_000;
/** Frames a second below which a picture is no longer fluent. */
const FLUENT_FPS = 12;
/** Mean and spread of brightness, 0 to 255, below which a lens is covered or the room dark. */
const DARK_MEAN = 16;
const DARK_SPREAD = 4;
const LISTEN_MS = 1_500;
/** A quiet room reads about -60 dBFS; a microphone that is switched off reads nothing at all. */
const SILENT_DBFS = -95;
/** The tone: in the middle of what small speakers and microphones do well. */
const TONE_HZ = 1_000;
const TONE_MS = 1_200;
const HEARD_DB = 10;

const WHY: Record<DeviceProblem, SelfTestWhy> = {
  refused: 'refused',
  missing: 'missing',
  busy: 'busy',
  asleep: 'frozen',
  insecure: 'refused',
  unknown: 'unknown',
  background: 'unknown',
};
const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Opens the camera and looks whether pictures come, and whether there is anything on them. */
export async function tryCamera(devices: Devices, role: 'face' | 'document'): Promise<Found> {
  const wasLive = devices.state(role).at === 'live';
  const state = await devices.open(role);
  try {
    // A kiosk may well have one camera only, which is the face's.
    if (state.at === 'failed' && role === 'document' && state.problem === 'missing') return none;
    if (state.at !== 'live') return failed(state.at === 'failed' ? WHY[state.problem] : 'unknown');
    return await watch(state.track);
  } finally {
    if (!wasLive) devices.stop(role);
  }
}

async function watch(track: MediaStreamTrack): Promise<Found> {
  const video = document.createElement('video');
  video.muted = true;
  video.srcObject = new MediaStream([track]);
  const canvas = new OffscreenCanvas(64, 48).getContext('2d', { willReadFrequently: true });
  let frames = 0;
  let dark = canvas !== null;
  let watching = true;
  // Read while the frame is being shown: between frames a busy machine may have none to draw, and black is drawn instead.
  const count = () => {
    if (!watching) return;
    frames += 1;
    if (dark && canvas) dark = isDark(canvas, video);
    video.requestVideoFrameCallback(count);
  };
  try {
    await video.play();
    video.requestVideoFrameCallback(count);
    await pause(WATCH_MS);
    watching = false;
    const fps = Math.round(frames / (WATCH_MS / 1_000));
    if (frames === 0) return failed('frozen', 0);
    if (dark) return failed('dark', fps);
    return fps < FLUENT_FPS ? poor('slow', fps) : good(fps);
  } finally {
    watching = false;
    video.srcObject = null;
  }
}

function isDark(canvas: OffscreenCanvasRenderingContext2D, video: HTMLVideoElement): boolean {
  canvas.drawImage(video, 0, 0, 64, 48);
  const { data } = canvas.getImageData(0, 0, 64, 48);
  const light = Array.from({ length: 64 * 48 }, (_, i) => data[i * 4 + 1] ?? 0);
  const mean = light.reduce((sum, one) => sum + one, 0) / light.length;
  const spread = Math.sqrt(light.reduce((sum, one) => sum + (one - mean) ** 2, 0) / light.length);
  return mean < DARK_MEAN || spread < DARK_SPREAD;
}

const decibels = (amplitude: number) => 20 * Math.log10(Math.max(amplitude, 1e-6));

export async function tryMicrophone(devices: Devices): Promise<Found> {
  const wasLive = devices.state('microphone').at === 'live';
  const state = await devices.open('microphone');
  try {
    if (state.at === 'failed' && state.problem === 'asleep') return failed('silent');
    if (state.at !== 'live') return failed(state.at === 'failed' ? WHY[state.problem] : 'unknown');
    const level = await loudest(state.track);
    return level < SILENT_DBFS ? failed('silent', Math.round(level)) : good(Math.round(level));
  } finally {
    if (!wasLive) devices.stop('microphone');
  }
}

async function loudest(track: MediaStreamTrack): Promise<number> {
  const audio = new AudioContext();
  try {
    await audio.resume();
    const analyser = new AnalyserNode(audio, { fftSize: 2048 });
    audio.createMediaStreamSource(new MediaStream([track])).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    let most = 0;
    for (const until = performance.now() + LISTEN_MS; performance.now() < until; await pause(50)) {
      analyser.getFloatTimeDomainData(samples);
      most = Math.max(most, Math.sqrt(samples.reduce((sum, one) => sum + one * one, 0) / samples.length));
    }
    return decibels(most);
  } finally {
    await audio.close();
  }
}

/** Plays a tone and listens whether the microphone hears it: without echo cancelling, which would take it away. */
export async function trySpeaker(speaker: string | null): Promise<Found> {
  const raw = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
  const stream = await navigator.mediaDevices.getUserMedia({ audio: raw }).catch(() => null);
  if (!stream) return failed('missing');
  const audio = new AudioContext();
  try {
    await audio.resume();
    // A speaker that is gone is the system's to replace: then its own choice is what customers hear.
    if (speaker && 'setSinkId' in audio)
      await (audio as AudioContext & { setSinkId(id: string): Promise<void> })
        .setSinkId(speaker)
        .catch(() => undefined);
    const analyser = new AnalyserNode(audio, { fftSize: 4096, smoothingTimeConstant: 0 });
    audio.createMediaStreamSource(stream).connect(analyser);
    const bins = new Float32Array(analyser.frequencyBinCount);
    const bin = Math.round((TONE_HZ * analyser.fftSize) / audio.sampleRate);
    const around = async (ms: number) => {
      let most = -200;
      for (const until = performance.now() + ms; performance.now() < until; await pause(60)) {
        analyser.getFloatFrequencyData(bins);
        most = Math.max(most, ...bins.subarray(bin - 2, bin + 3));
      }
      return most;
    };
    await pause(200);
    const before = await around(600);
    const tone = new OscillatorNode(audio, { frequency: TONE_HZ });
    tone.connect(new GainNode(audio, { gain: 0.3 })).connect(audio.destination);
    tone.start();
    const rise = Math.round((await around(TONE_MS)) - Math.max(before, -120));
    tone.stop();
    return rise >= HEARD_DB ? good(rise) : failed('not-heard', rise);
  } finally {
    for (const track of stream.getTracks()) track.stop();
    await audio.close();
  }
}
