import { DatabaseError } from 'pg';
import { expect, test } from 'vitest';
import { createLog } from './log.ts';

/** What is written, line by line, parsed. */
function logOf(level = 'debug') {
  const lines: Record<string, unknown>[] = [];
  const write = (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>);
  return { lines, log: createLog({ level, to: { write } }) };
}

test('a line is JSON with its level, time and message', () => {
  const { lines, log } = logOf();
  log.warn({ ref: 'ab' }, 'careful');
  expect(lines).toEqual([
    { level: 40, time: expect.stringMatching(/^\d{4}-.*Z$/) as string, ref: 'ab', msg: 'careful' },
  ]);
});

test('below its level nothing is written', () => {
  const { lines, log } = logOf('warn');
  log.info('quiet');
  expect(lines).toEqual([]);
});

test('what is known to be secret by its name is censored', () => {
  const { lines, log } = logOf();
  log.info({
    body: { password: 'p', token: 't', cookie: 'c', authorization: 'a', value: 'v', summary: 's', note: 'n' },
  });
  expect(Object.values(lines[0]?.body as object)).toEqual(Array.from({ length: 7 }, () => '[secret]'));
});

test("a database's error is told without the row that it quotes", () => {
  const { lines, log } = logOf();
  const error = Object.assign(new DatabaseError('duplicate key value', 1, 'error'), {
    code: '23505',
    detail: 'Key (name)=(王小明) already exists.',
    where: "unnamed portal parameter $1 = '王小明'",
  });
  log.error({ err: new Error('could not be kept', { cause: error }) }, 'failed');
  expect(JSON.stringify(lines)).not.toContain('王小明');
  expect(lines[0]?.err).toMatchObject({ message: 'could not be kept', cause: { code: '23505' } });
});
