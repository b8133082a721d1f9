export { default as ChatPane } from './ChatPane.vue';
export { default as PastMessages } from './PastMessages.vue';
export { forgetWords, useUnread } from './words.ts';
