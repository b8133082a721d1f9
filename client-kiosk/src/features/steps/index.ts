export { default as ReceiptCard } from './ReceiptCard.vue';
export { default as SimulatorNote } from './SimulatorNote.vue';
export { default as StepActions } from './StepActions.vue';
export { default as WayBar } from './WayBar.vue';
