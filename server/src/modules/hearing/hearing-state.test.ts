import { CallId, StaffId, type Caption } from '@openvtm/protocol';
import { expect, test } from 'vitest';
import { quietCall, sidesToRead, tidyCaption, viewOf, withCaption, type CallHearing } from './hearing-state.ts';

const uuid = (n: number) => `6b1f2a0e-8f0a-4c62-9d58-0f6a5d1c9e0${n}`;
const callId = CallId.parse(uuid(1));
const [agent, expert] = [StaffId.parse(uuid(2)), StaffId.parse(uuid(3))];
const speaker = (staffId: StaffId, role: 'agent' | 'expert') => ({ staffId, role, name: role });
const said = (by: Caption['speaker'], text: string, more: Partial<Caption> = {}): Caption => ({
  captionId: '1.1',
  speaker: by,
  role: by === 'customer' ? 'customer' : 'agent',
  name: by === 'customer' ? null : 'agent',
  language: 'en',
  text,
  final: true,
  at: 1_000,
  ...more,
});
const call = (more: Partial<CallHearing> = {}): CallHearing => ({
  ...quietCall,
  speakers: [speaker(agent, 'agent')],
  ...more,
});
const view = (of: CallHearing, to: Caption['speaker'], now = 1_000) =>
  viewOf(of, { callId, to, service: { simulated: true }, now });

test('only those are read whom a side that asked for captions hears', () => {
  expect(sidesToRead(call())).toEqual([]);
  expect(sidesToRead(call({ wants: { customer: true, staff: false } }))).toEqual(['staff']);
  expect(sidesToRead(call({ wants: { customer: false, staff: true } }))).toEqual(['customer']);
  expect(sidesToRead(call({ wants: { customer: true, staff: true } }))).toEqual(['customer', 'staff']);
  const two = call({ speakers: [speaker(agent, 'agent'), speaker(expert, 'expert')] });
  expect(sidesToRead({ ...two, wants: { customer: false, staff: true } })).toEqual(['customer', 'staff']);
});

test('nobody is read while the customer is on hold', () => {
  expect(sidesToRead(call({ held: true, wants: { customer: true, staff: true } }))).toEqual([]);
});

test('a side reads what others said, and nothing where it did not ask', () => {
  const lines = [said(agent, 'hello'), said('customer', 'good day')];
  const words = (of: CallHearing, to: Caption['speaker']) => view(of, to).captions?.lines.map(({ text }) => text);
  const both = call({ lines, wants: { customer: true, staff: true } });
  expect(words(both, 'customer')).toEqual(['hello']);
  expect(words(both, agent)).toEqual(['good day']);
  const one = call({ lines, wants: { customer: true, staff: false } });
  expect(words(one, agent)).toEqual([]);
  expect(view(one, agent).captions).toMatchObject({ state: 'off', read: true });
  expect(view(one, 'customer').captions).toMatchObject({ state: 'on', read: false });
  expect(view({ ...one, lost: true }, 'customer').captions?.state).toBe('lost');
  expect(viewOf(one, { callId, to: 'customer', service: null, now: 0 }).captions).toBeNull();
});

test('a caption goes on under its id, where it stands, and the oldest go', () => {
  const first = withCaption(call(), said(agent, 'he', { final: false }));
  const longer = withCaption(withCaption(first, said('customer', 'yes')), said(agent, 'hello', { at: 2_000 }));
  expect(longer.lines.map(({ text, at }) => [text, at])).toEqual([
    ['hello', 1_000],
    ['yes', 1_000],
  ]);
  const many = Array.from({ length: 60 }, (_, i) => said(agent, String(i), { captionId: `1.${i}` }));
  const after = many.reduce(withCaption, call({ wants: { customer: true, staff: false } }));
  expect(after.lines.length).toBeLessThan(20);
  expect(view(after, 'customer').captions?.lines.map(({ text }) => text)).toEqual(['56', '57', '58', '59']);
});

test('that the customer asked to speak up is shown for a while', () => {
  const asked = call({ speakUpAt: 1_000 });
  expect(view(asked, agent, 20_999).speakUpAt).toBe(1_000);
  expect(view(asked, agent, 21_000).speakUpAt).toBeNull();
});

test.for([
  ['words as they are', '您好, O’Neil <b>1</b>', '您好, O’Neil <b>1</b>'],
  ['line breaks and blanks', ' one\n\n two ', 'one two'],
  ['what would turn the words around', 'pay \u202e001\u202c now', 'pay 001 now'],
  ['nothing', '\u0000', ''],
])('a service’s text is shown tidy: %s', ([, text, shown]) => expect(tidyCaption(text!)).toBe(shown));

test('of a text without an end the last is shown', () => {
  const shown = tidyCaption(`${'𠮷'.repeat(300)}end`);
  expect([...shown]).toHaveLength(120);
  expect(shown.startsWith('…')).toBe(true);
  expect(shown.endsWith('𠮷end')).toBe(true);
});
