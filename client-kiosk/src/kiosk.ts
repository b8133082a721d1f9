import type { Field, FieldProblem, In, Out, RequestName, SelfTestCheck, SelfTestResult } from '@openvtm/protocol';
import type { CallMediaState, CallSession, DocumentPicture, Quality, TileFit } from '@openvtm/rtc/call';
import type { Devices } from '@openvtm/rtc/devices';
import type { Whereabouts } from '@openvtm/rtc/whereabouts';
import { inject, type InjectionKey, type ShallowRef } from 'vue';
import type { KioskWords } from './features/chat/index.ts';
import type { Readers } from './features/readers/index.ts';
import type { Failure } from './store.ts';

/** What the screens see of the call's media. */
export type CallMediaView = {
  state: CallMediaState;
  remotes: CallSession['remotes'];
  quality: Quality | null;
  /** Something of somebody comes just now. */
  comes: boolean;
  sending: CallSession['sending'];
  pictures: CallSession['pictures'];
  speechOnly: CallSession['speechOnly'];
  /** The teller has a picture of the document camera. */
  sendsDocument: boolean;
};

export interface CallMedia {
  readonly view: ShallowRef<CallMediaView | null>;
  /** true: hold media warm (loads the engine the first time); false: close it and give the devices back. Idempotent. */
  want(wanted: boolean): void;
  /** Lifts or closes the curtain at once, or as soon as the session is there. */
  curtain(open: boolean): void;
  /** How large a tile shows somebody's picture. */
  fit(told: TileFit): void;
  /** What of the document camera goes out while the curtain is open; null: nothing. */
  document(picture: DocumentPicture): void;
}

/** Saves the form field by field, so that nothing typed is lost by a reload, a crash or a hand-over. */
export interface FormSaver {
  typed(field: Field, raw: string): void;
  /** A reader read it from a card: it goes on as the card's, and at once. */
  read(field: Field, value: string): void;
  /** The field was left: saves it now. */
  left(field: Field): void;
  /** The case on screen is another than before: what was typed may have been changed by somebody else meanwhile. */
  caseChanged(): void;
  /** Of a value that both changed (`conflicts` of the store), the customer's goes in the place of the teller's. */
  keepMine(field: Field): void;
  /** The teller's stays, and what the customer typed is dropped. */
  takeTheirs(field: Field): void;
  /** Saves all that is not saved yet; false if some of it did not go through, and then the screen says why. */
  flush(): Promise<boolean>;
}

/** Notes how the customer gets on, to offer help to who is lost and to learn where people stop; never what is typed. */
export interface KioskTrail {
  /** The page of the present screen; null: it has none. */
  page(page: string | null): void;
  /** The customer turned back. */
  back(): void;
  /** A field was left or gone on from; null: it is right. */
  tried(field: string, problem: FieldProblem | null): void;
}

/** Tries the kiosk's devices and its ways to the server; see `runSelfTest`. */
export type TestItself = (wish: {
  checks: readonly SelfTestCheck[];
  onStep: (done: SelfTestResult[], next: SelfTestCheck | null) => void;
  signal: AbortSignal;
}) => Promise<SelfTestResult[]>;

/** What the screens need beside the store: the way out to the server and to the devices. */
export interface Kiosk {
  /**
   * Asks the server. While the same request is under way (or has just been answered and the screen has not changed
   * yet), a second touch does nothing. A failure is put on screen; `false` tells the caller that it did not go through.
   */
  ask<N extends RequestName>(name: N, data: In<N>): Promise<Out<N> | false>;
  /** The same without a word on screen when it fails, for what is retried by itself. */
  tell<N extends RequestName>(name: N, data: In<N>): Promise<boolean>;
  /** The same with its answer or why there is none, without a word on screen; several of a name may be under way. */
  attempt<N extends RequestName>(
    name: N,
    data: In<N>,
  ): Promise<{ ok: true; data: Out<N> } | { ok: false; failure: Failure }>;
  /** The same with its answer, for what the screen can do without. */
  look<N extends RequestName>(name: N, data: In<N>): Promise<Out<N> | false>;
  devices: Devices;
  media: CallMedia;
  readers: Readers;
  saver: FormSaver;
  whereabouts: Whereabouts;
  words: KioskWords;
  trail: KioskTrail;
  /** Enrols this device with a code; rejects with NotEnrolled. */
  enrol(code: string): Promise<void>;
  token(options?: { fresh?: boolean }): Promise<string>;
  testItself: TestItself;
}

export const kioskKey: InjectionKey<Kiosk> = Symbol('kiosk');

export function useKiosk(): Kiosk {
  const kiosk = inject(kioskKey);
  if (!kiosk) throw new Error('a screen was mounted without its kiosk');
  return kiosk;
}
