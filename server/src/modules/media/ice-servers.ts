import { createHmac, randomBytes } from 'node:crypto';
import type { IceServer } from '@openvtm/protocol';
import type { TurnSettings } from './media-needs.ts';

/**
 * TURN servers with a user name that is the second at which it ends, and the password that the server works out from it
 * with the same secret: the scheme of draft-uberti-behave-turn-rest-00, coturn's `use-auth-secret`. The name says
 * nothing of who it is for: a TURN server's log is no place for that.
 */
export function iceServers(turn: TurnSettings | null, { now }: { now: number }): IceServer[] {
  if (turn === null) return [];
  const holdsSeconds = Math.round(turn.hours * 3600);
  const username = `${Math.floor(now / 1000) + holdsSeconds}:${randomBytes(6).toString('hex')}`;
  const credential = createHmac('sha1', turn.secret).update(username).digest('base64');
  return [{ urls: turn.urls, username, credential, holdsSeconds }];
}
