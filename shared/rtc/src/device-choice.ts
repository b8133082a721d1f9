export type DeviceRole = 'face' | 'document' | 'microphone' | 'speaker';

export type KnownDevice = { kind: MediaDeviceKind; deviceId: string; label: string };

const kinds: Record<DeviceRole, MediaDeviceKind> = {
  face: 'videoinput',
  document: 'videoinput',
  microphone: 'audioinput',
  speaker: 'audiooutput',
};

// What makers and systems call a camera that looks at paper: document, scanner, rear, and the Chinese for rear and high-speed scanner.
const paperCamera = /document|scan|rear|back|environment|后置|高拍/i;

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
  { remembered, otherCamera }: { remembered: string | null; otherCamera: string | null },
): string | null {
  const candidates = devicesFor(role, devices);
  if (candidates.some((device) => device.deviceId === remembered)) return remembered;
  if (role !== 'face' && role !== 'document') return null;
  const wantsPaper = role === 'document';
  const free = candidates.filter((device) => device.deviceId !== otherCamera);
  const best = free.find((device) => paperCamera.test(device.label) === wantsPaper) ?? free[0] ?? candidates[0];
  return best?.deviceId ?? null;
}
