import { z } from 'zod';
import { notice, request } from './define.ts';
import { ParticipantId } from './calls.ts';
import { CallId } from './ids.ts';

/**
 * What a track shows or carries. `screen`: a window that somebody of the staff shows to the customer; `document`: the
 * kiosk's document camera, while a page is to be taken in a call.
 */
export const Source = z.enum(['camera', 'microphone', 'screen', 'document']);
export type Source = z.infer<typeof Source>;
/** Which of a peer's two transports. */
export const Side = z.enum(['send', 'receive']);
export type Side = z.infer<typeof Side>;

const text = (max: number) => z.string().min(1).max(max);
const uint = (max: number) => z.number().int().min(0).max(max);

// Everything below is strict on purpose: one wrong value inside rtpParameters wedges a whole media worker, so nothing
// reaches it that is not named here with its range.
const CodecParameters = z.record(z.string().max(64), z.union([z.string().max(256), uint(0xffffffff)])).optional();
const RtcpFeedback = z.strictObject({ type: text(32), parameter: z.string().max(32).optional() });
const CodecCapability = z.strictObject({
  kind: z.enum(['audio', 'video']),
  mimeType: z.string().regex(/^(audio|video)\/[A-Za-z0-9_-]{1,40}$/),
  preferredPayloadType: uint(127).optional(),
  clockRate: uint(1_000_000),
  channels: uint(8).optional(),
  parameters: CodecParameters,
  rtcpFeedback: z.array(RtcpFeedback).max(16).optional(),
});
const HeaderExtensionCapability = z.strictObject({
  kind: z.enum(['audio', 'video']),
  uri: text(200),
  preferredId: z.number().int().min(1).max(255),
  preferredEncrypt: z.boolean().optional(),
  direction: z.enum(['sendrecv', 'sendonly', 'recvonly', 'inactive']).optional(),
});
export const RtpCapabilities = z.strictObject({
  codecs: z.array(CodecCapability).max(64).optional(),
  headerExtensions: z.array(HeaderExtensionCapability).max(64).optional(),
});
export type RtpCapabilities = z.infer<typeof RtpCapabilities>;

const Encoding = z.strictObject({
  ssrc: uint(0xffffffff).optional(),
  rid: z
    .string()
    .regex(/^[A-Za-z0-9]{1,16}$/)
    .optional(),
  codecPayloadType: uint(127).optional(),
  rtx: z.strictObject({ ssrc: uint(0xffffffff) }).optional(),
  dtx: z.boolean().optional(),
  active: z.boolean().optional(),
  scalabilityMode: z
    .string()
    .regex(/^[LS][1-3]T[1-3](h|_KEY)?$/)
    .optional(),
  scaleResolutionDownBy: z.number().int().min(1).max(16).optional(),
  maxBitrate: uint(20_000_000).optional(),
  maxFramerate: uint(120).optional(),
  networkPriority: z.enum(['very-low', 'low', 'medium', 'high']).optional(),
  priority: z.enum(['very-low', 'low', 'medium', 'high']).optional(),
  adaptivePtime: z.boolean().optional(),
});
export const RtpParameters = z.strictObject({
  mid: z.string().max(32).optional(),
  codecs: z
    .array(
      z.strictObject({
        mimeType: z.string().regex(/^(audio|video)\/[A-Za-z0-9_-]{1,40}$/),
        payloadType: uint(127),
        clockRate: uint(1_000_000),
        channels: uint(8).optional(),
        parameters: CodecParameters,
        rtcpFeedback: z.array(RtcpFeedback).max(16).optional(),
      }),
    )
    .min(1)
    .max(16),
  headerExtensions: z
    .array(
      z.strictObject({
        uri: text(200),
        id: z.number().int().min(1).max(255),
        encrypt: z.boolean().optional(),
        parameters: CodecParameters,
      }),
    )
    .max(32)
    .optional(),
  encodings: z.array(Encoding).min(1).max(4),
  rtcp: z
    .strictObject({
      cname: z.string().max(64).optional(),
      reducedSize: z.boolean().optional(),
      mux: z.boolean().optional(),
    })
    .optional(),
  msid: z.string().max(128).optional(),
});
export type RtpParameters = z.infer<typeof RtpParameters>;

export const DtlsParameters = z.strictObject({
  role: z.enum(['auto', 'client', 'server']).optional(),
  fingerprints: z
    .array(
      z.strictObject({
        algorithm: z.enum(['sha-1', 'sha-224', 'sha-256', 'sha-384', 'sha-512']),
        value: z.string().regex(/^([0-9A-F]{2}:){19,63}[0-9A-F]{2}$/i),
      }),
    )
    .min(1)
    .max(5),
});
export type DtlsParameters = z.infer<typeof DtlsParameters>;

