import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import {
  CHAT_PACE,
  MAX_CHAT_MESSAGES,
  SHOWN_CHAT_MESSAGES,
  type CallId,
  type CaseId,
  type ChatMessageId,
  type ChatTo,
  type ChatView,
  type In,
  type ServiceCard,
} from '@openvtm/protocol';
import { expect, test } from 'vitest';
import { startLab, type Lab } from './lab/index.ts';
import type { LabKiosk } from './lab/kiosk.ts';
import type { LabStaff } from './lab/staff.ts';
import { finishCall, ringing, startCall } from './lab/stories.ts';

type Body = In<'chat:write'>['body'];
type One = LabKiosk | LabStaff;

// Two whom the demonstration's bank knows.
const WHO = { fullName: '王小明', idNumber: '11010519900307005X' };
const OTHER = { fullName: '张伟', idNumber: '110101198802140034' };
const UPDATE_PHONE = 'update-phone-number' as ServiceCard['id'];

async function inCall() {
  const lab = await startLab();
  const kiosk = await lab.kiosk();
  const agent = await lab.readyAgent('li.na');
  const call = await startCall({ kiosk, agent });
  return { lab, kiosk, agent, ...call };
}
const messageId = () => randomUUID() as ChatMessageId;
const text = (words: string): Body => ({ is: 'text', text: words });
type Wish = { to?: ChatTo; id?: ChatMessageId };
const wish = (callId: CallId, body: Body, { to = 'everybody', id = messageId() }: Wish = {}) => ({
  callId,
  messageId: id,
  to,
  body,
});
async function says(one: One, callId: CallId, words: string, to: ChatTo = 'everybody') {
  const sent = wish(callId, text(words), { to });
  await one.must('chat:write', sent);
  return sent.messageId;
}
const codeOf = async (answer: Promise<unknown>) => ((await answer) as { error?: { code: string } }).error?.code ?? 'ok';
const words = (chat: ChatView | null) =>
  chat?.messages.map(({ body }) => (body.is === 'text' ? body.text : body.text.en)) ?? null;
const reads = (one: One, all: string[]) =>
  one.until(({ chat }: { chat: ChatView | null }) => String(words(chat)) === String(all));
const facts = async (lab: Lab) =>
  (await lab.journal({ kind: 'chat.' })).map(({ kind, data }) => [kind.replace('chat.', ''), data]);

test('customer and agent write to each other; each is told how far it has come; the journal has it without the words', async () => {
  const { lab, kiosk, agent, callId, caseId } = await inCall();
  expect(await kiosk.until(({ chat }) => chat)).toEqual({
    caseId,
    callId,
    mayWriteTo: 'everybody',
    messages: [],
    earlier: 0,
    unread: 0,
  });
  const first = await says(agent, callId, 'Please show your card, O’Neil <b>now</b>');
  const { unread, messages } = await kiosk.until(({ chat }) => chat?.messages.length === 1 && chat);
  expect([unread, messages[0]]).toMatchObject([1, { messageId: first, by: 'agent', name: '李娜', mine: false }]);
  expect(await agent.until(({ chat }) => chat?.messages[0])).toMatchObject({ mine: true, state: 'sent' });
  await kiosk.must('chat:mark', { callId, messageId: first, how: 'delivered' });
  await agent.until(({ chat }) => chat?.messages[0]?.state === 'delivered');
  await kiosk.must('chat:mark', { callId, messageId: first, how: 'seen' });
  await agent.until(({ chat }) => chat?.messages[0]?.state === 'seen');
  await kiosk.until(({ chat }) => chat?.unread === 0);
  // Told again, or late and out of order, it takes nothing back.
  await kiosk.must('chat:mark', { callId, messageId: first, how: 'seen' });
  await kiosk.must('chat:mark', { callId, messageId: first, how: 'delivered' });
  expect(agent.shown.chat?.messages[0]?.state).toBe('seen');

  await kiosk.must('chat:write', wish(callId, { is: 'quick', phraseId: 'cannot-hear' }));
  const { body, state } = await agent.until(({ chat }) => chat?.messages[1]);
  expect([body, state, agent.shown.chat?.unread]).toEqual([
    { is: 'quick', phraseId: 'cannot-hear', text: { 'zh-CN': '我听不见', en: 'I cannot hear you' } },
    'sent',
    1,
  ]);
  expect(await facts(lab)).toEqual([
    ['written', { by: 'agent', to: 'everybody', phrase: null }],
    ['delivered', { by: 'customer' }],
    ['seen', { by: 'customer' }],
    ['written', { by: 'customer', to: 'everybody', phrase: 'cannot-hear' }],
  ]);
  expect(JSON.stringify(await lab.journal())).not.toContain('Neil');
  const { rows } = await lab.database.pool.query<{ body: Buffer }>('select body from chat.message');
  expect(rows.map((row) => row.body.toString('utf8')).join()).not.toContain('Neil');
  expect(lab.log.join()).not.toContain('Neil');
});

