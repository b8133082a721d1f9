import { randomUUID } from 'node:crypto';
import { requests } from '@openvtm/protocol';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { ProtocolError, Refusal } from '../../server/src/kernel/errors.ts';
import { seededRandom } from '../faults/relay/impairment.ts';
import { pair } from './lab/members.ts';
import { bareMedia, joinFully } from './lab/bare-media.ts';
import { cameraParameters, microphoneParameters, strangerDtls } from './lab/parameters.ts';

const MUTATIONS = 1_500;
const [anna, bob] = ['kiosk:anna', 'staff:bob'] as const;
let stage: Awaited<ReturnType<typeof bareMedia>>;
let rtpCapabilities: Record<string, unknown>;

beforeAll(async () => {
  stage = await bareMedia();
  ({ rtpCapabilities } = await stage.media.join(anna));
});
afterAll(() => stage.media.close());

const hostile = [
  null, undefined, true, -1, 0, 1, 1.5, 127, 128, 255, 65_536, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 53, Number.NaN, Infinity,
  '', '0', '__proto__', 'x'.repeat(300), '\u0000', '../../etc/passwd', 'video/VP9', 'audio/opus', 'L3T3_KEY', [], {}, [[]], [null],
]; // prettier-ignore

const strangeKeys = ['', '0', '__proto__', 'constructor', 'toString', 'id', 'x'.repeat(300)];

type Random = () => number;
const pick = <T>(from: readonly T[], random: Random): T | undefined => from[Math.floor(random() * from.length)];

/** A copy with one to three places changed: another value, a missing or an extra key, a doubled or emptied list. */
function mutate(value: unknown, random: Random): unknown {
  const root: { it: unknown } = { it: structuredClone(value) };
  for (let times = 1 + Math.floor(random() * 3); times > 0; times -= 1) {
    const places: [Record<string, unknown>, string][] = [];
    const walk = (node: Record<string, unknown>) => {
      for (const [key, child] of Object.entries(node)) {
        places.push([node, key]);
        if (typeof child === 'object' && child !== null) walk(child as Record<string, unknown>);
      }
    };
    walk(root);
    const place = pick(places, random);
    if (place === undefined) continue;
    const [node, key] = place;
    const way = random();
    const child = node[key];
    if (way < 0.6) node[key] = structuredClone(pick(hostile, random));
    else if (way < 0.7) delete node[key];
    else if (way < 0.8 && Array.isArray(child)) node[key] = [...child, ...child];
    else if (typeof child === 'object' && child !== null)
      (child as Record<string, unknown>)[pick(strangeKeys, random) ?? ''] = 1;
  }
  return root.it;
}

/** As the edge does it: the schema first, the module only with what passed. Returns whether it reached the module. */
async function send(name: 'media:produce' | 'media:receive' | 'media:connect', data: unknown): Promise<boolean> {
  const { media } = stage;
  const passed = requests[name].in.safeParse(data);
  if (!passed.success) return false;
  try {
    if (name === 'media:produce') await media.produce(anna, requests[name].in.parse(data));
    else if (name === 'media:receive') await media.receive(anna, requests[name].in.parse(data));
    else await media.connect(anna, requests[name].in.parse(data));
  } catch (error) {
    if (!(error instanceof Refusal || error instanceof ProtocolError)) throw error;
  }
  return true;
}

test(`${MUTATIONS} mutated parameters leave the worker as it was`, async () => {
  const { media } = stage;
  const [pid] = media.workerPids();
  const random = seededRandom(20_261_122);
  const callId = randomUUID();
  await joinFully(media, bob);
  media.startCall(callId, pair(anna, bob));
  let reached = 0;
  for (let i = 0; i < MUTATIONS; i += 1) {
    const kind = i % 4;
    const connects = kind === 3;
    if (connects || i % 50 === 0) await media.join(anna);
    const done =
      kind === 0
        ? send('media:produce', mutate(cameraParameters(), random))
        : kind === 1
          ? send('media:produce', mutate(microphoneParameters(), random))
          : kind === 2
            ? send('media:receive', mutate({ rtpCapabilities }, random))
            : send('media:connect', mutate({ side: 'send', dtlsParameters: strangerDtls() }, random));
    reached += Number(await done);
  }
  // Otherwise this would test the schema alone.
  expect(reached).toBeGreaterThan(MUTATIONS / 10);
  expect(media.workerPids()).toEqual([pid]);
  await joinFully(media, anna);
  await vi.waitFor(async () =>
    expect(await media.count()).toEqual({ workers: 1, transports: 4, producers: 4, consumers: 4 }),
  );
  media.endCall(callId);
});

test('the values known to wedge a worker do not pass the schema', () => {
  for (const maxBitrate of [null, '1', 1.5, -1, Number.NaN]) {
    const data = cameraParameters();
    const encodings = data.rtpParameters.encodings.map((encoding) => ({ ...encoding, maxBitrate }));
    const changed = { ...data, rtpParameters: { ...data.rtpParameters, encodings } };
    expect(requests['media:produce'].in.safeParse(changed).success).toBe(false);
  }
});

test('a wedge that is put in behind the schema is found, and the worker replaced within 8 s', async () => {
  const { media, told } = stage;
  const [pid] = media.workerPids();
  await media.join(anna);
  const data = cameraParameters();
  for (const encoding of data.rtpParameters.encodings) encoding.maxBitrate = 1.5;
  const begun = performance.now();
  await expect(media.produce(anna, data)).rejects.toMatchObject({ code: 'bad-request' });
  await vi.waitFor(
    () => {
      expect(media.workerPids()).toHaveLength(1);
      expect(media.workerPids()).not.toEqual([pid]);
    },
    { timeout: 8_000, interval: 50 },
  );
  expect(performance.now() - begun).toBeLessThan(8_000);
  expect(told).toContainEqual({ peerId: anna, name: 'media:lost', data: { reason: 'worker' } });
  await joinFully(media, anna);
});
