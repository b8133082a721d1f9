import { format, inspect } from 'node:util';
import { expect, test } from 'vitest';
import { createLog } from './log.ts';
import { Secret } from './secret.ts';

const TEXT = '11010519491231002X';
const secret = new Secret(TEXT);

test('opens on demand only', () => {
  expect(secret.open()).toBe(TEXT);
});

test.for<[string, () => unknown]>([
  ['a template', () => `${secret as unknown as string} ${String(secret)}`],
  ['JSON', () => JSON.stringify({ secret, list: [secret] })],
  ['inspect', () => inspect({ secret }, { depth: 9, showHidden: true })],
  ['format', () => format('%s %o %O %j', secret, secret, secret, secret)],
  ['its keys', () => JSON.stringify([Object.entries(secret), Object.getOwnPropertyNames(secret)])],
  ['a copy', () => JSON.stringify({ ...secret })],
  ['an error', () => inspect(new Error('no', { cause: secret }))],
])('never prints by %s', ([, print]) => {
  expect(print()).not.toContain(TEXT);
});

test('never prints in a log line', () => {
  const lines: string[] = [];
  const log = createLog({ level: 'debug', to: { write: (line) => void lines.push(line) } });
  log.info({ secret, deep: { deeper: { secret } } }, 'with %s', secret);
  expect(lines.join()).not.toContain(TEXT);
  expect(lines.join()).toContain('[secret]');
});