test('what is sent again after a lost answer is there once; a reload and a restart lose nothing', async () => {
  const { lab, kiosk, agent, callId } = await inCall();
  const sent = wish(callId, text('once'));
  // As a client does whose answer did not come: the same message under another request.
  await Promise.all([kiosk.must('chat:write', sent), kiosk.must('chat:write', sent)]);
  await lab.lose(kiosk);
  await says(agent, callId, 'while you were away');
  await kiosk.open();
  await kiosk.must('chat:write', sent);
  await reads(kiosk, ['once', 'while you were away']);
  await lab.restart();
  await Promise.all([kiosk, agent].map((one) => one.open()));
  for (const one of [kiosk, agent]) expect(words(one.shown.chat)).toEqual(['once', 'while you were away']);
  // Another's words do not go under this id.
  expect(await codeOf(agent.ask('chat:write', { ...wish(callId, text('stolen')), messageId: sent.messageId }))).toBe(
    'bad-request',
  );
});

test('an agent who gets the customer passed on reads what was written; unread stays unread, and no whisper is seen', async () => {
  const { lab, kiosk, agent, callId, caseId } = await inCall();
  await says(kiosk, callId, 'My card is gone');
  const answer = await says(agent, callId, 'I pass you on');
  const supervisor = await lab.staff('chen.jing');
  await supervisor.must('call:attend', { callId, mode: 'whispering', reason: 'quality' });
  await supervisor.until(({ chat }) => chat?.mayWriteTo === 'agent');
  await says(supervisor, callId, 'To you alone', 'agent');
  await reads(agent, ['My card is gone', 'I pass you on', 'To you alone']);
  await supervisor.must('call:leave', { callId });
  const colleague = await lab.readyAgent('wang.wei');
  await agent.must('call:transfer', { callId, to: { is: 'agent', staffId: colleague.staffId as never }, note: '' });
  // Nobody writes into a call that is over, and the kiosk shows nothing of it meanwhile.
  await kiosk.until(({ chat }) => chat === null);
  expect(await codeOf(kiosk.ask('chat:write', wish(callId, text('late'))))).toBe('wrong-state');
  expect(await codeOf(agent.ask('chat:write', wish(callId, text('late'))))).toBe('wrong-state');
  // At the wrap-up it can be read.
  await agent.until(({ chat }) => chat?.mayWriteTo === null && chat.messages.length === 3);
  const { offerId } = await ringing(colleague);
  const next = await colleague.must('call:accept', { offerId });
  const seen = await colleague.until(({ chat }) => chat?.callId === next.callId && chat);
  expect([words(seen), seen.unread, seen.caseId]).toEqual([['My card is gone', 'I pass you on'], 1, caseId]);
  expect(seen.messages.map(({ name, mine }) => [name, mine])).toEqual([
    [null, false],
    ['李娜', false],
  ]);
  await kiosk.until(({ chat }) => chat?.callId === next.callId && chat.messages.length === 2);
  await kiosk.must('chat:mark', { callId: next.callId, messageId: answer, how: 'seen' });
  expect(await codeOf(agent.ask('chat:write', wish(next.callId, text('not mine'))))).toBe('not-found');
});

