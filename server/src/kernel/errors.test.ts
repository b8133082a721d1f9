import { errorFamilies, ErrorCode } from '@openvtm/protocol';
import { DatabaseError } from 'pg';
import { expect, test } from 'vitest';
import { failureOf, newRef, ProtocolError, Refusal } from './errors.ts';

const database = (code: string) => Object.assign(new DatabaseError('words of ours', 0, 'error'), { code });

test.for(errorFamilies.refused)('a refusal is told as %s, and is nothing for us to look into', (code) => {
  expect(failureOf(new Refusal(code, 'why'))).toEqual({ code, ours: false });
});

test.for(errorFamilies.protocol)('a broken protocol is told as %s', (code) => {
  expect(failureOf(new ProtocolError(code, 'how'))).toEqual({ code, ours: false });
});

test.for([new Error('words'), new TypeError('words'), 'words', null, undefined, 42, { code: 5 }, database('23505')])(
  'what nobody expected is told as internal: %s',
  (error) => {
    expect(failureOf(error)).toEqual({ code: 'internal', ours: true });
  },
);

test.for(['57P01', '57P03', '08006', '08000', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE'])(
  'a database that is away with %s is unavailable, which passes',
  (code) => {
    expect(failureOf(database(code))).toEqual({ code: 'unavailable', ours: true });
  },
);

test.for(['22021', '22P05'])("characters that no text can have (%s) are the client's mistake", (code) => {
  expect(failureOf(database(code))).toEqual({ code: 'bad-request', ours: false });
});

test('every code is in the protocol', () => {
  for (const error of [new Error('x'), database('57P01'), database('22021')]) {
    expect(ErrorCode.safeParse(failureOf(error).code).success).toBe(true);
  }
});

test('a reference can be read out on the phone, and is another one each time', () => {
  const refs = Array.from({ length: 1_000 }, newRef);
  expect(refs.every((ref) => /^[0-9a-f]{8}$/.test(ref))).toBe(true);
  expect(new Set(refs).size).toBe(1_000);
});
