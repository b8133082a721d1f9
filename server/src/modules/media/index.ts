export { createMedia } from './media.ts';
export type { Media, Members } from './media.ts';
export type { MediaNotice, MediaTell } from './media-needs.ts';
