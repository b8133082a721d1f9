import type { Database } from '../../kernel/db.ts';
import type { Keys } from '../../kernel/crypto.ts';
import type { Work } from '../../kernel/work.ts';
import { createSessions } from './sessions.ts';
import type { SubjectKind } from './sessions.store.ts';

export type { SubjectKind } from './sessions.store.ts';

/** Who a valid access token speaks for. */
export type Bearer = { kind: SubjectKind; id: string; sessionId: string };
export type Issued = { accessToken: string; expiresAt: number };

/** Sign-ins that last, and the short tokens that speak for them. */
export type Sessions = {
  open(work: Work, subject: { kind: SubjectKind; id: string }): Promise<string>;
  /** A short access token for a session that holds; `expired` if it does not. */
  issue(work: Work, sessionId: string): Promise<Issued>;
  /** A refresh token for the cookie: works once. */
  issueRefresh(work: Work, sessionId: string): Promise<string>;
  /** Trades a refresh token for the next. A token used before, other than by two tabs at once, ends its session: somebody copied it. */
  rotate(work: Work, refresh: string): Promise<{ sessionId: string; bearer: Bearer; refresh: string } | null>;
  /** Checks signature, algorithm, issuer, audience, kind and expiry; null for anything else. Does not ask the database. */
  verify(accessToken: string): Promise<Bearer | null>;
  /** Of these sessions, those that still hold. */
  stillLive(sessionIds: readonly string[]): Promise<Set<string>>;
  revoke(work: Work, which: { id: string } | { kind: SubjectKind; subjectId: string }, reason: string): Promise<void>;
};

export type SessionsNeeds = { database: Database; keys: Keys; clock: () => number };
export const sessionsSchema = { schema: 'sessions', dir: new URL('./migrations/', import.meta.url) };
export const openSessions = (needs: SessionsNeeds): Sessions => createSessions(needs);
