export { default as FrameGuide } from './FrameGuide.vue';
export { default as PageOutline } from './PageOutline.vue';
export { default as PictureList } from './PictureList.vue';
export { default as StraightPicture } from './StraightPicture.vue';
export { unsent } from './unsent.ts';
export { useCapture } from './use-capture.ts';
export { useGuide } from './use-guide.ts';
export { useWatched } from './use-watched.ts';
export { default as WatchedNote } from './WatchedNote.vue';
