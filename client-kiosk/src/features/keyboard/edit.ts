/** A text and what is selected in it, in UTF-16 units as inputs count them. */
export type Edited = { text: string; start: number; end: number };

const letters = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Puts `added` in the place of what is selected; the caret comes behind it. */
export function insert({ text, start, end }: Edited, added: string): Edited {
  const caret = start + added.length;
  return { text: text.slice(0, start) + added + text.slice(end), start: caret, end: caret };
}

/** Removes what is selected, or the one character before the caret, however many units it is made of. */
export function erase({ text, start, end }: Edited): Edited {
  const from = start < end ? start : start - ([...letters.segment(text.slice(0, start))].at(-1)?.segment.length ?? 0);
  return { text: text.slice(0, from) + text.slice(end), start: from, end: from };
}

/** Changes an input as its own keyboard would: at its caret, heard by whoever listens to it. */
export function editInput(input: HTMLInputElement, change: (edited: Edited) => Edited): void {
  const { value } = input;
  const after = change({
    text: value,
    start: input.selectionStart ?? value.length,
    end: input.selectionEnd ?? value.length,
  });
  input.value = after.text;
  input.setSelectionRange(after.start, after.end);
  input.dispatchEvent(new InputEvent('input', { bubbles: true }));
}
