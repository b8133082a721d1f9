import { expect, test } from 'vitest';
import { silent, speechAfter, type Speech } from './speech.ts';

/** What is said of so many packets, each so loud. */
function said(levels: number[]) {
  let speech: Speech = silent;
  return levels.flatMap((level) => {
    const next = speechAfter(speech, { level, language: 'en' });
    speech = next.speech;
    return next.words ?? [];
  });
}
const packets = (ms: number, level: number) => Array.from({ length: ms / 20 }, () => level);

test('says nothing of silence, however long', () => {
  expect(said(packets(60_000, -127))).toEqual([]);
  expect(said(packets(60_000, -70))).toEqual([]);
});

test('grows word by word while there is a voice, and ends its sentence', () => {
  const words = said(packets(1_300, -30));
  expect(words.map(({ text, final }) => [text, final])).toEqual([
    ['Hello,', false],
    ['Hello, I can', false],
    ['Hello, I can hear', false],
    ['Hello, I can hear you.', true],
  ]);
  expect(new Set(words.map(({ captionId }) => captionId))).toEqual(new Set(['1']));
});

test('ends a sentence when the voice stops, and begins another', () => {
  const words = said([...packets(400, -30), ...packets(3_000, -127), ...packets(400, -30)]);
  expect(words.map(({ captionId, final }) => [captionId, final])).toEqual([
    ['1', false],
    ['1', false],
    ['1', true],
    ['2', false],
  ]);
});

test('takes short sounds close to each other for one voice, as a test’s beeps are', () => {
  const beeps = Array.from({ length: 8 }, () => [...packets(40, -30), ...packets(460, -127)]).flat();
  expect(said(beeps).length).toBeGreaterThan(3);
});
