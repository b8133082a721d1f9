import { type CallBackView, TicketId } from '@openvtm/protocol';
import { expect, it } from 'vitest';
import { inOrder, isDue, readOut } from './call-backs.ts';

const one = (phone: string, change: Partial<CallBackView> = {}): CallBackView => ({
  ticketId: TicketId.parse('6b1f2a0e-8f0a-4c62-9d58-0f6a5d1c9e01'),
  service: { 'zh-CN': '业务', en: 'service' },
  phone,
  language: 'zh-CN',
  joinedAt: 0,
  keptUntil: 9,
  ahead: 0,
  due: false,
  calledAt: null,
  reached: null,
  ...change,
});

it('puts who is to be called now first, and who was reached last', () => {
  const list = [
    one('reached', { due: true, reached: true, calledAt: 5 }),
    one('later'),
    one('now', { due: true }),
    one('again', { due: true, reached: false, calledAt: 5 }),
  ];
  expect(inOrder(list).map(({ phone }) => phone)).toEqual(['now', 'again', 'later', 'reached']);
  expect(list.map((each) => isDue(each))).toEqual([false, false, true, true]);
});

it('groups the digits of a mobile number', () => {
  expect(readOut('13900139001')).toBe('139 0013 9001');
  expect(readOut('+4930123456')).toBe('+4930123456');
});
