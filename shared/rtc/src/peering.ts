import type { Device } from 'mediasoup-client';
import type { DtlsParameters, IceCandidate, IceParameters, Transport } from 'mediasoup-client/types';
import type { Out, RtpParameters, Side } from '@openvtm/protocol';
import type { BesideSource } from './beside.ts';
import type { Link } from './ladder.ts';
import type { Line } from './line.ts';

/** Our end of one `media:join`: two transports, usable until the server or we give them up. */
export type Peering = {
  send: Transport;
  receive: Transport;
  link(): Link;
  /** Gives new ICE credentials to each transport that is in trouble. */
  restartIce(): Promise<void>;
  close(): void;
};

/** Joins media on the server and makes both transports. `onLink` is told when a transport's connection changes. */
export async function join(options: {
  line: Line;
  device: Device;
  onLink: () => void;
  onError: (error: unknown) => void;
}): Promise<Peering> {
  const { line, device, onLink, onError } = options;
  const answer = await line.request('media:join', {});
  if (!device.loaded) await device.load({ routerRtpCapabilities: answer.rtpCapabilities });
  const send = device.createSendTransport({ ...asOptions(answer.send), iceServers: answer.iceServers });
  const receive = device.createRecvTransport({ ...asOptions(answer.receive), iceServers: answer.iceServers });
  const sides: [Side, Transport][] = [
    ['send', send],
    ['receive', receive],
  ];
  for (const [side, transport] of sides) {
    transport.on('connect', ({ dtlsParameters }, done) => {
      // Not waited for: what follows on the line is handled after it, and a round trip is saved.
      done();
      line.request('media:connect', { side, dtlsParameters }).catch(onError);
    });
    transport.on('connectionstatechange', onLink);
  }
  send.on('produce', ({ kind, rtpParameters, appData }, done, failed) => {
    const beside = appData['source'] as BesideSource | undefined;
    const source = beside ?? (kind === 'video' ? 'camera' : 'microphone');
    line
      .request('media:produce', { source, rtpParameters: rtpParameters as RtpParameters })
      .then(({ producerId }) => done({ id: producerId }), failed);
  });

  async function restart(which: (state: Transport['connectionState']) => boolean): Promise<void> {
    await Promise.all(
      sides
        .filter(([, { connectionState }]) => which(connectionState))
        .map(async ([side, transport]) => {
          const { iceParameters, iceServers } = await line.request('media:restart-ice', { side });
          await transport.updateIceServers({ iceServers });
          await transport.restartIce({ iceParameters: iceParameters as IceParameters });
        }),
    );
  }
  // A page may wait for its first call for longer than its TURN credentials hold; one that carries something already needs
  // new ones only when it is in trouble. More than once before they end, for the line may be away.
  const [turn] = answer.iceServers;
  const renewing =
    turn && setInterval(() => restart((state) => state === 'new').catch(onError), turn.holdsSeconds * 333);

  return {
    send,
    receive,
    link() {
      const states = [send.connectionState, receive.connectionState];
      if (states.some((state) => state === 'disconnected' || state === 'failed' || state === 'closed')) return 'down';
      return states.includes('connecting') ? 'connecting' : 'up';
    },
    restartIce: () => restart((state) => state !== 'connected' && state !== 'new'),
    close() {
      clearInterval(renewing);
      send.close();
      receive.close();
    },
  };
}

// What the server sends about a transport is its media worker's own output, passed on as it is.
export function asOptions({ id, iceParameters, iceCandidates, dtlsParameters }: Out<'media:join'>['send']) {
  return {
    id,
    iceParameters: iceParameters as IceParameters,
    iceCandidates: iceCandidates as IceCandidate[],
    dtlsParameters: dtlsParameters as DtlsParameters,
  };
}
