export { default as ChatButton } from './ChatButton.vue';
export { default as ChatCard } from './ChatCard.vue';
export { createWords, type KioskWords } from './words.ts';
