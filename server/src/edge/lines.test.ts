import type { NoticeData } from '@openvtm/protocol';
import { expect, test } from 'vitest';
import type { Caller } from '../kernel/handler.ts';
import { createLines, type LineEnd } from './lines.ts';

const kiosk: Caller = { kind: 'kiosk', id: 'k', subject: 'kiosk:k', branchId: 'b', device: 'floor', sessionId: 's' };
const endOf = (backlog = 0) => {
  const sent: { name: string; seq: number }[] = [];
  let gone = 0;
  const end: LineEnd = {
    emit: (name, _, seq) => void sent.push({ name, seq }),
    backlog: () => backlog,
    disconnect: () => void (gone += 1),
  };
  return { end, sent, gone: () => gone };
};
const help: NoticeData<'help:changed'> = { help: null };

test('notices are numbered in order, and a snapshot starts the count anew', () => {
  const { end, sent } = endOf();
  const line = createLines().add('1', kiosk, end);
  line.send('line:kiosk-snapshot', {} as NoticeData<'line:kiosk-snapshot'>);
  line.send('help:changed', help);
  line.send('help:changed', help);
  line.send('line:kiosk-snapshot', {} as NoticeData<'line:kiosk-snapshot'>);
  expect(sent.map((one) => one.seq)).toEqual([0, 1, 2, 0]);
});

test('a second line of the same subject replaces the first, which is told so, and only the second is forgotten for good', () => {
  const lines = createLines();
  const first = endOf();
  const one = lines.add('1', kiosk, first.end);
  const two = lines.add('2', kiosk, endOf().end);
  expect(first.sent.at(-1)?.name).toBe('line:closing');
  expect(first.gone()).toBe(1);
  expect(lines.remove(one)).toBe(false);
  expect(lines.of('kiosk:k')).toBe(two);
  expect(lines.remove(two)).toBe(true);
  expect(lines.all()).toEqual([]);
});

test('closing twice tells once, and a closed line sends nothing', () => {
  const { end, sent, gone } = endOf();
  const line = createLines().add('1', kiosk, end);
  line.close('not-allowed');
  line.close('not-allowed');
  line.send('help:changed', help);
  expect(sent).toHaveLength(1);
  expect(gone()).toBe(1);
});

test('a client that does not read is dropped, not buffered for', () => {
  const { end, sent, gone } = endOf(2_000_000);
  createLines().add('1', kiosk, end).send('help:changed', help);
  expect(sent).toEqual([]);
  expect(gone()).toBe(1);
});
