import { defineAsyncComponent } from 'vue';

const late = () => import('./late.ts');
export const HearingBar = defineAsyncComponent({ loader: async () => (await late()).HearingBar });
export const CaptionLines = defineAsyncComponent({ loader: async () => (await late()).CaptionLines });
export { useLoudTrack } from './volume.ts';
