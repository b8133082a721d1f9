import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { jwtVerify, SignJWT } from 'jose';
import { Refusal } from '../../kernel/errors.ts';
import type { Work } from '../../kernel/work.ts';
import type { Sessions, SessionsNeeds } from './index.ts';
import {
  insertRefresh,
  insertSession,
  liveAmong,
  refreshByHash,
  revokeSessions,
  sessionById,
  takeRefresh,
  type SubjectKind,
} from './sessions.store.ts';

const ALGORITHM = 'HS256';
const ISSUER = 'openvtm';
const AUDIENCE = 'openvtm-line';
/** Short, so that a stolen one is soon worthless; the refresh goes unseen. */
const ACCESS_MS = 5 * 60_000;
/** Two tabs that wake up together send the same cookie; within this time that is no theft. */
const REUSE_GRACE_MS = 10_000;
const LIFETIME_MS: Record<SubjectKind, number> = { staff: 12 * 3_600_000, kiosk: 365 * 24 * 3_600_000 };

const hashOf = (token: string) => createHash('sha256').update(token).digest();

/** See `Sessions` for each one's contract. */
export function createSessions({ database, keys, clock }: SessionsNeeds): Sessions {
  const key = keys.derive('access-tokens');

  const revoke: Sessions['revoke'] = async (work, which, reason) => {
    const ended = await revokeSessions(work.tx, which, { now: work.now, reason });
    for (const { id, subject_kind: kind, subject_id: subjectId } of ended) {
      const about = { sessionId: id, [`${kind}Id`]: subjectId };
      work.record({ kind: 'session.revoked', about, data: { reason } });
    }
  };

  const issueRefresh = async (work: Work, sessionId: string) => {
    const token = randomBytes(32).toString('base64url');
    await insertRefresh(work.tx, { hash: hashOf(token), session_id: sessionId, issued_at: work.now, used_at: null });
    return token;
  };

  return {
    async open(work, { kind, id }) {
      const sessionId = randomUUID();
      await insertSession(work.tx, {
        id: sessionId,
        subject_kind: kind,
        subject_id: id,
        opened_at: work.now,
        expires_at: work.now + LIFETIME_MS[kind],
        revoked_at: null,
        revoke_reason: null,
      });
      work.record({ kind: 'session.opened', about: { sessionId, [`${kind}Id`]: id } });
      return sessionId;
    },

    async issue(work, sessionId) {
      const session = await sessionById(work.tx, sessionId);
      if (!session || session.revoked_at !== null || session.expires_at <= work.now)
        throw new Refusal('expired', 'the session is over');
      const expiresAt = Math.min(work.now + ACCESS_MS, session.expires_at);
      const accessToken = await new SignJWT({ kind: session.subject_kind, sid: sessionId })
        .setProtectedHeader({ alg: ALGORITHM, typ: 'at+jwt' })
        .setSubject(session.subject_id)
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .setIssuedAt(Math.floor(work.now / 1000))
        .setExpirationTime(Math.floor(expiresAt / 1000))
        .sign(key);
      return { accessToken, expiresAt };
    },

    issueRefresh,

    async rotate(work, refresh) {
      const hash = hashOf(refresh);
      const taken = await takeRefresh(work.tx, hash, work.now);
      const known = taken ? null : await refreshByHash(work.tx, hash);
      const sessionId = taken?.session_id ?? known?.session_id;
      if (!sessionId) return null;
      const session = await sessionById(work.tx, sessionId);
      if (!session || session.revoked_at !== null || session.expires_at <= work.now) return null;
      if (known?.used_at && work.now - known.used_at > REUSE_GRACE_MS) {
        await revoke(work, { id: sessionId }, 'refresh-reused');
        return null;
      }
      const bearer = { kind: session.subject_kind, id: session.subject_id, sessionId };
      return { sessionId, bearer, refresh: await issueRefresh(work, sessionId) };
    },

    async verify(accessToken) {
      try {
        const { payload } = await jwtVerify(accessToken, key, {
          algorithms: [ALGORITHM],
          issuer: ISSUER,
          audience: AUDIENCE,
          typ: 'at+jwt',
          requiredClaims: ['sub', 'exp'],
          currentDate: new Date(clock()),
        });
        const { kind, sid, sub } = payload;
        if ((kind !== 'kiosk' && kind !== 'staff') || typeof sid !== 'string' || !sub) return null;
        return { kind, id: sub, sessionId: sid };
      } catch {
        return null;
      }
    },

    async stillLive(sessionIds) {
      if (sessionIds.length === 0) return new Set();
      return new Set((await liveAmong(database, [...sessionIds], clock())).map((row) => row.id));
    },
    revoke,
  };
}
