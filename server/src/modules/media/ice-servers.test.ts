import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { iceServers } from './ice-servers.ts';

const turn = { urls: ['turns:turn.example:443?transport=tcp'], secret: 'a-secret-of-the-bank', hours: 12 };

test('without a TURN server there is none', () => {
  expect(iceServers(null, { now: 0 })).toEqual([]);
});

test('each asks with a name of its own that ends after the hours, and the password that fits it', () => {
  const [one] = iceServers(turn, { now: 1_795_720_000_500 });
  const [other] = iceServers(turn, { now: 1_795_720_000_500 });
  expect(one?.urls).toEqual(turn.urls);
  expect(one?.holdsSeconds).toBe(12 * 3600);
  expect(one?.username).toMatch(new RegExp(`^${1_795_720_000 + 12 * 3600}:[0-9a-f]{12}$`));
  expect(one?.username).not.toBe(other?.username);
  expect(one?.credential).toBe(createHmac('sha1', turn.secret).update(String(one?.username)).digest('base64'));
});
