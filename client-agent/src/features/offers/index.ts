export { answered, lastEnd } from './answer.ts';
export { default as OfferCard } from './OfferCard.vue';
export { useRinging } from './ringing.ts';
