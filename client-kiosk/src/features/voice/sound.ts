import type { Language } from '@openvtm/protocol';

/**
 * What is said in one go: a sentence. One file each, so that a text is heard as soon as its first sentence is there, and
 * what many texts share is kept once.
 */
export const sentencesOf = (text: string): string[] =>
  text
    .split(/(?<=[。！？!?])|(?<=\.)\s+|\n+/)
    .map((part) => part.replaceAll(/\s+/g, ' ').trim())
    .filter((part) => /[\p{L}\p{N}]/u.test(part));

/** The name of a sentence's sound file, without its ending: the same for the same words, whoever asks. */
export async function soundName(sentence: string, language: Language): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(`${language} ${sentence}`));
  return [...new Uint8Array(digest).slice(0, 8)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
