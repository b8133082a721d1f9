import type { DeviceSource } from './sending.ts';
import type { Device } from 'mediasoup-client';
import type { Producer, ProducerOptions } from 'mediasoup-client/types';
import type { Curtain } from './curtain.ts';
import type { LastFrame } from './last-frame.ts';

type SizeData = { fullSize: boolean };
export type CameraProducer = Producer<SizeData>;

/**
 * How a source is sent. A camera of 720 lines gives three simulcast layers (180, 360, 720 lines); Chromium encodes at
 * most two of a smaller one. Speech goes first on a short link.
 */
export function producerOptions(
  source: DeviceSource,
  track: MediaStreamTrack,
  { device, height, fullSize }: { device: Device; height: number; fullSize: boolean },
): ProducerOptions<SizeData> {
  const kept = { track, stopTracks: false, disableTrackOnPause: false, appData: { fullSize } };
  if (source === 'microphone') {
    return {
      ...kept,
      encodings: [{ priority: 'high', networkPriority: 'high' }],
      codecOptions: { opusStereo: false, opusFec: true, opusDtx: false, opusNack: true },
    };
  }
  // Off from its very first packet: the forwarder would take a layer that it has seen for one that it can wait for.
  const full = { scaleResolutionDownBy: 1, maxBitrate: 1_800_000, active: fullSize };
  const half = { scaleResolutionDownBy: 2, maxBitrate: 500_000 };
  const quarter = { scaleResolutionDownBy: 4, maxBitrate: 150_000 };
  const vp8 = device.sendRtpCapabilities.codecs?.find((codec) => codec.mimeType.toLowerCase() === 'video/vp8');
  return {
    ...kept,
    encodings: height >= 720 ? [quarter, half, full] : [half, full],
    // Enough for all layers within 3 s, on a call's first joining and on every later one.
    codecOptions: { videoGoogleStartBitrate: 2_000 },
    ...(vp8 === undefined ? {} : { codec: vp8 }),
  };
}

/**
 * Lets the camera out from behind the placeholder, first frame first, and waits for nothing before that frame is out.
 * Measured, each without the others: the first frame as a key frame, which is capped in size where a change of scene is
 * not, saves 30 to 60 ms of pacing; sending it over the placeholder's track saves two answers of the browser's media
 * threads, 20 to 80 ms on a busy machine; the camera's newest frame instead of its next one saves 15 ms; leaving the
 * highest layer out saves 30 ms of encoding.
 */
export async function liftCurtain(
  producer: Producer,
  camera: MediaStreamTrack,
  { curtain, lastFrame }: { curtain: Curtain | null; lastFrame: LastFrame },
): Promise<void> {
  const asked = requestKeyFrame(producer);
  const frame = await lastFrame.take();
  if (frame) await curtain?.show(frame);
  await asked;
  await producer.replaceTrack({ track: camera });
}

/** Sends the highest simulcast layer, or all but it. */
export async function sendFullSize(producer: CameraProducer, fullSize: boolean): Promise<void> {
  if (producer.appData.fullSize === fullSize) return;
  producer.appData.fullSize = fullSize;
  const top = (producer.rtpParameters.encodings?.length ?? 1) - 1;
  await producer.setMaxSpatialLayer(fullSize ? top : Math.max(0, top - 1));
}

type KeyFrameSender = {
  setParameters(parameters: RTCRtpSendParameters, options: { encodingOptions: { keyFrame: boolean }[] }): Promise<void>;
};

async function requestKeyFrame(producer: Producer): Promise<void> {
  const sender = producer.rtpSender;
  if (sender === undefined) return;
  const parameters = sender.getParameters();
  const encodingOptions = parameters.encodings.map(() => ({ keyFrame: true }));
  // A browser that does not know the second argument ignores it; what is lost is some speed.
  await (sender as KeyFrameSender).setParameters(parameters, { encodingOptions }).catch(() => undefined);
}
