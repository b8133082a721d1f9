export { default as WelcomePicture } from './WelcomePicture.vue';
