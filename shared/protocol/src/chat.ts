import { z } from 'zod';
import { ParticipantRole } from './calls.ts';
import { notice, request } from './define.ts';
import { CallId, CaseId, ChatMessageId, Instant } from './ids.ts';
import { Text } from './texts.ts';

/** Characters of one message. */
export const MAX_CHAT_TEXT = 500;
/** What one person may write in a short time: nobody types faster, and nobody reads faster. */
export const CHAT_PACE = { messages: 12, ms: 10_000 } as const;
/** The most that the customer, and that staff together, may write in one case. */
export const MAX_CHAT_MESSAGES = 300;
/** The latest ones that a screen is told of; what is before them is asked for. */
export const SHOWN_CHAT_MESSAGES = 60;

const PhraseId = z.string().regex(/^[a-z][a-z0-9-]{0,40}$/);
const PhraseText = Text.refine(
  (text) => Object.values(text).every((words) => words.length <= MAX_CHAT_TEXT),
  `longer than ${MAX_CHAT_TEXT} characters`,
);
/** A sentence that is ready in every language: each side reads it in its own. */
export const QuickPhrase = z.strictObject({ id: PhraseId, text: PhraseText });
export type QuickPhrase = z.infer<typeof QuickPhrase>;

/** The bank's quick phrases, as their data file has them: what agents say, and what customers answer. */
export const QuickPhrases = z.strictObject({
  agent: z.array(QuickPhrase).min(1).max(40),
  customer: z.array(QuickPhrase).min(1).max(8),
});
export type QuickPhrases = z.infer<typeof QuickPhrases>;

/** What a message says. A quick phrase is kept in every language, as it was when it was sent. */
export const ChatBody = z.discriminatedUnion('is', [
  z.object({ is: z.literal('text'), text: z.string() }),
  z.object({ is: z.literal('quick'), phraseId: PhraseId, text: Text }),
]);
export type ChatBody = z.infer<typeof ChatBody>;

/** What somebody wants to say. */
export const ChatWish = z.discriminatedUnion('is', [
  z.object({ is: z.literal('text'), text: z.string().trim().min(1).max(MAX_CHAT_TEXT) }),
  z.object({ is: z.literal('quick'), phraseId: PhraseId }),
]);
export type ChatWish = z.infer<typeof ChatWish>;

/** `agent`: a whisper, for the agent who leads alone; a kiosk never hears of it. */
export const ChatTo = z.enum(['everybody', 'agent']);
export type ChatTo = z.infer<typeof ChatTo>;

/** A message of a case. */
export const ChatMessage = z.object({
  messageId: ChatMessageId,
  /** The call that it was written in: a case may have had several. */
  callId: CallId,
  writtenAt: Instant,
  by: ParticipantRole,
  /** Who of the staff wrote it; null: the customer. */
  name: z.string().nullable(),
  /** Written by whoever looks at it. */
  mine: z.boolean(),
  to: ChatTo,
  body: ChatBody,
  /** How far it has come: kept, on the other side's screen, or looked at there. Whose other side it is: see `chat:mark`. */
  state: z.enum(['sent', 'delivered', 'seen']),
});
export type ChatMessage = z.infer<typeof ChatMessage>;

/** What was written about a case, for one of those who take part in its call. */
export const ChatView = z.object({
  caseId: CaseId,
  callId: CallId,
  /** To whom this person's words go now; null: to nobody, for the call is over, or they listen only. */
  mayWriteTo: ChatTo.nullable(),
  /** The latest, the newest last. */
  messages: z.array(ChatMessage),
  /** How many there are before them. */
  earlier: z.number().int(),
  /** Those of others that this side has not looked at; 0 for who neither leads the call nor is its customer. */
  unread: z.number().int(),
});
export type ChatView = z.infer<typeof ChatView>;

const ofCase = z.object({ caseId: CaseId });
const everybody = ['kiosk', 'agent', 'branch-staff', 'supervisor'] as const;

export const chatRequests = {
  /**
   * Says something in the running call; the same message id again: nothing. `wrong-state` when the call is over, when one
   * listens only, or when one's words go elsewhere by now than `to` says; `too-many-messages`; `invalid-value` for nothing
   * that can be read, or a phrase of the other side.
   */
  'chat:write': request({
    from: everybody,
    stage: 'ready',
    changes: true,
    in: z.object({ callId: CallId, messageId: ChatMessageId, to: ChatTo, body: ChatWish }),
    out: z.object({}),
  }),
  /**
   * This side has got, or looked at, this message and all before it. The sides are the customer, and the agent who leads;
   * a later one of the case goes on where the one before was. Nothing new: nothing happens.
   */
  'chat:mark': request({
    from: ['kiosk', 'agent'],
    stage: 'ready',
    changes: true,
    in: z.object({ callId: CallId, messageId: ChatMessageId, how: z.enum(['delivered', 'seen']) }),
    out: z.object({}),
  }),
  /** The bank's quick phrases. */
  'chat:phrases': request({
    from: everybody,
    stage: 'ready',
    changes: false,
    in: z.object({}),
    out: QuickPhrases,
  }),
  /** The messages before this one, for who has the case on the screen. */
  'chat:earlier': request({
    from: everybody,
    stage: 'ready',
    changes: false,
    in: ofCase.extend({ before: ChatMessageId }),
    out: z.object({ messages: z.array(ChatMessage), earlier: z.number().int() }),
  }),
  /**
   * What was written about an earlier case of the same customer, to the agent in a call about `caseId`; journalled.
   * `wrong-state` before it is proved who the customer is, `not-found` for another's case. `before` null: the latest.
   */
  'chat:past': request({
    from: ['agent'],
    stage: 'ready',
    changes: false,
    in: ofCase.extend({ pastCaseId: CaseId, before: ChatMessageId.nullable() }),
    out: z.object({ messages: z.array(ChatMessage), earlier: z.number().int() }),
  }),
};

export const chatNotices = {
  /** null: there is no call, and at a desk no case either. */
  'chat:changed': notice({ to: everybody, data: z.object({ chat: ChatView.nullable() }) }),
};
