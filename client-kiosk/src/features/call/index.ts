export { default as CallFrame } from './CallFrame.vue';
export { default as ChangedValue } from './ChangedValue.vue';
export { default as DeviceNotices } from './DeviceNotices.vue';
export { default as SelfTile } from './SelfTile.vue';
export { createCallMedia } from './call-media.ts';
export { isOpenTo } from './people.ts';
