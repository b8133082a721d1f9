import { Device } from 'mediasoup-client';
import type { IceCandidate } from 'mediasoup-client/types';
import { BANDWIDTH_BYTES, type RtpParameters } from '@openvtm/protocol';
import { asOptions } from './peering.ts';
import { failed, good, none, poor, type Found } from './self-test-found.ts';
import type { Line } from './line.ts';

const CONNECT_MS = 8_000;
/** A round trip over which people begin to talk at the same time (ITU-T G.114 has 150 ms one way). */
const FAR_MS = 300;
/** Mbit/s each way that a call in 720p takes with some room; below the lesser one it freezes. */
const ENOUGH_MBIT = 3;
const LEAST_MBIT = 1;
/** A clock further off than this spoils times in documents, and beyond the other one signing in. */
const CLOCK_POOR_MS = 5_000;
const CLOCK_FAILED_MS = 60_000;

/** Connects to the media server by one way alone, and tells the round trip. */
export async function tryReach(line: Line, way: 'udp' | 'tcp' | 'turn'): Promise<Found> {
  const answer = await line.request('media:join', {});
  if (way === 'turn' && answer.iceServers.length === 0) return none;
  const device = new Device();
  await device.load({ routerRtpCapabilities: answer.rtpCapabilities });
  const options = asOptions(answer.send);
  const candidates = options.iceCandidates.filter(({ protocol }: IceCandidate) => way === 'turn' || protocol === way);
  const audio = new AudioContext();
  const transport = device.createSendTransport({
    ...options,
    iceCandidates: candidates,
    ...(way === 'turn' ? { iceServers: answer.iceServers, iceTransportPolicy: 'relay' as const } : {}),
  });
  try {
    transport.on('connect', ({ dtlsParameters }, done, wrong) => {
      line.request('media:connect', { side: 'send', dtlsParameters }).then(() => done(), wrong);
    });
    transport.on('produce', ({ rtpParameters }, done, wrong) => {
      line
        .request('media:produce', { source: 'microphone', rtpParameters: rtpParameters as RtpParameters })
        .then(({ producerId }) => done({ id: producerId }), wrong);
    });
    const connected = new Promise<boolean>((resolve) => {
      const timer = setTimeout(() => resolve(false), CONNECT_MS);
      transport.on('connectionstatechange', (state) => {
        if (state !== 'connected' && state !== 'failed') return;
        clearTimeout(timer);
        resolve(state === 'connected');
      });
    });
    // Silence of our own making: the way is tried, nobody is heard.
    const [track] = audio.createMediaStreamDestination().stream.getAudioTracks();
    void transport.produce({ ...(track ? { track } : {}) }).catch(() => undefined);
    if (!(await connected)) return failed('no-connection');
    const ms = await roundTrip(await transport.getStats());
    return ms > FAR_MS ? poor('slow', ms) : good(ms);
  } finally {
    transport.close();
    await audio.close();
    await line.request('media:unproduce', { source: 'microphone' }).catch(() => undefined);
  }
}

async function roundTrip(stats: RTCStatsReport): Promise<number> {
  const pair = [...stats.values()].find(({ type, nominated }) => type === 'candidate-pair' && nominated);
  return Math.round(Number(pair?.currentRoundTripTime ?? 0) * 1_000);
}

/** Bytes both ways over HTTP, and how far the device's clock is from the server's. */
export async function tryServer(token: () => Promise<string>): Promise<{ bandwidth: Found; clock: Found }> {
  const headers = { authorization: `Bearer ${await token()}` };
  const signal = AbortSignal.timeout(30_000);
  const mbit = (ms: number) => (BANDWIDTH_BYTES * 8) / 1_000 / Math.max(ms, 1);
  try {
    const asked = Date.now();
    const answer = await fetch('/api/self-tests/clock', { headers, signal });
    const halfway = (asked + Date.now()) / 2;
    if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
    const ahead = Math.round(halfway - Number(answer.headers.get('x-openvtm-now')));

    const downFrom = performance.now();
    await (await fetch('/api/self-tests/bytes', { headers, signal })).arrayBuffer();
    const down = mbit(performance.now() - downFrom);
    const upFrom = performance.now();
    const body = new Uint8Array(BANDWIDTH_BYTES);
    for (let at = 0; at < body.length; at += 65_536) crypto.getRandomValues(body.subarray(at, at + 65_536));
    await fetch('/api/self-tests/bytes', { method: 'PUT', headers, signal, body });
    const slower = Math.round(Math.min(down, mbit(performance.now() - upFrom)) * 10) / 10;
    return { bandwidth: bandwidthOf(slower), clock: clockOf(ahead) };
  } catch {
    return { bandwidth: failed('no-connection'), clock: failed('no-connection') };
  }
}

export const bandwidthOf = (mbit: number): Found =>
  mbit >= ENOUGH_MBIT ? good(mbit) : mbit >= LEAST_MBIT ? poor('slow', mbit) : failed('slow', mbit);
export const clockOf = (aheadMs: number): Found => {
  const off = Math.abs(aheadMs);
  if (off > CLOCK_FAILED_MS) return failed('far-off', aheadMs);
  return off > CLOCK_POOR_MS ? poor('far-off', aheadMs) : good(aheadMs);
};