test('who joined is read by everybody, who whispers by the agent alone, and who listens says nothing', async () => {
  const { lab, kiosk, agent, callId } = await inCall();
  const supervisor = await lab.staff('chen.jing');
  const branch = await lab.staff('zhang.min');
  const attend = (mode: 'joined' | 'listening' | 'whispering') =>
    supervisor.must('call:attend', { callId, mode, reason: 'quality' });
  await says(agent, callId, 'Hello');
  await attend('listening');
  await supervisor.until(({ chat }) => chat?.mayWriteTo === null && chat.messages.length === 1);
  for (const to of ['everybody', 'agent'] as const)
    expect(await codeOf(supervisor.ask('chat:write', wish(callId, text('x'), { to })))).toBe('wrong-state');
  await attend('whispering');
  // They wrote to everybody a moment before they whispered: it goes to nobody.
  expect(await codeOf(supervisor.ask('chat:write', wish(callId, text('loud'))))).toBe('wrong-state');
  const whisper = await says(supervisor, callId, 'Ask for the passport', 'agent');
  await branch.must('call:attend', { callId, mode: 'joined', reason: 'helping' });
  await says(branch, callId, 'I stand beside you');
  await reads(agent, ['Hello', 'Ask for the passport', 'I stand beside you']);
  await reads(supervisor, ['Hello', 'Ask for the passport', 'I stand beside you']);
  await reads(branch, ['Hello', 'I stand beside you']);
  await reads(kiosk, ['Hello', 'I stand beside you']);
  expect(JSON.stringify(kiosk.heard)).not.toContain('passport');
  expect(JSON.stringify(branch.heard)).not.toContain('passport');
  expect(agent.shown.chat).toMatchObject({ unread: 2, messages: [{}, { to: 'agent', by: 'supervisor' }, {}] });
  await agent.must('chat:mark', { callId, messageId: whisper, how: 'seen' });
  await supervisor.until(({ chat }) => chat?.messages[1]?.state === 'seen');
  // The customer neither marks nor asks for what is before a whisper, for there is none.
  expect(await codeOf(kiosk.ask('chat:mark', { callId, messageId: whisper, how: 'seen' }))).toBe('not-found');
  const { caseId } = kiosk.shown.chat ?? {};
  expect(await codeOf(kiosk.ask('chat:earlier', { caseId: caseId!, before: whisper }))).toBe('not-found');
  expect(await codeOf(branch.ask('chat:earlier', { caseId: caseId!, before: whisper }))).toBe('not-found');
  await attend('joined');
  await supervisor.until(({ chat }) => chat?.mayWriteTo === 'everybody');
  await says(supervisor, callId, 'Good day');
  await kiosk.until(({ chat }) => chat?.messages.some(({ by }) => by === 'supervisor'));
  expect(await codeOf(supervisor.ask('chat:write', wish(callId, text('soft'), { to: 'agent' })))).toBe('wrong-state');
  await supervisor.must('call:leave', { callId });
  expect(await codeOf(supervisor.ask('chat:write', wish(callId, text('x'))))).toBe('not-found');
});

test('nobody of another call reads or writes here, and nothing unreadable or endless is taken', async () => {
  const { lab, kiosk, agent, callId, caseId } = await inCall();
  const mine = await says(kiosk, callId, 'mine');
  const other = await lab.readyAgent('wang.wei');
  const otherKiosk = await lab.kiosk(2);
  const there = await startCall({ kiosk: otherKiosk, agent: other });
  for (const one of [other, otherKiosk]) {
    expect(await codeOf(one.ask('chat:write', wish(callId, text('x'))))).toBe('not-found');
    expect(await codeOf(one.ask('chat:mark', { callId, messageId: mine, how: 'seen' }))).toBe('not-found');
    expect(await codeOf(one.ask('chat:mark', { callId: there.callId, messageId: mine, how: 'seen' }))).toBe(
      'not-found',
    );
    expect(await codeOf(one.ask('chat:earlier', { caseId, before: mine }))).toBe('not-found');
    expect(await codeOf(one.ask('chat:earlier', { caseId: there.caseId, before: mine }))).toBe('not-found');
  }
  expect(await codeOf(other.ask('chat:past', { caseId, pastCaseId: caseId, before: null }))).toBe('not-found');
  const supervisor = await lab.staff('chen.jing');
  expect(await codeOf(supervisor.ask('chat:earlier', { caseId, before: mine }))).toBe('not-found');

  const write = (body: Body) => codeOf(agent.ask('chat:write', wish(callId, body)));
  for (const long of ['', '   ', 'x'.repeat(501)]) expect(await write(text(long))).toBe('bad-request');
  for (const blank of ['\u200b', '\u202e\u0007']) expect(await write(text(blank))).toBe('invalid-value');
  expect(await write({ is: 'quick', phraseId: 'no-such-phrase' })).toBe('invalid-value');
  expect(await write({ is: 'quick', phraseId: 'cannot-hear' })).toBe('invalid-value');
  expect(await codeOf(kiosk.ask('chat:write', wish(callId, { is: 'quick', phraseId: 'goodbye' })))).toBe(
    'invalid-value',
  );
  expect(await write(text('<script>alert(1)</script>\u0000'))).toBe('ok');
  await reads(kiosk, ['mine', '<script>alert(1)</script>']);
});

