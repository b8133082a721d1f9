import type { Language } from '@openvtm/protocol';

/** 20 ms or so of somebody's speech. */
export type Sound = {
  /** One Opus packet, 48 kHz. */
  opus: Buffer;
  /** dB below the loudest there can be: 0 to -127, which is silence (RFC 6464). */
  level: number;
};
export type HeardWords = { captionId: string; text: string; final: boolean };

/** Listens to one speaker. */
export interface Ear {
  hear(sound: Sound): void;
  /** May be called twice. Nothing is said afterwards. */
  close(): void;
}

/** A speech service, or what stands in its place. */
export interface CaptionEngine {
  readonly simulated: boolean;
  /** `open`: it answers; `lost`: it cannot be reached or hung up, and this ear is done with. */
  listen(to: { language: Language }, on: { open(): void; words(words: HeardWords): void; lost(): void }): Ear;
}
