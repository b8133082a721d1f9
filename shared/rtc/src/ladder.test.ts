import { expect, test } from 'vitest';
import { bottomRung, climb, flows } from './ladder.ts';
import type { Ladder, LadderEvent } from './ladder.ts';

/** Plays events at given seconds, calling `tick` when a step asked for it, and returns what was done when. */
function play(events: [second: number, event: LadderEvent][], untilSecond: number, start: Ladder = bottomRung(true)) {
  const done: string[] = [];
  const queue = events.map(([second, event]) => ({ at: second * 1000, event }));
  let ladder = start;
  let wakeAt: number | null = null;
  for (;;) {
    const next = queue[0];
    const tickFirst: boolean = wakeAt !== null && (next === undefined || wakeAt < next.at);
    const at: number = tickFirst ? (wakeAt ?? 0) : (next?.at ?? Infinity);
    if (at > untilSecond * 1000) return { done, ladder };
    const step = climb(ladder, tickFirst || next === undefined ? { kind: 'tick' } : next.event, at);
    if (!tickFirst) queue.shift();
    ({ ladder, wakeAt } = step);
    if (step.action !== 'none') done.push(`${at / 1000} ${step.action}`);
  }
}
const link = (to: 'up' | 'connecting' | 'down'): LadderEvent => ({ kind: 'link', link: to });
const line = (live: boolean): LadderEvent => ({ kind: 'line', live });
const joinedAndUp: [number, LadderEvent][] = [
  [0, { kind: 'joined' }],
  [0, link('up')],
];

test('a link that is down for 2 s gets an ICE restart, another after 3 s, then new transports', () => {
  expect(play([...joinedAndUp, [10, link('down')]], 30).done).toEqual(['12 restart-ice', '15 restart-ice', '18 join']);
});

test('a link that comes back by itself within a second is left alone', () => {
  expect(play([...joinedAndUp, [10, link('down')], [10.9, link('up')]], 60).done).toEqual([]);
});

test('passing through connecting neither stops nor restarts the count', () => {
  const events: [number, LadderEvent][] = [
    ...joinedAndUp,
    [10, link('down')],
    [12.5, link('connecting')],
    [14, link('down')],
  ];
  expect(play(events, 30).done).toEqual(['12 restart-ice', '15 restart-ice', '18 join']);
});

test('a link that was down for a second or more gets new transports as soon as it is up', () => {
  const events: [number, LadderEvent][] = [
    ...joinedAndUp,
    [10, link('down')],
    [13, link('up')],
    [13, { kind: 'joined' }],
    [13.2, link('up')],
    [20, link('down')],
  ];
  expect(play(events, 23).done).toEqual(['12 restart-ice', '13 join', '22 restart-ice']);
});

test('a link that was down while the line was lost gets new transports when the line is back', () => {
  const events: [number, LadderEvent][] = [
    ...joinedAndUp,
    [9, line(false)],
    [10, link('down')],
    [15, link('up')],
    [16, line(true)],
  ];
  expect(play(events, 60).done).toEqual(['16 join']);
});

test('media flows while a second transport connects, not after a cut and not before the first is up', () => {
  expect(flows(play([[0, { kind: 'joined' }]], 1).ladder)).toBe(false);
  expect(flows(play([...joinedAndUp, [1, link('connecting')]], 2).ladder)).toBe(true);
  expect(flows(play([...joinedAndUp, [1, link('down')], [2, link('connecting')]], 2.5).ladder)).toBe(false);
});

test('nothing is tried while the line is lost; when it is back with the link down, new transports at once', () => {
  const events: [number, LadderEvent][] = [...joinedAndUp, [9, line(false)], [10, link('down')], [40, line(true)]];
  expect(play(events, 60).done).toEqual(['40 join']);
});

test('when the line is back and the link was never down, the server is asked whether it still knows us', () => {
  expect(play([...joinedAndUp, [9, line(false)], [14, line(true)]], 60).done).toEqual(['14 confirm']);
});

test('a peer that the server has lost joins at once, also while it is joining', () => {
  const lost: LadderEvent = { kind: 'forgotten' };
  expect(play([...joinedAndUp, [5, lost], [5.1, lost]], 60).done).toEqual(['5 join', '5.1 join']);
});

test('joins that fail are tried again with growing pauses', () => {
  const failed: LadderEvent = { kind: 'join-failed' };
  const events: [number, LadderEvent][] = [
    [0, failed],
    [1, failed],
    [3, failed],
    [6, failed],
    [12, failed],
  ];
  const { done, ladder } = play(events, 16.9);
  expect(done).toEqual(['0.5 join', '2 join', '5 join', '10 join']);
  expect(ladder.failures).toBe(5);
});

test('transports that do not connect in 8 s are made anew, and a link that comes up forgets all failures', () => {
  const events: [number, LadderEvent][] = [
    [0, { kind: 'joined' }],
    [0, link('connecting')],
    [8.1, { kind: 'joined' }],
    [8.5, link('up')],
  ];
  const { done, ladder } = play(events, 60);
  expect(done).toEqual(['8 join']);
  expect(ladder.failures).toBe(0);
});