test('a hundred messages in a second are some, and the others are refused in words; with time it goes on', async () => {
  const { lab, kiosk, agent, callId } = await inCall();
  const codes = await Promise.all(
    Array.from({ length: 100 }, (_, i) => codeOf(kiosk.ask('chat:write', wish(callId, text(`no. ${i}`))))),
  );
  expect(codes.filter((code) => code === 'ok')).toHaveLength(CHAT_PACE.messages);
  expect(codes.filter((code) => code === 'too-many-messages')).toHaveLength(100 - CHAT_PACE.messages);
  expect(kiosk.up).toBe(true);
  // The other side is not kept from writing.
  await says(agent, callId, 'Slowly please');
  lab.clock.jump(CHAT_PACE.ms);
  await says(kiosk, callId, 'sorry');
  await agent.until(({ chat }) => chat?.messages.length === CHAT_PACE.messages + 2);
});

test('of many messages the latest are told, those before are asked for, and there is an end', async () => {
  const { lab, kiosk, agent, callId, caseId } = await inCall();
  for (let i = 0; i < MAX_CHAT_MESSAGES; i += 1) {
    if (i % CHAT_PACE.messages === 0) lab.clock.jump(CHAT_PACE.ms + 1);
    // A line may ask so often and no more, by the real clock.
    await delay(25);
    await kiosk.must('chat:write', wish(callId, text(`no. ${i}`)));
  }
  lab.clock.jump(CHAT_PACE.ms + 1);
  expect(await codeOf(kiosk.ask('chat:write', wish(callId, text('more'))))).toBe('too-many-messages');
  await says(agent, callId, 'I can still say something');
  const { messages, earlier } = await agent.until(({ chat }) => chat?.messages.at(-1)?.by === 'agent' && chat);
  expect([messages.length, earlier]).toEqual([SHOWN_CHAT_MESSAGES, MAX_CHAT_MESSAGES + 1 - SHOWN_CHAT_MESSAGES]);
  const all = [...messages];
  for (let left = earlier; left > 0;) {
    const page = await agent.must('chat:earlier', { caseId, before: all[0]!.messageId });
    all.unshift(...page.messages);
    left = page.earlier;
  }
  expect(all.slice(0, -1).map(({ body }) => body.is === 'text' && body.text)).toEqual(
    Array.from({ length: MAX_CHAT_MESSAGES }, (_, i) => `no. ${i}`),
  );
}, 120_000);

test('at the next visit the agent reads what was written before, once it is proved who stands there', async () => {
  const lab = await startLab();
  const [kiosk, agent] = [await lab.kiosk(), await lab.readyAgent('li.na')];
  const visit = async (who: Record<string, string>) => {
    const call = await startCall({ kiosk, agent }, { service: UPDATE_PHONE });
    for (const [name, value] of Object.entries(who))
      await kiosk.must('case:fill', { caseId: call.caseId, name, value });
    await agent.until(({ case: one }) => one?.values.length === 2);
    return call;
  };
  const proved = async (caseId: CaseId) => {
    await agent.must('case:tick', { caseId, step: 'identify', done: true });
    const view = await agent.must('customer:view', { caseId });
    return view.is === 'known' ? view.past.map((one) => [one.caseId, one.messages]) : [];
  };
  const done = async ({ callId, caseId }: { callId: CallId; caseId: CaseId }) => {
    lab.clock.jump(30_000);
    await finishCall(agent, callId);
    await kiosk.until(({ case: one }) => one?.at === 'rating');
    await kiosk.must('case:rate', { caseId, stars: null });
  };
  const first = await visit(WHO);
  await says(kiosk, first.callId, 'My number has changed');
  await proved(first.caseId);
  await done(first);

  const { callId, caseId } = await visit(WHO);
  const past = (pastCaseId: CaseId) => agent.ask('chat:past', { caseId, pastCaseId, before: null });
  expect(await codeOf(past(first.caseId))).toBe('wrong-state');
  expect(await proved(caseId)).toEqual([[first.caseId, 1]]);
  const found = await past(first.caseId);
  expect(found.ok && found.data.messages.map(({ body }) => body)).toEqual([
    { is: 'text', text: 'My number has changed' },
  ]);
  expect(await codeOf(past(caseId))).toBe('not-found');
  expect(await lab.journal({ kind: 'chat.looked-up' })).toMatchObject([{ data: { pastCase: first.caseId } }]);
  await done({ callId, caseId });

  // Somebody else's past is nobody's business.
  const other = await visit(OTHER);
  expect(await proved(other.caseId)).toEqual([]);
  expect(await codeOf(agent.ask('chat:past', { caseId: other.caseId, pastCaseId: first.caseId, before: null }))).toBe(
    'not-found',
  );
});
