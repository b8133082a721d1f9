/** Every shortcut of the desk. The sheet, the tooltips and the listener all read this list. */
export const shortcuts = {
  accept: { keys: ['A', 'Enter'], group: 'offer' },
  decline: { keys: ['D'], group: 'offer' },
  ready: { keys: ['G'], group: 'presence' },
  pause: { keys: ['P'], group: 'presence' },
  mute: { keys: ['M'], group: 'call' },
  cameraOff: { keys: ['V'], group: 'call' },
  hold: { keys: ['H'], group: 'call' },
  invite: { keys: ['I'], group: 'call' },
  window: { keys: ['O'], group: 'call' },
  end: { keys: ['E'], group: 'call' },
  tick: { keys: ['N'], group: 'work' },
  capture: { keys: ['C'], group: 'work' },
  summary: { keys: ['S'], group: 'work' },
  note: { keys: ['W'], group: 'work' },
  explain: { keys: ['L'], group: 'work' },
  chat: { keys: ['/'], group: 'work' },
  closeSheet: { keys: ['U'], group: 'work' },
  acceptPage: { keys: ['Ctrl+Enter'], group: 'document' },
  returnPage: { keys: ['B'], group: 'document' },
  zoomIn: { keys: ['+', '='], group: 'document' },
  zoomOut: { keys: ['-'], group: 'document' },
  rotate: { keys: ['R'], group: 'document' },
  fit: { keys: ['F'], group: 'document' },
  fullSize: { keys: ['1'], group: 'document' },
  tone: { keys: ['T'], group: 'document' },
  asTaken: { keys: ['2'], group: 'document' },
  compare: { keys: ['X'], group: 'document' },
  showPage: { keys: ['J'], group: 'document' },
  pen: { keys: ['K'], group: 'document' },
  markArrow: { keys: ['3'], group: 'document' },
  markBox: { keys: ['4'], group: 'document' },
  markLabel: { keys: ['5'], group: 'document' },
  undoMark: { keys: ['Z'], group: 'document' },
  mask: { keys: ['Q'], group: 'document' },
  looks: { keys: ['Y'], group: 'document' },
  secondLook: { keys: ['6'], group: 'document' },
  reviewNext: { keys: ['.'], group: 'review' },
  reviewPrevious: { keys: [','], group: 'review' },
  reviewTake: { keys: ['7'], group: 'review' },
  reviewDone: { keys: ['8'], group: 'review' },
  reviewRefuse: { keys: ['9'], group: 'review' },
  reviewHandOn: { keys: ['0'], group: 'review' },
  reviewRelease: { keys: [';'], group: 'review' },
  sheet: { keys: ['?'], group: 'general' },
  cancel: { keys: ['Escape'], group: 'general' },
} as const satisfies Record<string, { keys: readonly string[]; group: string }>;

export type ShortcutName = keyof typeof shortcuts;
export const shortcutNames = Object.keys(shortcuts) as ShortcutName[];

type Press = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey' | 'repeat' | 'isComposing'>;

/** The key as the list above writes it; null for a press that is no shortcut's business. */
export function pressed(event: Press): string | null {
  // While an input method composes, keys belong to it; held keys repeat and must not accept twice.
  if (event.isComposing || event.repeat || event.altKey) return null;
  const key = event.key.length === 1 ? event.key.toUpperCase() : event.key;
  if (event.ctrlKey || event.metaKey) return key === 'Enter' ? 'Ctrl+Enter' : null;
  // Shift makes `?` and `+` on most keyboards, but a capital letter was meant as text.
  if (event.shiftKey && /^[A-Z]$/.test(key)) return null;
  return key;
}

/**
 * The shortcuts that a press may mean where the focus is. In a text nothing but Ctrl+Enter and Escape; on a button or link not
 * Enter, which presses it. `singleKeys`: the agent has left one-letter shortcuts on.
 */
export function meant(event: Press, focus: 'text' | 'control' | 'page', singleKeys: boolean): ShortcutName[] {
  const key = pressed(event);
  if (key === null) return [];
  if (focus === 'text' && key !== 'Ctrl+Enter' && key !== 'Escape') return [];
  if (focus === 'control' && key === 'Enter') return [];
  if (!singleKeys && key.length === 1 && key !== '?') return [];
  return shortcutNames.filter((name) => (shortcuts[name].keys as readonly string[]).includes(key));
}
