export type DeviceRole = 'face' | 'document' | 'overview' | 'microphone' | 'speaker';

export type KnownDevice = { kind: MediaDeviceKind; deviceId: string; label: string };

const kinds: Record<DeviceRole, MediaDeviceKind> = {
  face: 'videoinput',
  document: 'videoinput',
  overview: 'videoinput',
  microphone: 'audioinput',
  speaker: 'audiooutput',
};

// What makers and systems call a camera that looks at paper: document, scanner, rear, and the Chinese for rear and high-speed scanner.
const paperCamera = /document|scan|rear|back|environment|后置|高拍/i;

// A second camera over the desk.
const secondCamera = /overview|overhead|second|desk|top|俯视|全景|副/i;

/** The devices that can play this role. */
export function devicesFor(role: DeviceRole, devices: readonly KnownDevice[]): KnownDevice[] {
  return devices.filter((device) => device.kind === kinds[role] && device.deviceId !== '');
}

/**
 * Which device plays the role: the one chosen before if it is there; else by label, with two cameras one for the face
 * and the other for documents; with one camera both share it. null: leave it to the browser.
 */
export function chooseDevice(
  role: DeviceRole,
  devices: readonly KnownDevice[],
  { remembered, otherCameras }: { remembered: string | null; otherCameras: readonly string[] },
): string | null {
  const candidates = devicesFor(role, devices);
  if (candidates.some((device) => device.deviceId === remembered)) return remembered;
  if (role === 'overview') return overviewOf(candidates, otherCameras);
  if (role !== 'face' && role !== 'document') return null;
  const wantsPaper = role === 'document';
  const free = candidates.filter((device) => !otherCameras.includes(device.deviceId));
  const best = free.find((device) => paperCamera.test(device.label) === wantsPaper) ?? free[0] ?? candidates[0];
  return best?.deviceId ?? null;
}

function overviewOf(cameras: readonly KnownDevice[], taken: readonly string[]): string | null {
  const free = cameras.filter((device) => !taken.includes(device.deviceId));
  const named = free.find((device) => secondCamera.test(device.label));
  // The face and the documents have theirs first.
  return (named ?? (cameras.length > 2 ? free.at(-1) : undefined))?.deviceId ?? null;
}