// What the server sends about a transport comes from mediasoup itself and is only passed on.
const FromServer = z.custom<Record<string, unknown>>((v) => typeof v === 'object' && v !== null);
const TransportOptions = z.object({
  id: z.string(),
  iceParameters: FromServer,
  iceCandidates: z.array(FromServer),
  dtlsParameters: FromServer,
});
export type TransportOptions = z.infer<typeof TransportOptions>;

/**
 * A TURN server (RFC 8656) for networks that let nothing else through. Nothing new is begun with its credentials when
 * `holdsSeconds` are over; what goes through it by then goes on.
 */
const IceServer = z.object({
  urls: z.array(z.string()),
  username: z.string(),
  credential: z.string(),
  holdsSeconds: z.number().int().positive(),
});
export type IceServer = z.infer<typeof IceServer>;

const media = { from: ['kiosk', 'agent', 'branch-staff', 'supervisor'], stage: 'ready', changes: false } as const;

export const mediaRequests = {
  /** Makes this line's peer anew (an older one is closed) with both transports, on a worker that suits its call. */
  'media:join': request({
    ...media,
    in: z.object({}),
    out: z.object({
      rtpCapabilities: FromServer,
      send: TransportOptions,
      receive: TransportOptions,
      /** Empty where none is configured. */
      iceServers: z.array(IceServer),
    }),
  }),
  'media:connect': request({
    ...media,
    in: z.object({ side: Side, dtlsParameters: DtlsParameters }),
    out: z.object({}),
  }),
  /**
   * One producer a source; a second `produce` of the same source replaces the first. `screen` only from staff in a running
   * call; `document` only from a kiosk in one that is not on hold, while a document is asked for with another camera than
   * the face's; `not-allowed` otherwise.
   */
  'media:produce': request({
    ...media,
    in: z.object({ source: Source, rtpParameters: RtpParameters }),
    out: z.object({ producerId: z.string() }),
  }),
  /** The device's camera or microphone is gone: closes its producer. */
  'media:unproduce': request({ ...media, in: z.object({ source: Source }), out: z.object({}) }),
  /** Says what the client can decode; from now on `media:consumer` notices come. */
  'media:receive': request({ ...media, in: z.object({ rtpCapabilities: RtpCapabilities }), out: z.object({}) }),
  /** The client has its side of the consumer ready; frames may flow. */
  'media:resume': request({ ...media, in: z.object({ consumerId: z.uuid() }), out: z.object({}) }),
  /**
   * How many lines of a picture the tile that shows it has: the simulcast layer that comes follows it. 0: it is hidden.
   * `not-found` where nothing of the kind comes.
   */
  'media:fit': request({ ...media, in: z.object({ consumerId: z.uuid(), lines: uint(8_640) }), out: z.object({}) }),
  /** false: this line is too short for pictures. None come until it says otherwise; speech goes on. */
  'media:pictures': request({ ...media, in: z.object({ on: z.boolean() }), out: z.object({}) }),
  /** New credentials for ICE, and for the TURN server too: a kiosk that runs for weeks outlives those that it joined with. */
  'media:restart-ice': request({
    ...media,
    in: z.object({ side: Side }),
    out: z.object({ iceParameters: FromServer, iceServers: z.array(IceServer) }),
  }),
};

export const mediaNotices = {
  'media:consumer': notice({
    to: ['kiosk', 'agent', 'branch-staff', 'supervisor'],
    data: z.object({
      callId: CallId,
      /** Whose track it is. */
      participant: ParticipantId,
      consumerId: z.string(),
      producerId: z.string(),
      source: Source,
      kind: z.enum(['audio', 'video']),
      rtpParameters: FromServer,
    }),
  }),
  /** Somebody in the call has a line too short for pictures, or has pictures again: they are heard, and hear, all the same. */
  'media:speech-only': notice({
    to: ['kiosk', 'agent', 'branch-staff', 'supervisor'],
    data: z.object({ callId: CallId, participant: ParticipantId, on: z.boolean() }),
  }),
  /** Whether anybody wants this line's camera at its full size: its highest layer need not be encoded for nobody. */
  'media:layers': notice({
    to: ['kiosk', 'agent', 'branch-staff', 'supervisor'],
    data: z.object({ full: z.boolean() }),
  }),
  'media:consumer-closed': notice({
    to: ['kiosk', 'agent', 'branch-staff', 'supervisor'],
    data: z.object({ consumerId: z.string() }),
  }),
  /**
   * The call that rang runs: both sides may be seen and heard from here on. Sent at the commit, ahead of `call:changed`,
   * which carries what to draw and has to be read from the database first.
   */
  'media:live': notice({ to: ['kiosk', 'agent'], data: z.object({ callId: CallId }) }),
  /** This line's peer is gone on the server (its worker died, hung, or the call moved): join again. */
  'media:lost': notice({
    to: ['kiosk', 'agent', 'branch-staff', 'supervisor'],
    data: z.object({ reason: z.enum(['worker', 'moved']) }),
  }),
};
