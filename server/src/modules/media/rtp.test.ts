import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readRtp } from './rtp.ts';

const header = (first: number) => Buffer.from([first, 0x6f, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3]);
const OPUS = Buffer.from([0xfc, 1, 2, 3]);

test('a plain packet is its payload, and says nothing of how loud it is', () => {
  const packet = Buffer.concat([header(0x80), OPUS]);
  expect(readRtp(packet, { levelId: 10 })).toEqual({ payload: OPUS, level: -127 });
});

test('the level is read from among other extensions, without the bit that says it is speech', () => {
  const extensions = Buffer.from([0xbe, 0xde, 0, 2, 0x31, 7, 8, 0, 0xa0, 0x80 | 23, 0, 0]);
  const packet = Buffer.concat([header(0x90), extensions, OPUS]);
  expect(readRtp(packet, { levelId: 10 })).toEqual({ payload: OPUS, level: -23 });
  expect(readRtp(packet, { levelId: 4 })?.level).toBe(-127);
  expect(readRtp(packet, { levelId: null })?.level).toBe(-127);
});

test('further sources and padding are no payload', () => {
  const packet = Buffer.concat([header(0x80 | 0x20 | 1), Buffer.from([9, 9, 9, 9]), OPUS, Buffer.from([0, 2])]);
  expect(readRtp(packet, { levelId: 10 })?.payload).toEqual(OPUS);
});

test('what is no packet, or cut, is none, and nothing at all breaks it', () => {
  expect(readRtp(Buffer.alloc(4), { levelId: 10 })).toBeNull();
  expect(readRtp(Buffer.concat([header(0x90), Buffer.from([0xbe, 0xde, 0, 9])]), { levelId: 10 })).toBeNull();
  expect(readRtp(header(0x80), { levelId: 10 })).toBeNull();
  const never = fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
    readRtp(Buffer.from([0x90, ...bytes]), { levelId: 3 });
  });
  fc.assert(never, { numRuns: 500 });
});
