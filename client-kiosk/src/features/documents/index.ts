export { default as FrameGuide } from './FrameGuide.vue';
export { UploadFailed, uploadPage } from './upload.ts';
