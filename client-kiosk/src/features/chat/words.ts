import type { ChatMessage, ChatWish, QuickPhrase } from '@openvtm/protocol';
import { createOutbox, nextMark, type Unsent } from '@openvtm/rtc/outbox';
import { onScopeDispose, ref, shallowRef, watch, type ShallowRef } from 'vue';
import type { Kiosk } from '../../kiosk.ts';
import type { KioskStore } from '../../store.ts';

/** What customer and teller write to each other. */
export interface KioskWords {
  /** On its way to the server; kept nowhere, for it is the customer's. */
  readonly unsent: Readonly<ShallowRef<readonly Unsent[]>>;
  /** The bank's quick answers; empty until they were read. */
  readonly answers: Readonly<ShallowRef<readonly QuickPhrase[]>>;
  say(body: ChatWish): void;
  retry(messageId: ChatMessage['messageId']): void;
  drop(messageId: ChatMessage['messageId']): void;
  /** While the calling component lives, all messages are looked at. */
  look(): void;
  /** This message is all that is new, and stands on the screen whole; null: none does. */
  showing(messageId: ChatMessage['messageId'] | null): void;
}

type Needs = { store: KioskStore; attempt: Kiosk['attempt']; look: Kiosk['look'] };

export function createWords({ store, attempt, look }: Needs): KioskWords {
  const unsent = shallowRef<readonly Unsent[]>([]);
  const answers = shallowRef<readonly QuickPhrase[]>([]);
  const screens = ref(0);
  const shown = ref<ChatMessage['messageId'] | null>(null);
  let told = '';

  const outbox = createOutbox({
    async send(wish) {
      const answer = await attempt('chat:write', wish);
      return answer.ok ? null : answer.failure.code;
    },
    changed: (all) => (unsent.value = all),
  });
  const readAnswers = async () => {
    const phrases = answers.value.length === 0 && (await look('chat:phrases', {}));
    if (phrases) answers.value = phrases.customer;
  };

  watch(
    () => {
      const chat = store.snapshot?.chat ?? null;
      if (chat === null || store.line.at !== 'live') return null;
      const looking =
        screens.value > 0 ||
        (shown.value !== null && chat.messages.findLast(({ mine }) => !mine)?.messageId === shown.value);
      const mark = nextMark(chat.messages, { looking });
      return mark && { callId: chat.callId, ...mark };
    },
    async (mark) => {
      // Not answered, it is told again with the next message or the next line.
      if (mark === null || JSON.stringify(mark) === told) return;
      told = JSON.stringify(mark);
      if ((await look('chat:mark', mark)) === false) told = '';
    },
  );
  watch(
    () => store.snapshot?.chat,
    (chat, before) => {
      if (chat && !before) void readAnswers();
      if (chat !== undefined) outbox.arrived(chat);
    },
  );
  watch(
    () => store.line.at,
    (at) => at === 'live' && outbox.again(),
  );

  return {
    unsent,
    answers,
    say(body) {
      const chat = store.snapshot?.chat;
      if (chat) outbox.write({ callId: chat.callId, to: 'everybody', body });
    },
    retry: outbox.retry,
    drop: outbox.drop,
    look() {
      screens.value += 1;
      void readAnswers();
      onScopeDispose(() => (screens.value -= 1));
    },
    showing: (messageId) => (shown.value = messageId),
  };
}
