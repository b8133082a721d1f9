/** Syllables with their characters, the most common first, separated by spaces. */
export type PinyinTable = Record<string, string>;

/** The characters of about 400 syllables, fetched when they are first needed. */
export async function loadPinyin(): Promise<PinyinTable> {
  const { default: layout } = await import('simple-keyboard-layouts/build/layouts/chinese');
  // Its types leave out the one part that is wanted here.
  return (layout as unknown as { layoutCandidates: PinyinTable }).layoutCandidates;
}

/** What the letters typed so far may become: characters for their first syllable, and the letters that stay behind it. */
export type Composing = { candidates: string[]; used: number };

/** Between two syllables that could be read as one: xi'an. */
const SEPARATOR = "'";
const LONGEST_SYLLABLE = 6;
/** Characters offered for a syllable that is not typed to its end. */
const MOST_GUESSES = 60;

/** The candidates for the longest first syllable of `letters`. Pure. */
export function compose(table: PinyinTable, letters: string): Composing {
  const typed = letters.toLowerCase();
  const end = typed.indexOf(SEPARATOR);
  const first = end === -1 ? typed : typed.slice(0, end);
  for (let length = Math.min(LONGEST_SYLLABLE, first.length); length > 0; length -= 1) {
    const found = table[first.slice(0, length)];
    // A syllable that is only begun (zh) is guessed, but not at the cost of letters already whole (wang before w).
    if (found !== undefined) return { candidates: found.split(' '), used: length };
  }
  return { candidates: guesses(table, first), used: first.length };
}

/** The first characters of every syllable that begins so: one of each, then the second of each. */
function guesses(table: PinyinTable, begun: string): string[] {
  if (begun === '') return [];
  const lists = Object.entries(table)
    .filter(([syllable]) => syllable.startsWith(begun))
    .map(([, characters]) => characters.split(' '));
  const longest = Math.max(0, ...lists.map((list) => list.length));
  const found: string[] = [];
  for (let i = 0; i < longest && found.length < MOST_GUESSES; i += 1)
    for (const list of lists) if (list[i] !== undefined) found.push(list[i] ?? '');
  return [...new Set(found)].slice(0, MOST_GUESSES);
}

/** The letters that are left when a candidate was taken. */
export const lettersAfter = (letters: string, { used }: Composing): string => {
  const rest = letters.slice(used);
  return rest.startsWith(SEPARATOR) ? rest.slice(1) : rest;
};
