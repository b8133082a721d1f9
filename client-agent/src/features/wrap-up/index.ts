export { drafts } from './current.ts';
export { default as NotePane } from './NotePane.vue';
export { default as WrapUpPane } from './WrapUpPane.vue';
