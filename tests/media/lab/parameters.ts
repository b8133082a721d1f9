import type { In } from '@openvtm/protocol';

type Produce = In<'media:produce'>;

const extension = (id: number, uri: string) => ({ id, uri, encrypt: false, parameters: {} });
const mid = extension(4, 'urn:ietf:params:rtp-hdrext:sdes:mid');
const congestion = extension(3, 'http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01');

/** What Chromium sends to produce its camera; `ssrc` numbers nothing here because simulcast goes by rid. */
export const cameraParameters = (): Produce => ({
  source: 'camera',
  rtpParameters: {
    mid: '0',
    codecs: [
      {
        mimeType: 'video/VP8',
        payloadType: 96,
        clockRate: 90_000,
        parameters: {},
        rtcpFeedback: [{ type: 'nack' }, { type: 'nack', parameter: 'pli' }, { type: 'transport-cc' }],
      },
      { mimeType: 'video/rtx', payloadType: 97, clockRate: 90_000, parameters: { apt: 96 }, rtcpFeedback: [] },
    ],
    headerExtensions: [
      mid,
      extension(10, 'urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id'),
      extension(11, 'urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id'),
      congestion,
    ],
    encodings: [
      { rid: 'r0', active: true, scaleResolutionDownBy: 4, maxBitrate: 150_000, scalabilityMode: 'L1T3', dtx: false },
      { rid: 'r1', active: true, scaleResolutionDownBy: 2, maxBitrate: 500_000, scalabilityMode: 'L1T3', dtx: false },
      { rid: 'r2', active: true, scaleResolutionDownBy: 1, maxBitrate: 1_800_000, scalabilityMode: 'L1T3', dtx: false },
    ],
    rtcp: { cname: 'camera', reducedSize: true },
  },
});

/** What Chromium sends to produce a document camera beside its face camera: one layer. */
export const documentParameters = (): Produce => {
  const { rtpParameters } = cameraParameters();
  return {
    source: 'document',
    rtpParameters: {
      ...rtpParameters,
      mid: '2',
      headerExtensions: [mid, congestion],
      encodings: [
        {
          ssrc: 22_223_333,
          rtx: { ssrc: 22_223_334 },
          dtx: false,
          active: true,
          maxBitrate: 1_500_000,
          maxFramerate: 5,
          scaleResolutionDownBy: 2,
        },
      ],
      rtcp: { cname: 'document', reducedSize: true },
    },
  };
};

/** What Chromium sends to produce its microphone. */
export const microphoneParameters = (): Produce => ({
  source: 'microphone',
  rtpParameters: {
    mid: '1',
    codecs: [
      {
        mimeType: 'audio/opus',
        payloadType: 111,
        clockRate: 48_000,
        channels: 2,
        parameters: { minptime: 10, useinbandfec: 1, 'sprop-stereo': 0, usedtx: 0 },
        rtcpFeedback: [{ type: 'transport-cc' }, { type: 'nack' }],
      },
    ],
    headerExtensions: [mid, congestion, extension(1, 'urn:ietf:params:rtp-hdrext:ssrc-audio-level')],
    encodings: [{ ssrc: 11_112_222, dtx: false, priority: 'high', networkPriority: 'high' }],
    rtcp: { cname: 'microphone', reducedSize: true },
  },
});

/** A well-formed fingerprint that belongs to nobody. */
export const strangerDtls = (): In<'media:connect'>['dtlsParameters'] => ({
  role: 'client',
  fingerprints: [{ algorithm: 'sha-256', value: Array.from({ length: 32 }, () => 'AB').join(':') }],
});
