export { createMedia } from './media.ts';
export type { Media } from './media.ts';
export type { MediaNotice } from './media-needs.ts';
