// All control characters but the line break, and what turns the direction of the words around it.
const UNSEEN = /(?!\n)\p{Cc}|[\u202a-\u202e\u2066-\u2069\ufeff]/gu;
/** More blank lines than one say nothing and push what was written before off the screen. */
const BLANK_LINES = /\n{3,}/g;
const READABLE = /[\p{L}\p{N}\p{P}\p{S}]/u;

/** What somebody wrote, as others are shown it; null: nothing in it can be read. Pure. */
export function tidyWords(words: string): string | null {
  const tidy = words.replaceAll('\r\n', '\n').replaceAll('\t', ' ').replace(UNSEEN, '').replace(BLANK_LINES, '\n\n');
  return READABLE.test(tidy) ? tidy.trim() : null;
}
