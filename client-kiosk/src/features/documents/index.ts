export { default as PictureList } from './PictureList.vue';
export { default as FrameGuide } from './FrameGuide.vue';
export { UploadFailed, uploadPage } from './upload.ts';
