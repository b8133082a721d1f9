import {
  CHAT_PACE,
  ChatBody,
  MAX_CHAT_MESSAGES,
  SHOWN_CHAT_MESSAGES,
  type ChatMessageId,
  type ChatWish,
  type QuickPhrases,
} from '@openvtm/protocol';
import type { Keys } from '../../kernel/crypto.ts';
import type { Database } from '../../kernel/db.ts';
import { ProtocolError, Refusal } from '../../kernel/errors.ts';
import {
  countInCases,
  countUnread,
  countWritten,
  insertMessage,
  lockThread,
  marksOf,
  messageById,
  messagesOf,
  putMark,
  sideOf,
  type MessageRow,
  type Reader,
} from './chat.store.ts';
import type { Author, Chat, ChatCall, ChatFact, KeptMessage } from './index.ts';
import { tidyWords } from './words.ts';

type Needs = { database: Database; keys: Keys; phrases: QuickPhrases };
type Marks = Awaited<ReturnType<typeof marksOf>>;

const contextOf = (id: string) => `chat:${id}`;
const isReader = (row: MessageRow, reader: Reader) =>
  row.to_staff === null ||
  ('staffId' in reader && (row.to_staff === reader.staffId || row.staff_id === reader.staffId));

/** How far it has come on the other side: an agent's and colleague's words at the customer, all others at the agent. */
function stateOf(row: MessageRow, marks: Marks): KeptMessage['state'] {
  const side = row.role === 'customer' || row.to_staff !== null ? 'agent' : 'customer';
  const mark = marks.find((one) => one.side === side);
  if (!mark || mark.delivered < row.place) return 'sent';
  return mark.seen < row.place ? 'delivered' : 'seen';
}

/** See `Chat` for each one's contract. */
export function createChat({ database, keys, phrases }: Needs): Chat {
  const bodyOf = (wish: ChatWish, { role }: Author): ChatBody => {
    if (wish.is === 'text') {
      const text = tidyWords(wish.text);
      if (text === null) throw new Refusal('invalid-value', 'nothing in it can be read');
      return { is: 'text', text };
    }
    const known = phrases[role === 'customer' ? 'customer' : 'agent'].find(({ id }) => id === wish.phraseId);
    if (!known) throw new Refusal('invalid-value', 'no such phrase of this side');
    return { is: 'quick', phraseId: known.id, text: known.text };
  };
  const aboutOf = ({ callId, caseId, kioskId, staffId }: ChatCall, by: string | null): ChatFact['about'] => ({
    callId,
    caseId,
    kioskId,
    staffId,
    ...(by !== null && by !== staffId ? { participantId: by } : {}),
  });

  return {
    phrases,
    async write(work, call, { messageId, by, wish }) {
      const last = await lockThread(work.tx, call.caseId);
      const before = await messageById(work.tx, messageId);
      if (before) {
        if (before.case_id === call.caseId && before.staff_id === by.staffId && before.call_id === call.callId) return;
        throw new ProtocolError('bad-request', 'this id is another message’s');
      }
      const body = bodyOf(wish, by);
      const { ofSide, lately } = await countWritten(work.tx, call.caseId, { by, since: work.now - CHAT_PACE.ms });
      if (lately >= CHAT_PACE.messages || ofSide >= MAX_CHAT_MESSAGES)
        throw new Refusal(
          'too-many-messages',
          `at most ${CHAT_PACE.messages} in ${CHAT_PACE.ms} ms, and ${MAX_CHAT_MESSAGES} of a side in a case`,
        );
      await insertMessage(work.tx, {
        id: messageId,
        case_id: call.caseId,
        call_id: call.callId,
        place: last + 1,
        role: by.role,
        staff_id: by.staffId,
        to_staff: by.whispers ? call.staffId : null,
        written_at: work.now,
        body: keys.seal(JSON.stringify(body), contextOf(messageId)),
      });
      const fact: ChatFact = {
        kind: 'chat.written',
        about: aboutOf(call, by.staffId),
        data: {
          by: by.role,
          to: by.whispers ? 'agent' : 'everybody',
          phrase: body.is === 'quick' ? body.phraseId : null,
        },
      };
      work.record(fact);
    },

    async mark(work, call, { by, messageId, how }) {
      await lockThread(work.tx, call.caseId);
      const row = await messageById(work.tx, messageId);
      if (row?.case_id !== call.caseId || !isReader(row, by)) throw new Refusal('not-found', 'no such message');
      const side = sideOf(by);
      const before = (await marksOf(work.tx, call.caseId)).find((one) => one.side === side) ?? {
        delivered: 0,
        seen: 0,
      };
      if (before[how] >= row.place) return;
      const delivered = Math.max(before.delivered, row.place);
      const seen = how === 'seen' ? row.place : before.seen;
      await putMark(work.tx, { case_id: call.caseId, side, delivered, seen });
      const fact: ChatFact = { kind: `chat.${how}`, about: aboutOf(call, null), data: { by: side } };
      work.record(fact);
    },

    async read(caseId, { to, before }) {
      const row = before === null ? null : await messageById(database, before);
      if (row !== null && (row?.case_id !== caseId || !isReader(row, to)))
        throw new Refusal('not-found', 'no such message');
      const [{ rows, earlier }, marks] = await Promise.all([
        messagesOf(database, caseId, { to, before: row?.place ?? null, most: SHOWN_CHAT_MESSAGES }),
        marksOf(database, caseId),
      ]);
      return {
        earlier,
        messages: rows.map((one) => ({
          messageId: one.id as ChatMessageId,
          callId: one.call_id,
          writtenAt: one.written_at,
          role: one.role,
          staffId: one.staff_id,
          whispered: one.to_staff !== null,
          body: ChatBody.parse(JSON.parse(keys.unseal(one.body, contextOf(one.id)).open())),
          state: stateOf(one, marks),
        })),
      };
    },
    async unread(caseId, to) {
      const marks = await marksOf(database, caseId);
      const after = marks.find(({ side }) => side === sideOf(to))?.seen ?? 0;
      return countUnread(database, caseId, { to, after });
    },
    async countIn(caseIds) {
      if (caseIds.length === 0) return new Map();
      const found = await countInCases(database, caseIds);
      return new Map(found.map(({ case_id, messages }) => [case_id, messages]));
    },
  };
}
