export { default as CallControls } from './CallControls.vue';
export { default as CustomerPicture } from './CustomerPicture.vue';
export { default as CustomerSound } from './CustomerSound.vue';
export { stopMedia } from './media.ts';
export { default as OwnPicture } from './OwnPicture.vue';
export { useWarmMedia } from './warm.ts';
