import type { CallId, ChatTo, ChatWish } from '@openvtm/protocol';
import { RequestFailed } from '@openvtm/rtc/line';
import { createOutbox, nextMark, type Unsent } from '@openvtm/rtc/outbox';
import { computed, effectScope, onScopeDispose, ref, shallowRef, watch } from 'vue';
import { line, useLive } from '../../live/index.ts';

const unsent = shallowRef<readonly Unsent[]>([]);
const outbox = createOutbox({
  async send(wish) {
    try {
      if (line.value === null) return 'offline';
      await line.value.request('chat:write', wish);
      return null;
    } catch (error) {
      return error instanceof RequestFailed ? error.code : 'internal';
    }
  },
  changed: (all) => (unsent.value = all),
  storage: sessionStorage,
});
unsent.value = outbox.unsent;

/** Panes that show the messages just now. */
const panes = ref(0);
const inSight = ref(document.visibilityState === 'visible');
let following = false;

/** Tells the customer's side how far messages have come here, and sends what the line failed; once, for the page's life. */
function follow(): void {
  if (following) return;
  following = true;
  document.addEventListener('visibilitychange', () => (inSight.value = document.visibilityState === 'visible'));
  effectScope(true).run(() => {
    const live = useLive();
    let told = '';
    watch(
      () => {
        const { chat } = live;
        if (live.line.at !== 'live' || chat === null || chat.callId !== live.call?.callId) return null;
        const mark = nextMark(chat.messages, { looking: panes.value > 0 && inSight.value });
        return mark && { callId: chat.callId, ...mark };
      },
      (mark) => {
        // Not answered, it is told again with the next message or the next line.
        if (mark === null || JSON.stringify(mark) === told) return;
        told = JSON.stringify(mark);
        line.value?.request('chat:mark', mark).catch(() => (told = ''));
      },
      { immediate: true },
    );
    watch(
      () => live.chat,
      (chat) => live.known && outbox.arrived(chat),
      { immediate: true },
    );
    watch(
      () => live.line.at,
      (at) => at === 'live' && outbox.again(),
      { immediate: true },
    );
  });
}

/** What is on its way from this page, and how to write. */
export function useWords() {
  follow();
  return {
    unsent,
    write: (wish: { callId: CallId; to: ChatTo; body: ChatWish }) => outbox.write(wish),
    retry: outbox.retry,
    drop: outbox.drop,
  };
}

/** While the component lives, what comes is looked at. */
export function useLooking(): void {
  panes.value += 1;
  onScopeDispose(() => (panes.value -= 1));
}

/** Messages that the agent has not looked at; nobody is told while the pane with them is open. */
export function useUnread() {
  follow();
  const live = useLive();
  return computed(() => (panes.value > 0 ? 0 : (live.chat?.unread ?? 0)));
}

const DRAFT = 'openvtm.chat-draft';
/** What is being written; outlives another tab of the desk and a reload, and never the call. */
export const draft = {
  read(callId: CallId): string {
    const [id, ...words] = (sessionStorage.getItem(DRAFT) ?? '').split(' ');
    return id === callId ? words.join(' ') : '';
  },
  write(callId: CallId, words: string): void {
    try {
      sessionStorage.setItem(DRAFT, `${callId} ${words}`);
    } catch {
      // Nothing to do: the text is still on screen.
    }
  },
};

/** The agent has signed out: nothing of a customer stays in this tab. */
export function forgetWords(): void {
  outbox.forget();
  sessionStorage.removeItem(DRAFT);
}
