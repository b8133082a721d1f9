import type { ChatBody, ChatMessageId, ChatWish, ParticipantRole, QuickPhrases } from '@openvtm/protocol';
import type { Keys } from '../../kernel/crypto.ts';
import type { Database } from '../../kernel/db.ts';
import type { Work } from '../../kernel/work.ts';
import { createChat } from './chat.ts';
import type { Reader } from './chat.store.ts';
import { readPhrases } from './phrases.ts';

export type { Reader } from './chat.store.ts';

/** Never with the words. `participantId`: who of the staff wrote it, where that is not who leads the call. */
export type ChatFact = {
  kind: 'chat.written' | 'chat.delivered' | 'chat.seen';
  about: { callId: string; caseId: string; kioskId: string; staffId: string; participantId?: string };
  data: Record<string, string | number | boolean | null>;
};
/** The running call, with the agent who leads it. */
export type ChatCall = { callId: string; caseId: string; kioskId: string; staffId: string };
/** `staffId` null: the customer. `whispers`: to the agent who leads alone. */
export type Author = { role: ParticipantRole; staffId: string | null; whispers: boolean };

export type KeptMessage = {
  messageId: ChatMessageId;
  callId: string;
  writtenAt: number;
  role: ParticipantRole;
  staffId: string | null;
  whispered: boolean;
  body: ChatBody;
  state: 'sent' | 'delivered' | 'seen';
};
export type KeptMessages = { messages: KeptMessage[]; earlier: number };

/** What is written in calls, kept with the case. */
export type Chat = {
  phrases: QuickPhrases;
  /**
   * Keeps a message; the same id again: nothing. `too-many-messages`; `invalid-value`: nothing in it that can be read, or
   * no such phrase of this side.
   */
  write(work: Work, call: ChatCall, message: { messageId: string; by: Author; wish: ChatWish }): Promise<void>;
  /** A side has got, or looked at, a message and all before it. `not-found`: no message that this side can read. */
  mark(work: Work, call: ChatCall, mark: { by: Reader; messageId: string; how: 'delivered' | 'seen' }): Promise<void>;
  /** Those before a message (null: the latest), the newest last. `not-found`: no such message in the case. */
  read(caseId: string, wish: { to: Reader; before: string | null }): Promise<KeptMessages>;
  /** Those of others that a side has not looked at. */
  unread(caseId: string, to: Reader): Promise<number>;
  /** How many there are of each of these cases, without whispers; a case without any is not among them. */
  countIn(caseIds: string[]): Promise<Map<string, number>>;
};

export const chatSchema = { schema: 'chat', dir: new URL('./migrations/', import.meta.url) };

/** `own`: the bank's own file of quick phrases, in the place of the shipped one. A broken file stops the start. */
export const openChat = async ({ own, ...needs }: { database: Database; keys: Keys; own: URL | null }): Promise<Chat> =>
  createChat({ ...needs, phrases: await readPhrases(own) });
