export { default as LinkCard } from './LinkCard.vue';
export { default as PrintCard } from './PrintCard.vue';
