import type { CaseId, ErrorCode, HandoverOutcome, KioskSnapshot, Language, Print } from '@openvtm/protocol';
import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import type { Booking } from './journey/booking.ts';
import type { CallBack } from './journey/call-back.ts';
import { keep, kept, forgetAll } from './journey/memory.ts';
import { runningCase, screenKey, screenOf, type Local } from './journey/screen.ts';
import type { SentAhead } from './journey/sent-ahead.ts';

/** A request that did not go through, as the screen tells it. */
export type Failure = { code: ErrorCode | 'offline'; ref: string };

/** Everything the screens show, as plain data. Only `wiring.ts` and the journey's actions write to it. */
export const useKioskStore = defineStore('kiosk', () => {
  const snapshot = shallowRef<KioskSnapshot | null>(null);
  const identity = shallowRef<Local['identity']>({ at: 'opening' });
  const line = shallowRef<Local['line']>({ at: 'connecting' });
  const browsing = ref(kept.browsing());
  const entering = ref(false);
  /** What came of the code in this page's address, until another is entered. */
  const taken = shallowRef<HandoverOutcome | null>(null);
  const booking = shallowRef<Booking | null>(null);
  const placeBefore = kept.place();
  const callBack = shallowRef<CallBack | null>(placeBefore && { at: 'kept', place: placeBefore });
  const sentBefore = kept.sent();
  const sentAhead = shallowRef<SentAhead | null>(sentBefore && { at: 'sent', sent: sentBefore });
  const thanking = ref(false);
  const leaving = ref<CaseId | null>(kept.leaving());
  const language = ref<Language>(kept.language());
  const print = ref<Print>(kept.print());
  const voice = ref(kept.voice());
  /** Language or print are on their way to the server: what it has is older than what the page shows. */
  const presenting = ref(false);
  /** The server's clock minus this device's (ms). */
  const clockAhead = ref(0);
  /** Values typed and not yet confirmed by the server, by field name; of the running case only. */
  const drafts = ref<Record<string, string>>({});
  /** Values that a reader of this kiosk read from a card, by field name; of the running case only. */
  const readings = ref<Record<string, string>>({});
  /** Fields that the teller changed while the customer typed something else: the customer chooses. */
  const conflicts = ref<ReadonlySet<string>>(new Set());
  /** Values that the server did not take, by field name: said at the field. */
  const refused = ref<Record<string, string>>({});
  /** Whether the customer takes papers along; null: nothing was said. */
  const handingOut = ref(kept.handingOut());
  /** How loud the teller is, in percent of what comes; for this customer only. */
  const volume = ref(kept.volume());
  /** In the call, the form is in the place of the teller's large picture. */
  const sharing = ref(false);
  /** In the call, what was written is beside the teller's picture. */
  const chatting = ref(false);
  /** A case whose customer wants a teller as soon as the consent is given. */
  const joinAfterConsent = ref<CaseId | null>(kept.joinAfterConsent());
  /** The last call was cut before anything was done, and the case is back in the form. */
  const callBroke = ref(false);
  /** The customer sent the summary back. */
  const disputed = ref(false);
  const failure = shallowRef<Failure | null>(null);
  const pending = ref<ReadonlySet<string>>(new Set());
  /** Everything shown is invented: said on every screen. */
  const demo = ref(false);

  const local = computed((): Local => ({
    identity: identity.value,
    line: line.value,
    browsing: browsing.value,
    entering: entering.value,
    booking: booking.value,
    callBack: callBack.value,
    sentAhead: sentAhead.value,
    thanking: thanking.value,
    leaving: leaving.value,
    sharing: sharing.value,
    chatting: chatting.value,
    handingOut: handingOut.value,
  }));
  const screen = computed(() => screenOf(snapshot.value, local.value));
  /** Which screen it would be without the messages: when that is another, something is asked. */
  const beneathChat = computed(() => screenKey(screenOf(snapshot.value, { ...local.value, chatting: false })));
  const running = computed(() => runningCase(snapshot.value, leaving.value));

  /** Replaces parts of the snapshot whole. */
  function put(parts: Partial<KioskSnapshot>) {
    if (snapshot.value !== null) snapshot.value = { ...snapshot.value, ...parts };
  }

  function present(wish: { language?: Language; print?: Print }) {
    if (wish.language) keep.language((language.value = wish.language));
    if (wish.print && wish.print !== print.value) {
      // Slow speech is part of the elder mode, and goes with it.
      if (wish.print === 'elder' || print.value === 'elder') speak(wish.print === 'elder');
      keep.print((print.value = wish.print));
    }
  }

  function browse(on: boolean) {
    keep.browsing((browsing.value = on));
  }

  function enterCode(on: boolean) {
    entering.value = on;
    if (!on) taken.value = null;
  }

  function book(wish: Booking | null) {
    booking.value = wish;
  }

  function wantCallBack(wish: CallBack | null) {
    callBack.value = wish;
    keep.place(wish?.at === 'kept' ? wish.place : null);
  }

  function sendAhead(wish: SentAhead | null) {
    sentAhead.value = wish;
    keep.sent(wish?.at === 'sent' ? wish.sent : null);
  }

  function leave(caseId: CaseId | null) {
    keep.leaving((leaving.value = caseId));
  }

  function joinLater(caseId: CaseId | null) {
    keep.joinAfterConsent((joinAfterConsent.value = caseId));
  }

  function handOut(wish: boolean | null) {
    keep.handingOut((handingOut.value = wish));
  }

  function setVolume(percent: number) {
    keep.volume((volume.value = percent));
  }

  function speak(on: boolean) {
    keep.voice((voice.value = on));
  }

  /** Drops what was typed for a case, and all that was said about it. */
  function forgetCase() {
    drafts.value = {};
    readings.value = {};
    conflicts.value = new Set();
    refused.value = {};
    sharing.value = false;
    chatting.value = false;
    callBroke.value = false;
    disputed.value = false;
    failure.value = null;
    joinLater(null);
    handOut(null);
    kept.drop('formAt');
  }

  /** Back to a kiosk that nobody has touched; a case that is being left stays hidden. */
  function wipe() {
    const hidden = leaving.value;
    forgetCase();
    forgetAll();
    browsing.value = false;
    enterCode(false);
    book(null);
    wantCallBack(null);
    sendAhead(null);
    thanking.value = false;
    language.value = kept.language();
    print.value = kept.print();
    voice.value = false;
    volume.value = kept.volume();
    leave(hidden);
  }

  return {
    snapshot,
    identity,
    line,
    browsing,
    entering,
    booking,
    callBack,
    sentAhead,
    taken,
    thanking,
    leaving,
    language,
    print,
    voice,
    volume,
    setVolume,
    presenting,
    clockAhead,
    drafts,
    readings,
    conflicts,
    refused,
    sharing,
    chatting,
    joinAfterConsent,
    callBroke,
    disputed,
    failure,
    pending,
    demo,
    screen,
    beneathChat,
    running,
    put,
    present,
    browse,
    enterCode,
    book,
    wantCallBack,
    sendAhead,
    leave,
    joinLater,
    speak,
    handOut,
    forgetCase,
    wipe,
  };
});
export type KioskStore = ReturnType<typeof useKioskStore>;
