export { default as HelpButton } from './HelpButton.vue';
export { default as HelpOffer } from './HelpOffer.vue';
export { default as HelpStatus } from './HelpStatus.vue';
export { lostOf, moved, newTrail, placeOf, tried, turnedBack, type Trail } from './lost.ts';
