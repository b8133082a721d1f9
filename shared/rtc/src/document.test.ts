import type { Transport } from 'mediasoup-client/types';
import { expect, test, vi } from 'vitest';
import { createDocumentSending, scaleFor } from './document.ts';
import { createFakeLine } from './fakes.ts';

/** As much of a track and of a transport as is looked at. */
function fakeTrack(height = 1_944): MediaStreamTrack & { copies: MediaStreamTrack[] } {
  const copies: MediaStreamTrack[] = [];
  const track = {
    copies,
    contentHint: '',
    readyState: 'live',
    getSettings: () => ({ height }),
    stop: () => (track.readyState = 'ended'),
    clone: () => {
      const copy = fakeTrack(height);
      copies.push(copy);
      return copy;
    },
  };
  return track as unknown as MediaStreamTrack & { copies: MediaStreamTrack[] };
}
type Made = { track: MediaStreamTrack | null; encodings: unknown; closed: boolean };
function fakeTransport() {
  const made: Made[] = [];
  const transport = {
    closed: false,
    async produce({ track, encodings }: { track: MediaStreamTrack; encodings: unknown }) {
      const producer = {
        track: track as MediaStreamTrack | null,
        encodings,
        closed: false,
        async replaceTrack(next: { track: MediaStreamTrack | null }) {
          producer.track = next.track;
        },
        close: () => (producer.closed = true),
      };
      made.push(producer);
      return producer;
    },
  };
  return { transport: transport as unknown as Transport, made };
}
async function someSending() {
  const line = createFakeLine();
  line.answer('media:unproduce', () => ({}));
  const wrongs: unknown[] = [];
  const sending = createDocumentSending({ line, onChange: () => undefined, onError: (error) => wrongs.push(error) });
  const { transport, made } = fakeTransport();
  await sending.use(transport);
  return { line, sending, made, transport, wrongs };
}

test('a picture of more lines than can be read is made smaller, one of fewer never larger', () => {
  expect([480, 1_080, 1_200, 1_944].map(scaleFor)).toEqual([1, 1, 1_200 / 1_080, 1.8]);
});

test('a copy is sent, in one layer of few frames, and the camera itself is left alone', async () => {
  const { sending, made, wrongs } = await someSending();
  const camera = fakeTrack();
  sending.show(camera);
  await vi.waitFor(() => expect(sending.sent).toBe(true));
  expect(made).toHaveLength(1);
  expect(made[0]?.track).toBe(camera.copies[0]);
  expect(camera.copies[0]?.contentHint).toBe('detail');
  expect(made[0]?.encodings).toEqual([{ maxBitrate: 1_500_000, maxFramerate: 5, scaleResolutionDownBy: 2 }]);
  sending.show(null);
  await vi.waitFor(() => expect(sending.sent).toBe(false));
  expect([camera.readyState, camera.copies[0]?.readyState, made[0]?.closed]).toEqual(['live', 'ended', true]);
  expect(wrongs).toEqual([]);
});

test('for a still nothing is encoded and no copy holds the camera, and the same stream goes on after it', async () => {
  const { line, sending, made } = await someSending();
  const camera = fakeTrack();
  sending.show(camera);
  await vi.waitFor(() => expect(sending.sent).toBe(true));
  sending.show('still');
  await vi.waitFor(() => expect(made[0]?.track).toBeNull());
  expect(camera.copies[0]?.readyState).toBe('ended');
  expect(sending.sent).toBe(true);
  sending.show(camera);
  await vi.waitFor(() => expect(made[0]?.track).toBe(camera.copies[1]));
  expect(made).toHaveLength(1);
  expect(line.asked).toEqual([]);
  sending.show(null);
  await vi.waitFor(() => expect(line.asked).toEqual([{ name: 'media:unproduce', data: { source: 'document' } }]));
});

test('over new transports it is sent anew, and over none nothing is', async () => {
  const { sending, made } = await someSending();
  sending.show(fakeTrack());
  await vi.waitFor(() => expect(made).toHaveLength(1));
  await sending.use(null);
  expect(sending.sent).toBe(false);
  const next = fakeTransport();
  await sending.use(next.transport);
  expect([sending.sent, next.made.length, made.length]).toEqual([true, 1, 1]);
  sending.close();
  expect(sending.sent).toBe(false);
});

test('what the server refuses is told, and the next page is tried again', async () => {
  const { sending, transport, made, wrongs } = await someSending();
  const { produce } = transport;
  transport.produce = async () => {
    throw new Error('refused');
  };
  sending.show(fakeTrack());
  await vi.waitFor(() => expect(wrongs).toHaveLength(1));
  expect(sending.sent).toBe(false);
  transport.produce = produce;
  sending.show(fakeTrack());
  await vi.waitFor(() => expect(sending.sent).toBe(true));
  expect(made).toHaveLength(1);
});
