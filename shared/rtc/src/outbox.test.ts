import { randomUUID } from 'node:crypto';
import type { CallId, ChatMessage, ChatMessageId } from '@openvtm/protocol';
import { expect, test } from 'vitest';
import { createOutbox, nextMark, type Refusal, type Unsent } from './outbox.ts';

const callId = randomUUID() as CallId;
const id = () => randomUUID() as ChatMessageId;
const wish = (words: string) => ({
  callId,
  to: 'everybody' as const,
  body: { is: 'text' as const, text: words },
});
/** Writes these, and answers them with their ids. */
function written(box: ReturnType<typeof createOutbox>, ...all: string[]) {
  for (const words of all) box.write(wish(words));
  const [one, two] = box.unsent.map((unsent) => unsent.wish);
  if (!one) throw new Error('nothing was written');
  return [one, two ?? one] as const;
}
const settled = () => new Promise((resolve) => setTimeout(resolve));

function storage() {
  const all = new Map<string, string>();
  return {
    all,
    getItem: (key: string) => all.get(key) ?? null,
    setItem: (key: string, value: string) => void all.set(key, value),
    removeItem: (key: string) => void all.delete(key),
  };
}
function outbox(answers: (Refusal | null)[] = [], tab = storage()) {
  const sent: string[] = [];
  const told: (readonly Unsent[])[] = [];
  const box = createOutbox({
    send: async ({ body, messageId }) => {
      sent.push(`${body.is === 'text' ? body.text : ''} ${messageId}`);
      return answers.shift() ?? null;
    },
    changed: (unsent) => void told.push(unsent),
    storage: tab,
  });
  return { box, sent, told, tab };
}
const message = (mine: boolean, state: ChatMessage['state']): ChatMessage => ({
  messageId: id(),
  callId,
  writtenAt: 1,
  by: 'agent',
  name: null,
  mine,
  to: 'everybody',
  body: { is: 'text', text: 'x' },
  state,
});

test('words go one after the other, in their order, and are there until the thread has them', async () => {
  const { box, sent, tab } = outbox();
  const [one, two] = written(box, 'one', 'two');
  expect(box.unsent.map(({ state }) => state)).toEqual(['sending', 'sending']);
  await settled();
  expect(sent).toEqual([`one ${one.messageId}`, `two ${two.messageId}`]);
  expect(box.unsent.map(({ state }) => state)).toEqual(['sent', 'sent']);
  box.arrived({ callId, messages: [{ ...message(true, 'sent'), messageId: one.messageId }] });
  expect(box.unsent.map((one) => one.wish)).toEqual([two]);
  box.arrived(null);
  expect([box.unsent, tab.all.size]).toEqual([[], 0]);
});

test('what the line failed goes again under the same id when the line is back; what was refused only when asked to', async () => {
  const { box, sent } = outbox(['offline', 'too-many-messages']);
  const [one, two] = written(box, 'one', 'two');
  await settled();
  expect(box.unsent.map(({ state, why }) => [state, why])).toEqual([
    ['failed', 'offline'],
    ['failed', 'too-many-messages'],
  ]);
  box.again();
  await settled();
  expect(sent.slice(2)).toEqual([`one ${one.messageId}`]);
  box.retry(two.messageId);
  await settled();
  expect(sent.slice(3)).toEqual([`two ${two.messageId}`]);
  box.drop(two.messageId);
  expect(box.unsent.map((left) => left.wish)).toEqual([one]);
});

test('after a reload what was unsent is there again, and nothing that is not ours', async () => {
  const { box, tab } = outbox(['offline']);
  const [one] = written(box, "O'Neil");
  await settled();
  const later = outbox([], tab);
  expect(later.box.unsent).toMatchObject([{ wish: one, state: 'failed', why: 'offline' }]);
  later.box.again();
  await settled();
  expect(later.sent).toEqual([`O'Neil ${one.messageId}`]);
  tab.setItem('openvtm.unsent-words', '[{"wish":{"callId":"nonsense"}},7]');
  expect(outbox([], tab).box.unsent).toEqual([]);
  tab.setItem('openvtm.unsent-words', '{broken');
  expect(outbox([], tab).box.unsent).toEqual([]);
});

test('what came is said to be here once, and looked at once', () => {
  const [got, seen] = [message(false, 'delivered'), message(false, 'seen')];
  const fresh = message(false, 'sent');
  expect(nextMark([], { looking: true })).toBeNull();
  expect(nextMark([message(true, 'sent')], { looking: true })).toBeNull();
  expect(nextMark([seen, fresh, message(true, 'sent')], { looking: false })).toEqual({
    messageId: fresh.messageId,
    how: 'delivered',
  });
  expect(nextMark([got], { looking: false })).toBeNull();
  expect(nextMark([got], { looking: true })).toEqual({ messageId: got.messageId, how: 'seen' });
  expect(nextMark([seen], { looking: true })).toBeNull();
});
