export { default as ConflictChoice } from './ConflictChoice.vue';
export { default as TellerHere } from './TellerHere.vue';
