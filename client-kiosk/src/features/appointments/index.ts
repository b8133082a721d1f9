export { default as AppointmentCard } from './AppointmentCard.vue';
export { default as AppointmentFacts } from './AppointmentFacts.vue';
export { default as AppointmentStrip } from './AppointmentStrip.vue';
export { default as TimeChoice } from './TimeChoice.vue';
