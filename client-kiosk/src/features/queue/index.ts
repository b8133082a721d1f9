export { default as QueuePlace } from './QueuePlace.vue';
export { default as WaitChoices } from './WaitChoices.vue';
export { asksAnew, usefulChoices, waitStateOf } from './choices.ts';
export { momentInWords } from './moment.ts';
