export { default as HandoverCard } from './HandoverCard.vue';
export { default as ToPhone } from './ToPhone.vue';
