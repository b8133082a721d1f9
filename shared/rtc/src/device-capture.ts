import type { DeviceRole, KnownDevice } from './device-choice.ts';
import { awake } from './device-track.ts';

export type CaptureRole = Exclude<DeviceRole, 'speaker'>;
/**
 * `asleep`: it opens and gives nothing, as a camera after sleep or a microphone that is off at its own switch;
 * `background`: its picture may only be seen with the background covered, and that does not go.
 */
export type DeviceProblem = 'refused' | 'missing' | 'busy' | 'asleep' | 'insecure' | 'unknown' | 'background';
export type DeviceState =
  | { at: 'off' }
  | { at: 'opening' }
  | { at: 'live'; track: MediaStreamTrack; deviceId: string; label: string }
  | { at: 'failed'; problem: DeviceProblem };
export type Captured = Extract<DeviceState, { at: 'live' | 'failed' }>;

const failed = (problem: DeviceProblem): Captured => ({ at: 'failed', problem });

/**
 * Opens the device that `choose` picks of those there are (null: the browser's own choice). Never rejects. A device that
 * gives nothing within `patience` ms, or until `signal`, is let go.
 */
export async function capture(
  role: CaptureRole,
  {
    choose,
    height,
    patience,
    signal,
  }: {
    choose: (known: KnownDevice[]) => string | null;
    height: 480 | 720;
    patience: number;
    signal: AbortSignal;
  },
): Promise<Captured> {
  if (!globalThis.isSecureContext || navigator.mediaDevices === undefined) return failed('insecure');
  try {
    const wished = choose(await knownDevices());
    if (role === 'overview' && wished === null) return failed('missing');
    const stream = await navigator.mediaDevices.getUserMedia(constraints(role, { deviceId: wished, height }));
    const track = stream.getTracks()[0];
    if (track === undefined) return failed('missing');
    if (!(await awake(track, { within: patience, signal }))) {
      track.stop();
      return failed('asleep');
    }
    return { at: 'live', track, deviceId: track.getSettings().deviceId ?? '', label: track.label };
  } catch (error) {
    return failed(problemOf(error));
  }
}

/** All devices of this machine; without names before permission is given. */
export async function knownDevices(): Promise<KnownDevice[]> {
  return (await navigator.mediaDevices?.enumerateDevices()) ?? [];
}

function constraints(
  role: CaptureRole,
  { deviceId, height }: { deviceId: string | null; height: 480 | 720 },
): MediaStreamConstraints {
  const device = deviceId === null ? {} : { deviceId: { exact: deviceId } };
  if (role === 'microphone') {
    const clean = { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: 1 };
    return { audio: { ...device, ...clean } };
  }
  if (role !== 'face') return { video: { ...device, width: { ideal: 4096 }, height: { ideal: 3072 } } };
  const width = height === 720 ? 1280 : 640;
  return {
    video: { ...device, width: { ideal: width }, height: { ideal: height }, frameRate: { ideal: 30, max: 30 } },
  };
}

function problemOf(error: unknown): DeviceProblem {
  const name = error instanceof DOMException ? error.name : '';
  if (name === 'NotAllowedError') return 'refused';
  if (name === 'NotFoundError' || name === 'OverconstrainedError') return 'missing';
  if (name === 'NotReadableError' || name === 'AbortError') return 'busy';
  return 'unknown';
}
