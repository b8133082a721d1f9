export { session, sessionState } from './current.ts';
export { default as LoginScreen } from './LoginScreen.vue';
