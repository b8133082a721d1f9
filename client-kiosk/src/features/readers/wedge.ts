/** Keys of a reader follow each other within this time; those of a person never so many in a row (ms). */
const BETWEEN_KEYS_MS = 35;
/** Fewer keys may be a person's two fingers. */
const SHORTEST = 8;
/** A line that never ends is no card. */
const LONGEST = 400;

/** A key as the wedge sees it: a character, or `Enter`. */
export type WedgeKey = { key: string; at: number };
/** `swallow`: it may not go on to the page, at least not yet. */
export type WedgeAnswer = 'pass' | 'swallow';
export interface Burst {
  press(key: WedgeKey): WedgeAnswer;
  /** No key has followed in time. */
  rested(): void;
  /** When `rested` is due; null: never. */
  readonly due: number | null;
}

/**
 * Tells a reader that types like a keyboard from a person: what it types comes in one burst and ends with Enter. Every
 * character is held for a moment, since the first of a burst looks like any other; a person's are given back at once.
 */
export function createBurst({ line, giveBack }: { line(text: string): void; giveBack(text: string): void }): Burst {
  let held = '';
  let last = 0;
  let skipping = false;

  function end(take: (text: string) => void) {
    const text = held;
    held = '';
    last = 0;
    skipping = false;
    take(text);
  }
  const isBurst = () => skipping || [...held].length >= SHORTEST;

  return {
    get due() {
      return last === 0 ? null : last + BETWEEN_KEYS_MS;
    },
    press({ key, at }) {
      if (last !== 0 && at - last > BETWEEN_KEYS_MS) this.rested();
      if (key === 'Enter') {
        if (held === '' && !skipping) return 'pass';
        const burst = isBurst();
        const lost = skipping;
        end(burst ? (text) => line(lost ? '' : text) : giveBack);
        return burst ? 'swallow' : 'pass';
      }
      last = at;
      if (skipping) return 'swallow';
      held += key;
      if (held.length > LONGEST) {
        skipping = true;
        held = '';
      }
      return 'swallow';
    },
    rested() {
      if (last === 0) return;
      const burst = isBurst();
      // A burst without its Enter is a card that was read in part.
      end(burst ? () => line('') : giveBack);
    },
  };
}

/** Keys that are held while others are pressed, as a reader does for capitals. */
const HELD_DOWN = new Set([
  'Shift',
  'CapsLock',
  'Alt',
  'AltGraph',
  'Control',
  'Meta',
  'Unidentified',
  'Process',
  'Dead',
]);

const isText = (target: EventTarget | null): target is HTMLInputElement | HTMLTextAreaElement =>
  target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;

/** A line that a reader typed, or that it failed to; what a person types goes on to where it was meant for. */
export interface Wedge {
  onLine(hear: (line: string) => void): () => void;
  /** May be called twice; leaves no timers. */
  close(): void;
}

/** Listens to all keys of the page, before anything on it does. */
export function openWedge({ type }: { type(input: HTMLInputElement, text: string): void }): Wedge {
  const hearers = new Set<(line: string) => void>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let meant: EventTarget | null = null;
  const burst = createBurst({
    line: (text) => {
      for (const hear of hearers) hear(text);
    },
    giveBack: (text) => {
      if (meant instanceof HTMLInputElement && meant.isConnected && !meant.readOnly) type(meant, text);
    },
  });

  function onKey(event: KeyboardEvent) {
    const { key, ctrlKey, metaKey, altKey, isComposing, isTrusted } = event;
    if (!isTrusted || isComposing || HELD_DOWN.has(key)) return;
    const isChord = (ctrlKey || metaKey || altKey) && !event.getModifierState('AltGraph');
    if (isChord || (key !== 'Enter' && [...key].length !== 1)) {
      // What was typed before the caret is moved, or before something is erased, has to be there by then.
      burst.rested();
      return;
    }
    // A space or Enter on a button presses it: only within a burst is it a reader's.
    if (burst.due === null && !isText(event.target) && (key === ' ' || key === 'Enter')) return;
    if (burst.due === null) meant = event.target;
    if (burst.press({ key, at: event.timeStamp }) === 'swallow') {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
    clearTimeout(timer);
    if (burst.due !== null) timer = setTimeout(() => burst.rested(), BETWEEN_KEYS_MS);
  }
  document.addEventListener('keydown', onKey, { capture: true });

  return {
    onLine(hear) {
      hearers.add(hear);
      return () => hearers.delete(hear);
    },
    close() {
      clearTimeout(timer);
      hearers.clear();
      document.removeEventListener('keydown', onKey, { capture: true });
    },
  };
}
