import type { NoticeData, Out } from '@openvtm/protocol';
import { createMedia, type Media, type MediaNotice } from '../../../server/src/modules/media/index.ts';
import { freePorts } from '../../ports.ts';
import { cameraParameters, microphoneParameters } from './parameters.ts';

export type Told = { peerId: string; name: MediaNotice; data: NoticeData<MediaNotice> };

/** The media module alone, on real workers, with everything that it tells kept. */
export async function bareMedia(options: { basePort?: number; workers?: number } = {}): Promise<{
  media: Media;
  told: Told[];
  /** Notices of this peer that announce a consumer. */
  consumersOf(peerId: string): NoticeData<'media:consumer'>[];
}> {
  const told: Told[] = [];
  const quiet = () => undefined;
  const { workers = 1, basePort = await freePorts(workers) } = options;
  const media = await createMedia({
    log: { info: quiet, warn: quiet, error: quiet },
    settings: {
      workers,
      listenIp: '127.0.0.1',
      announcedAddress: null,
      basePort,
      iceConsentTimeoutSeconds: 15,
      turn: null,
    },
    tell: (peerId, name, data) => void told.push({ peerId, name, data }),
    clock: Date.now,
  });
  return {
    media,
    told,
    consumersOf: (peerId) =>
      told.flatMap((one) =>
        one.peerId === peerId && one.name === 'media:consumer' ? [one.data as NoticeData<'media:consumer'>] : [],
      ),
  };
}

/** Joins as a client would: camera, microphone, and able to receive what the router can. */
export async function joinFully(media: Media, peerId: string): Promise<Out<'media:join'>> {
  const joined = await media.join(peerId);
  await media.produce(peerId, cameraParameters());
  await media.produce(peerId, microphoneParameters());
  await media.receive(peerId, { rtpCapabilities: joined.rtpCapabilities });
  return joined;
}
