import { OfferId } from '@openvtm/protocol';
import { createCallSession, type CallSession } from '@openvtm/rtc/call';
import { openDevices, type Devices } from '@openvtm/rtc/devices';
import { openLine, type Line } from '@openvtm/rtc/line';
import { watchPicture, type Picture } from './picture.ts';

/** What a test asks of a page, as `window.lab`. */
export type LabPage = {
  join(options: { peerId: string; url?: string }): Promise<void>;
  accept(offerId: string): Promise<void>;
  /** The offer that the page's own accept button takes. */
  offer(offerId: string): void;
  session(): CallSession;
  line(): Line;
  devices(): Devices;
  /** Everything decoded from the far side's camera so far. */
  picture: Picture;
  /** Sum of the far side's sound energy that was played (RTCInboundRtpStreamStats.totalAudioEnergy). */
  heard(): Promise<number>;
  /** Lines of the largest picture that is being encoded for the network. */
  encodedLines(): Promise<number>;
  leave(): void;
};

let line: Line | undefined;
let devices: Devices | undefined;
let session: CallSession | undefined;
// Statistics of sound are not part of a session; a test reads them from the browser's own objects.
const connections: RTCPeerConnection[] = [];
const Native = RTCPeerConnection;
globalThis.RTCPeerConnection = class extends Native {
  constructor(configuration?: RTCConfiguration) {
    super(configuration);
    connections.push(this);
  }
};

const video = document.createElement('video');
const audio = document.createElement('audio');
const button = document.createElement('button');
video.id = 'far';
video.muted = true;
button.id = 'accept';
button.textContent = 'Accept';
document.body.append(button, video, audio);
let offered = '';
button.addEventListener('click', () => void lab.accept(offered));

function play(element: HTMLMediaElement, track: MediaStreamTrack | null): void {
  const now = element.srcObject instanceof MediaStream ? (element.srcObject.getTracks()[0] ?? null) : null;
  if (now === track) return;
  element.srcObject = track === null ? null : new MediaStream([track]);
  if (track !== null) element.play().catch(() => undefined);
}

function present<T>(thing: T | undefined): T {
  if (thing === undefined) throw new Error('join first');
  return thing;
}

const lab: LabPage = {
  async join({ peerId, url }) {
    line = openLine({ token: async () => peerId, ...(url === undefined ? {} : { url }) });
    devices = openDevices();
    const made = createCallSession({ line, devices, curtain: 'closed' });
    session = made;
    for (const notice of ['call:changed', 'line:kiosk-snapshot', 'line:staff-snapshot'] as const) {
      line.on(notice, ({ call }) => made.setCurtain(call !== null));
    }
    made.onChange(() => {
      play(video, made.remotes[0]?.camera ?? null);
      play(audio, made.remotes[0]?.microphone ?? null);
    });
    await made.start();
  },
  async accept(offerId) {
    await present(line).request('call:accept', { offerId: OfferId.parse(offerId) });
  },
  offer: (offerId) => void (offered = offerId),
  session: () => present(session),
  line: () => present(line),
  devices: () => present(devices),
  picture: watchPicture(video),
  async heard() {
    let energy = 0;
    for (const connection of connections) {
      if (connection.connectionState === 'closed') continue;
      for (const entry of (await connection.getStats()).values()) {
        if (entry.type === 'inbound-rtp' && entry.kind === 'audio') energy += entry.totalAudioEnergy;
      }
    }
    return energy;
  },
  async encodedLines() {
    const lines = [0];
    for (const connection of connections) {
      if (connection.connectionState === 'closed') continue;
      for (const entry of (await connection.getStats()).values())
        if (entry.type === 'outbound-rtp' && entry.kind === 'video' && entry.active && entry.framesPerSecond > 0)
          lines.push(entry.frameHeight);
    }
    return Math.max(...lines);
  },
  leave() {
    session?.close();
    devices?.close();
    line?.close();
  },
};

declare global {
  var lab: LabPage;
}
globalThis.lab = lab;
