import { onScopeDispose, ref } from 'vue';
import { meant, type ShortcutName } from './keys.ts';

type Handler = { run: () => void; when: () => boolean };

const KEY = 'openvtm.single-keys';
const handlers = new Map<ShortcutName, Handler[]>();

/** Whether one-letter shortcuts are on; WCAG 2.1.4 asks for a way to turn them off. */
export const singleKeys = ref(localStorage.getItem(KEY) !== 'off');

export function setSingleKeys(on: boolean): void {
  singleKeys.value = on;
  localStorage.setItem(KEY, on ? 'on' : 'off');
}

const CONTROLS = 'button, a[href], summary, input, [role="button"], [role="menuitem"], [role="option"], [role="radio"]';
const TEXTS =
  'textarea, select, [contenteditable="true"], [role="combobox"], input:not([type="radio"]):not([type="checkbox"]):not([type="button"])';

function focusOf(target: EventTarget | null): 'text' | 'control' | 'page' {
  if (!(target instanceof Element)) return 'page';
  if (target.closest(TEXTS)) return 'text';
  return target.closest(CONTROLS) ? 'control' : 'page';
}

/** Listens to the whole page; called once by the shell. Returns the function that stops it. */
export function listenToKeys(): () => void {
  const onKey = (event: KeyboardEvent) => {
    if (event.defaultPrevented) return;
    for (const name of meant(event, focusOf(event.target), singleKeys.value)) {
      // The newest wins: a form that opened over a button is what the agent is looking at.
      const handler = handlers.get(name)?.findLast((one) => one.when());
      if (handler === undefined) continue;
      event.preventDefault();
      handler.run();
      return;
    }
  };
  addEventListener('keydown', onKey);
  return () => removeEventListener('keydown', onKey);
}

/** Lets a shortcut do `run` while the component lives and `when` holds. */
export function useShortcut(name: ShortcutName, run: () => void, when: () => boolean = () => true): void {
  const handler: Handler = { run, when };
  handlers.set(name, [...(handlers.get(name) ?? []), handler]);
  onScopeDispose(() =>
    handlers.set(
      name,
      (handlers.get(name) ?? []).filter((one) => one !== handler),
    ),
  );
}
