import { expect, it } from 'vitest';
import { sentCaseOf } from './sent-ahead.ts';

it('comes back after a reload as it was, and anything else is nothing', () => {
  const sent = { code: '2345-6789', dueAt: 1, keptUntil: 2 };
  expect(sentCaseOf(JSON.stringify(sent))).toEqual(sent);
  for (const text of [
    null,
    '',
    '{',
    '{}',
    JSON.stringify({ ...sent, code: 'O0O0-1111' }),
    JSON.stringify({ ...sent, dueAt: 'x' }),
  ])
    expect(sentCaseOf(text), String(text)).toBeNull();
});
