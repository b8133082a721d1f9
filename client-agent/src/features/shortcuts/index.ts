export { default as KeyButton } from './KeyButton.vue';
export { default as KeyTip } from './KeyTip.vue';
export { type ShortcutName, shortcuts } from './keys.ts';
export { listenToKeys, useShortcut } from './listen.ts';
export { default as ShortcutSheet } from './ShortcutSheet.vue';
