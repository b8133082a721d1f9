import type { InjectionKey } from 'vue';

/** A tile shows a track with so many lines (device pixels); null: it shows it no more. `tile` is the same for one tile. */
export type TellTileFit = (told: { track: MediaStreamTrack; tile: object; lines: number | null }) => void;

/** Where an app has it, every VideoTile tells how large it is: what is sent can follow. */
export const tileFitKey: InjectionKey<TellTileFit> = Symbol('tile fit');
