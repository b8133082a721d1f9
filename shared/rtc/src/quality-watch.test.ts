import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Link } from './ladder.ts';
import type { Peering } from './peering.ts';
import { watchQuality } from './quality-watch.ts';
import type { Receiving } from './receiving.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A link whose statistics are played: every second brings packets, of which a share is missing. */
function playedLink() {
  const packets = { received: 0, lost: 0 };
  let link: Link = 'up';
  const made = (): Peering => {
    const receive = { getStats: async () => [{ type: 'inbound-rtp', kind: 'video', ...counted() }] };
    return { send: { getStats: async () => [] }, receive, link: () => link } as unknown as Peering;
  };
  const counted = () => ({ packetsReceived: packets.received, packetsLost: packets.lost });
  let peering = made();
  const allowed: boolean[] = [];
  const watch = watchQuality({
    peering: () => peering,
    receiving: { hold: () => undefined } as unknown as Receiving,
    onPictures: (on) => allowed.push(on),
    onChange: () => undefined,
  });
  return {
    allowed,
    watch,
    join: () => void (peering = made()),
    async pass(seconds: number, { lost = 0, at = 'up' }: { lost?: number; at?: Link }) {
      link = at;
      for (let second = 0; second < seconds; second += 1) {
        packets.lost += lost;
        packets.received += at === 'down' ? 0 : 100 - lost;
        await vi.advanceTimersByTimeAsync(1_000);
      }
    },
  };
}

test('a link that loses too much for long goes on with speech alone', async () => {
  const { allowed, watch, pass } = playedLink();
  await pass(3, {});
  await pass(12, { lost: 40 });
  expect(allowed).toEqual([false]);
  watch.close();
});

test('a cut of fifteen seconds with a bad reading before and after it takes no picture away', async () => {
  const { allowed, watch, pass } = playedLink();
  await pass(3, {});
  await pass(2, { lost: 70 });
  await pass(15, { at: 'down' });
  await pass(1, { lost: 90 });
  await pass(10, {});
  expect(allowed).toEqual([]);
  watch.close();
});

test('what was bad before the link was made anew does not count for the new one', async () => {
  const { allowed, watch, join, pass } = playedLink();
  await pass(3, {});
  await pass(5, { lost: 40 });
  join();
  await pass(6, { lost: 40 });
  expect(allowed).toEqual([]);
  await pass(6, { lost: 40 });
  expect(allowed).toEqual([false]);
  watch.close();
});
