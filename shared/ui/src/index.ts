export { default as DemoBanner } from './DemoBanner.vue';
export { default as LinkQuality } from './LinkQuality.vue';
export { default as ServiceIcon } from './ServiceIcon.vue';
export { default as VideoTile } from './VideoTile.vue';
export { createDrawPause } from './draw-pause.ts';
export * from './format.ts';
export * from './i18n.ts';
