import type { Field, In, Out, RequestName } from '@openvtm/protocol';
import type { CallMediaState, CallSession, Quality } from '@openvtm/rtc/call';
import type { Devices } from '@openvtm/rtc/devices';
import { inject, type InjectionKey, type ShallowRef } from 'vue';

/** What the screens see of the call's media. */
export type CallMediaView = {
  state: CallMediaState;
  remoteCamera: MediaStreamTrack | null;
  remoteMicrophone: MediaStreamTrack | null;
  quality: Quality | null;
  sending: CallSession['sending'];
};

export interface CallMedia {
  readonly view: ShallowRef<CallMediaView | null>;
  /** true: hold media warm (loads the engine the first time); false: close it and give the devices back. Idempotent. */
  want(wanted: boolean): void;
  /** Lifts or closes the curtain at once, or as soon as the session is there. */
  curtain(open: boolean): void;
}

/** Saves the form field by field, so that nothing typed is lost by a reload, a crash or a hand-over. */
export interface FormSaver {
  typed(field: Field, raw: string): void;
  /** The field was left: saves it now. */
  left(field: Field): void;
  /** Saves all that is not saved yet; false if some of it did not go through. */
  flush(): Promise<boolean>;
}

/** What the screens need beside the store: the way out to the server and to the devices. */
export interface Kiosk {
  /**
   * Asks the server. While the same request is under way (or has just been answered and the screen has not changed
   * yet), a second touch does nothing. A failure is put on screen; `false` tells the caller that it did not go through.
   */
  ask<N extends RequestName>(name: N, data: In<N>): Promise<Out<N> | false>;
  /** The same without a word on screen when it fails, for what is retried by itself. */
  tell<N extends RequestName>(name: N, data: In<N>): Promise<boolean>;
  devices: Devices;
  media: CallMedia;
  saver: FormSaver;
  /** Enrols this device with a code; rejects with NotEnrolled. */
  enrol(code: string): Promise<void>;
  token(options?: { fresh?: boolean }): Promise<string>;
}

export const kioskKey: InjectionKey<Kiosk> = Symbol('kiosk');

export function useKiosk(): Kiosk {
  const kiosk = inject(kioskKey);
  if (!kiosk) throw new Error('a screen was mounted without its kiosk');
  return kiosk;
}
