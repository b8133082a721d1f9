import { chatRequests, type ChatMessage, type ChatView, type ErrorCode, type In } from '@openvtm/protocol';
import { newId } from './asks.ts';

type Wish = In<'chat:write'>;
type MessageId = Wish['messageId'];
/** Why it was not taken: by the server, or `offline`: nobody knows whether it was. */
export type Refusal = ErrorCode | 'offline';
/** A message that the server has not said it keeps. `sent`: it has, and the thread with it is on its way. */
export type Unsent = { wish: Wish; writtenAt: number; state: 'sending' | 'sent' | 'failed'; why: Refusal | null };

/** What may have come there all the same, or comes there when the line is back: it is sent again by itself, with its id. */
const PASSING: ReadonlySet<Refusal> = new Set<Refusal>(['offline', 'timeout', 'unavailable', 'internal']);

/** Words on their way, one after the other, so that they come in the order in which they were written. */
export interface Outbox {
  readonly unsent: readonly Unsent[];
  write(wish: Omit<Wish, 'messageId'>): void;
  /** The line is up again: what it failed is sent anew. */
  again(): void;
  /** Sends anew what was refused. */
  retry(messageId: MessageId): void;
  drop(messageId: MessageId): void;
  /** The thread as it is there: what it has is on its way no more, and what belongs to another call goes. */
  arrived(chat: Pick<ChatView, 'callId' | 'messages'> | null): void;
  forget(): void;
}

type Needs = {
  /** null: it is kept there. */
  send(wish: Wish): Promise<Refusal | null>;
  changed(unsent: readonly Unsent[]): void;
  now?: () => number;
  /** Where what is unsent outlives a reload; none: it does not. */
  storage?: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
};
const KEY = 'openvtm.unsent-words';

function kept(storage: Needs['storage']): Unsent[] {
  try {
    const all: unknown = JSON.parse(storage?.getItem(KEY) ?? '[]');
    return (Array.isArray(all) ? all : []).flatMap((one: { wish?: unknown; writtenAt?: unknown }): Unsent[] => {
      const wish = chatRequests['chat:write'].in.safeParse(one.wish);
      return wish.success && typeof one.writtenAt === 'number'
        ? [{ wish: wish.data, writtenAt: one.writtenAt, state: 'failed', why: 'offline' }]
        : [];
    });
  } catch {
    return [];
  }
}

export function createOutbox({ send, changed, now = Date.now, storage }: Needs): Outbox {
  let unsent: readonly Unsent[] = kept(storage);
  let running = false;

  function put(next: readonly Unsent[]): void {
    unsent = next;
    try {
      const waiting = next.filter(({ state }) => state !== 'sent');
      if (waiting.length === 0) storage?.removeItem(KEY);
      else storage?.setItem(KEY, JSON.stringify(waiting.map(({ wish, writtenAt }) => ({ wish, writtenAt }))));
    } catch {
      // A full or forbidden storage loses it on reload, never now.
    }
    changed(next);
  }
  const set = (messageId: MessageId, change: Pick<Unsent, 'state' | 'why'>) =>
    put(unsent.map((one) => (one.wish.messageId === messageId ? { ...one, ...change } : one)));

  async function run(): Promise<void> {
    if (running) return;
    running = true;
    for (;;) {
      const next = unsent.find(({ state }) => state === 'sending');
      if (!next) break;
      const why = await send(next.wish);
      set(next.wish.messageId, why === null ? { state: 'sent', why } : { state: 'failed', why });
    }
    running = false;
  }
  /** Puts failed ones back to the others; the order stays as they were written. */
  function resend(which: (one: Unsent) => boolean): void {
    if (!unsent.some((one) => one.state === 'failed' && which(one))) return;
    put(unsent.map((one) => (one.state === 'failed' && which(one) ? { ...one, state: 'sending', why: null } : one)));
    void run();
  }

  return {
    get unsent() {
      return unsent;
    },
    write(wish) {
      const one = { ...wish, messageId: newId() as MessageId };
      put([...unsent, { wish: one, writtenAt: now(), state: 'sending', why: null }]);
      void run();
    },
    again: () => resend(({ why }) => why !== null && PASSING.has(why)),
    retry: (messageId) => resend(({ wish }) => wish.messageId === messageId),
    drop: (messageId) => put(unsent.filter(({ wish }) => wish.messageId !== messageId)),
    arrived(chat) {
      const there = new Set(chat?.messages.map(({ messageId }) => messageId));
      const left = unsent.filter(({ wish }) => wish.callId === chat?.callId && !there.has(wish.messageId));
      if (left.length !== unsent.length) put(left);
    },
    forget() {
      if (unsent.length > 0) put([]);
    },
  };
}

/** What this side has to say of what came: it is here, or it is looked at. null: nothing that was not said. Pure. */
export function nextMark(
  messages: readonly ChatMessage[],
  { looking }: { looking: boolean },
): { messageId: ChatMessage['messageId']; how: 'delivered' | 'seen' } | null {
  const last = messages.findLast(({ mine }) => !mine);
  if (!last || last.state === 'seen') return null;
  if (looking) return { messageId: last.messageId, how: 'seen' };
  return last.state === 'sent' ? { messageId: last.messageId, how: 'delivered' } : null;
}
