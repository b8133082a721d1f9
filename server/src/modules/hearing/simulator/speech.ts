import type { Language } from '@openvtm/protocol';
import type { HeardWords } from '../engine.ts';

/** Louder than this (dB) somebody speaks; a quiet room lies below. */
const LOUD = -55;
/** Between two syllables nobody is silent. */
const HANG_MS = 350;
const WORD_MS = 300;
/** After so long a silence a sentence is over. */
const PAUSE_MS = 1_500;
const PACKET_MS = 20;

/** Invented, and said to be so on the screen; in pieces, as they come. */
const SENTENCES: Record<Language, string[][]> = {
  'zh-CN': [
    ['您好，', '我在', '听您', '说话。'],
    ['请您', '慢慢', '说，', '不用', '着急。'],
    ['这里', '会显示', '对方', '说的话。'],
    ['请看', '屏幕上', '的内容。'],
  ],
  en: [
    ['Hello, ', 'I can ', 'hear ', 'you.'],
    ['Please ', 'take ', 'your ', 'time.'],
    ['Here ', 'you read ', 'what the ', 'other ', 'says.'],
    ['Please ', 'look at ', 'the ', 'screen.'],
  ],
};

/** How far the invented speech has come. `shown`: pieces of the present sentence. */
export type Speech = { sentence: number; shown: number; voicedMs: number; silentMs: number };
export const silent: Speech = { sentence: 0, shown: 0, voicedMs: 0, silentMs: PAUSE_MS };

/** Goes on by one packet: words come only while there is a voice. Pure. */
export function speechAfter(
  before: Speech,
  { level, language }: { level: number; language: Language },
): { speech: Speech; words: HeardWords | null } {
  const all = SENTENCES[language];
  const pieces = all[before.sentence % all.length] ?? [];
  const silentMs = level > LOUD ? 0 : before.silentMs + PACKET_MS;
  const words = (shown: number, final: boolean): HeardWords => ({
    captionId: String(before.sentence + 1),
    text: pieces.slice(0, shown).join('').trim(),
    final,
  });
  const next = { sentence: before.sentence + 1, shown: 0, voicedMs: 0, silentMs };
  if (silentMs >= PAUSE_MS)
    return before.shown === 0
      ? { speech: { ...before, silentMs, voicedMs: 0 }, words: null }
      : { speech: next, words: words(before.shown, true) };
  if (silentMs > HANG_MS) return { speech: { ...before, silentMs }, words: null };
  const voicedMs = before.voicedMs + PACKET_MS;
  const shown = Math.floor(voicedMs / WORD_MS);
  if (shown === before.shown) return { speech: { ...before, voicedMs, silentMs }, words: null };
  return shown >= pieces.length
    ? { speech: next, words: words(pieces.length, true) }
    : { speech: { ...before, shown, voicedMs, silentMs }, words: words(shown, false) };
}
