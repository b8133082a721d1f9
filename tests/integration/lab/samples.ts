import { randomUUID } from 'node:crypto';
import { requests, type RequestName } from '@openvtm/protocol';
import { LOST_CARD } from './stories.ts';

const RTP = {
  codecs: [{ mimeType: 'audio/opus', payloadType: 100, clockRate: 48_000, channels: 2 }],
  encodings: [{ ssrc: 1111 }],
};
const FINGERPRINT = { algorithm: 'sha-256', value: Array.from({ length: 32 }, () => 'AB').join(':') };

/** One right message for each request, with ids of nothing: it passes every schema and finds nothing to act on. */
export const SAMPLES: Record<RequestName, () => Record<string, unknown>> = {
  'line:resync': () => ({}),
  'case:start': () => ({ serviceId: LOST_CARD, language: 'zh-CN', print: 'normal' }),
  'case:present': () => ({ caseId: randomUUID(), language: 'en', print: 'large' }),
  'case:consent': () => ({ caseId: randomUUID(), version: '2026-11' }),
  'case:fill': () => ({ caseId: randomUUID(), name: 'fullName', value: 'Zhang' }),
  'case:abandon': () => ({ caseId: randomUUID(), reason: 'cancelled' }),
  'case:tick': () => ({ caseId: randomUUID(), step: 'identify', done: true }),
  'case:reveal': () => ({ caseId: randomUUID(), name: 'idNumber', reason: 'verify-identity' }),
  'case:propose': () => ({ caseId: randomUUID(), summary: 'as said' }),
  'case:confirm': () => ({ caseId: randomUUID(), agreed: true }),
  'case:rate': () => ({ caseId: randomUUID(), stars: 5 }),
  'queue:join': () => ({ caseId: randomUUID() }),
  'queue:leave': () => ({ caseId: randomUUID() }),
  'queue:ready': () => ({}),
  'queue:break': () => ({ reason: 'meal' }),
  'queue:sign-off': () => ({}),
  'queue:decline': () => ({ offerId: randomUUID(), reason: 'wrong-skill' }),
  'queue:wrap-up': () => ({ callId: randomUUID(), outcome: 'complete', note: '', then: 'ready' }),
  'call:accept': () => ({ offerId: randomUUID() }),
  'call:end': () => ({ callId: randomUUID() }),
  'document:ask': () => ({ caseId: randomUUID(), kind: 'passport', camera: 'document' }),
  'document:withdraw': () => ({ documentId: randomUUID() }),
  'document:not-at-hand': () => ({ documentId: randomUUID() }),
  'document:accept': () => ({ documentId: randomUUID() }),
  'document:return': () => ({ documentId: randomUUID(), reason: 'glare', note: '' }),
  'help:call': () => ({}),
  'help:cancel': () => ({ helpId: randomUUID() }),
  'help:answer': () => ({ helpId: randomUUID() }),
  'help:close': () => ({ helpId: randomUUID() }),
  'media:join': () => ({}),
  'media:connect': () => ({ side: 'send', dtlsParameters: { role: 'client', fingerprints: [{ ...FINGERPRINT }] } }),
  'media:produce': () => ({ source: 'microphone', rtpParameters: structuredClone(RTP) }),
  'media:unproduce': () => ({ source: 'camera' }),
  'media:receive': () => ({ rtpCapabilities: { codecs: [], headerExtensions: [] } }),
  'media:resume': () => ({ consumerId: randomUUID() }),
  'media:restart-ice': () => ({ side: 'receive' }),
};

export const REQUEST_NAMES = Object.keys(requests) as RequestName[];
