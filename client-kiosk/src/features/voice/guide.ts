/**
 * What a screen reads aloud: the words of every element marked `data-spoken`, in their order, and later only what is
 * new. A mark stands on the app's and the catalogue's own texts alone, never on what somebody typed: a kiosk has no
 * headphones, and others stand near.
 */
const MARK = '[data-spoken]';
/** Vue draws in steps; what belongs together is said together (ms). */
const REST_MS = 80;

export type Said = { texts: string[]; /** Instead of what is being said, not after it. */ atOnce: boolean };

const wordsOf = (element: Element) => element.textContent?.trim() ?? '';

/** What a control that the keyboard has reached is called; never its value. */
export function nameOf(element: Element): string {
  const label = element.getAttribute('aria-label');
  if (label) return label;
  if (element instanceof HTMLInputElement) {
    const labelled = element.labels?.[0];
    return labelled ? wordsOf(labelled.querySelector(MARK) ?? labelled) : '';
  }
  return wordsOf(element.querySelector(MARK) ?? element);
}

/** Tells what there is to say now, and from then on what is new, until it is ended. */
export function watchScreen(say: (said: Said) => void): () => void {
  let before = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;

  function look() {
    const now = [...document.querySelectorAll(MARK)].map((element) => ({ element, words: wordsOf(element) }));
    const fresh = now.filter(({ words }) => words !== '' && !before.has(words));
    const gone = [...before].some((words) => !now.some((one) => one.words === words));
    before = new Set(now.map(({ words }) => words));
    if (fresh.length === 0) return;
    // What is no longer on the screen is not said to its end, and a mistake does not wait for what is.
    const atOnce = gone || fresh.some(({ element }) => element.matches('h1, h2, [role="alert"], [role="alert"] *'));
    say({ texts: [...new Set(fresh.map(({ words }) => words))], atOnce });
  }
  const changed = () => {
    clearTimeout(timer);
    timer = setTimeout(look, REST_MS);
  };
  const observer = new MutationObserver(changed);
  observer.observe(document.body, { subtree: true, childList: true, characterData: true });

  // Only what the keyboard reaches: a finger has seen what it touches.
  const reached = ({ target }: FocusEvent) => {
    if (!(target instanceof Element) || !target.matches(':focus-visible:not([tabindex="-1"])')) return;
    const name = nameOf(target);
    if (name !== '') say({ texts: [name], atOnce: false });
  };
  document.addEventListener('focusin', reached);
  look();
  return () => {
    clearTimeout(timer);
    observer.disconnect();
    document.removeEventListener('focusin', reached);
  };
}
