import type { Language } from '@openvtm/protocol';
import { shallowRef } from 'vue';
import { sentencesOf, soundName } from './sound.ts';

export type Wish = { language: Language; slow: boolean };

/** How fast it is read, of what is usual; for the elderly slower, at the same pitch. */
const RATE = { usual: 0.95, slow: 0.75 };

// Only voices of this device: others send what they read to their makers.
const localVoices = () => globalThis.speechSynthesis?.getVoices().filter(({ localService }) => localService) ?? [];
const voices = shallowRef(localVoices());
globalThis.speechSynthesis?.addEventListener('voiceschanged', () => {
  voices.value = localVoices();
});
const voiceFor = (language: string) => {
  const base = language.split('-')[0] ?? language;
  return voices.value.find(({ lang }) => lang === language) ?? voices.value.find(({ lang }) => lang.startsWith(base));
};

/** Names of the sentences that were rendered when the app was built; null until the server was asked. */
const rendered = shallowRef<ReadonlySet<string> | null>(null);

/** Asks once what was rendered; without an answer the kiosk is silent where its device has no voice. */
export async function loadSounds(): Promise<void> {
  if (rendered.value !== null) return;
  try {
    const answer = await fetch('/voice/sounds.json');
    const names: unknown = await answer.json();
    rendered.value = new Set(Array.isArray(names) ? names.map(String) : []);
  } catch {
    // Asked again with the next try to speak.
  }
}

export const canSpeak = (language: string): boolean =>
  voiceFor(language) !== undefined || (rendered.value?.size ?? 0) > 0;

/** Counts up whenever what was to be said no longer is. */
let turn = 0;
let queue: Promise<void> = Promise.resolve();
let playing: HTMLAudioElement | null = null;

/** Reads texts aloud after what is being read. Words that nothing can say are left out. */
export function speak(texts: string[], wish: Wish): void {
  const mine = turn;
  for (const text of texts) {
    queue = queue.then(() => (mine === turn ? sayText(text, { ...wish, mine }) : undefined)).catch(() => undefined);
  }
}

export function hush(): void {
  turn += 1;
  queue = Promise.resolve();
  globalThis.speechSynthesis?.cancel();
  playing?.pause();
  playing?.dispatchEvent(new Event('ended'));
  playing = null;
}

type Turn = Wish & { mine: number };

async function sayText(text: string, wish: Turn): Promise<void> {
  const voice = voiceFor(wish.language);
  if (voice) return synthesize(text, { voice, slow: wish.slow });
  // Half a text could say the opposite of the whole.
  for (const name of (await soundsOf(text, wish.language)) ?? [])
    if (wish.mine === turn) await play(`/voice/${name}.opus`, wish);
}

export const canReadAloud = (): boolean => (rendered.value?.size ?? 0) > 0;

/** The sound files of a text's sentences; null where one is missing. */
async function soundsOf(text: string, language: Language): Promise<string[] | null> {
  await loadSounds();
  const names = await Promise.all(sentencesOf(text).map((sentence) => soundName(sentence, language)));
  return names.every((name) => rendered.value?.has(name)) ? names : null;
}

/** Whether these very words were rendered ahead of time: what was not has somebody's own data in it. */
export const isRendered = async (text: string, language: Language): Promise<boolean> =>
  (await soundsOf(text, language)) !== null;

/** Reads a rendered text in the place of what is being read; false when something else was to be heard before its end. */
export async function readAloud(text: string, wish: Wish): Promise<boolean> {
  hush();
  const mine = turn;
  for (const name of (await soundsOf(text, wish.language)) ?? []) {
    if (mine !== turn) return false;
    await play(`/voice/${name}.opus`, { ...wish, mine });
  }
  return mine === turn;
}

function synthesize(text: string, { voice, slow }: { voice: SpeechSynthesisVoice; slow: boolean }): Promise<void> {
  return new Promise((resolve) => {
    const words = new SpeechSynthesisUtterance(text);
    words.voice = voice;
    words.lang = voice.lang;
    words.rate = slow ? RATE.slow : RATE.usual;
    words.addEventListener('end', () => resolve());
    words.addEventListener('error', () => resolve());
    speechSynthesis.speak(words);
  });
}

async function play(address: string, { slow }: Turn): Promise<void> {
  const sound = new Audio(address);
  sound.preservesPitch = true;
  sound.playbackRate = slow ? RATE.slow : RATE.usual;
  playing = sound;
  const over = new Promise<void>((resolve) => {
    sound.addEventListener('ended', () => resolve());
    sound.addEventListener('error', () => resolve());
  });
  // A browser that wants a touch first stays silent; the words are on the screen.
  await sound.play().catch(() => sound.dispatchEvent(new Event('ended')));
  await over;
  if (playing === sound) playing = null;
}
