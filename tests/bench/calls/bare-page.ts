import { Device } from 'mediasoup-client';
import type { Transport, TransportOptions, RtpCapabilities, ConsumerOptions } from 'mediasoup-client/types';

type Joined = { rtpCapabilities: RtpCapabilities; send: TransportOptions; receive: TransportOptions };
export type BarePage = {
  /** Sends camera and microphone as a kiosk does. */
  join(peer: string): Promise<void>;
  /** Receives all that another one sends. */
  watch(peer: string): Promise<void>;
};

let me = '';
let device: Device;
let receive: Transport;

async function ask<T>(what: string, data: object): Promise<T> {
  const answer = await fetch(`/${what}`, { method: 'POST', body: JSON.stringify({ peer: me, ...data }) });
  return answer.json() as Promise<T>;
}
function connectable(transport: Transport, side: 'send' | 'receive'): Transport {
  transport.on('connect', ({ dtlsParameters }, done, fail) => {
    ask('connect', { side, dtlsParameters }).then(done, fail);
  });
  return transport;
}

const bare: BarePage = {
  async join(peer) {
    me = peer;
    const joined = await ask<Joined>('join', {});
    device = new Device();
    await device.load({ routerRtpCapabilities: joined.rtpCapabilities });
    receive = connectable(device.createRecvTransport(joined.receive), 'receive');
    const send = connectable(device.createSendTransport(joined.send), 'send');
    send.on('produce', ({ kind, rtpParameters }, done, fail) => {
      ask<{ id: string }>('produce', { kind, rtpParameters }).then(done, fail);
    });
    const stream = await navigator.mediaDevices.getUserMedia({
      audio: true,
      video: { width: 1280, height: 720, frameRate: 30 },
    });
    const [camera, microphone] = [stream.getVideoTracks()[0], stream.getAudioTracks()[0]];
    if (!camera || !microphone) throw new Error('no devices');
    await send.produce({
      track: microphone,
      codecOptions: { opusStereo: false, opusFec: true, opusDtx: false, opusNack: true },
    });
    await send.produce({
      track: camera,
      encodings: [
        { scaleResolutionDownBy: 4, maxBitrate: 150_000 },
        { scaleResolutionDownBy: 2, maxBitrate: 500_000 },
        { scaleResolutionDownBy: 1, maxBitrate: 1_800_000 },
      ],
      codecOptions: { videoGoogleStartBitrate: 2_000 },
    });
  },
  async watch(peer) {
    const { recvRtpCapabilities: rtpCapabilities } = device;
    for (const options of await ask<ConsumerOptions[]>('consume', { of: peer, rtpCapabilities })) {
      const { track } = await receive.consume(options);
      const element = document.createElement(track.kind === 'video' ? 'video' : 'audio');
      element.srcObject = new MediaStream([track]);
      document.body.append(element);
      // Plays as soon as something comes, which is not before all of it is resumed.
      void element.play();
    }
    await ask('resume', {});
  },
};

declare global {
  var bare: BarePage;
}
globalThis.bare = bare;
