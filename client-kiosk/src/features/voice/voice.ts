import { shallowRef } from 'vue';

/** A little slower than speech is meant to be: for people who listen while they look. */
const RATE = 0.9;

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

export const canSpeak = (language: string): boolean => voiceFor(language) !== undefined;

/** Reads a text aloud in place of what is being read. */
export function speak(text: string, language: string): void {
  const voice = voiceFor(language);
  if (!voice) return;
  const words = new SpeechSynthesisUtterance(text);
  words.voice = voice;
  words.lang = voice.lang;
  words.rate = RATE;
  speechSynthesis.cancel();
  speechSynthesis.speak(words);
}

export const hush = (): void => globalThis.speechSynthesis?.cancel();
