/** Screens that no customer meets in the first steps: they come after the first load. */
export { default as AppointmentScreen } from './AppointmentScreen.vue';
export { default as BookScreen } from './BookScreen.vue';
export { default as CallBackScreen } from './CallBackScreen.vue';
export { default as ChatScreen } from './ChatScreen.vue';
export { default as ConfirmScreen } from './ConfirmScreen.vue';
export { default as ExplainingScreen } from './ExplainingScreen.vue';
export { default as FollowedScreen } from './FollowedScreen.vue';
export { default as HandoutScreen } from './HandoutScreen.vue';
export { default as KeptPlaceScreen } from './KeptPlaceScreen.vue';
export { default as PaperScreen } from './PaperScreen.vue';
export { default as RecallScreen } from './RecallScreen.vue';
export { default as SelfTestScreen } from './SelfTestScreen.vue';
export { default as SharingScreen } from './SharingScreen.vue';
export { default as ShownScreen } from './ShownScreen.vue';
export { default as SignedScreen } from './SignedScreen.vue';
