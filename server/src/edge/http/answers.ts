import type { ErrorRequestHandler, Request, RequestHandler } from 'express';
import type { ErrorCode, StaffRole } from '@openvtm/protocol';
import type { z } from 'zod';
import { failureOf, newRef, ProtocolError, Refusal } from '../../kernel/errors.ts';
import type { Caller, StaffCaller } from '../../kernel/handler.ts';
import type { Log } from '../../kernel/log.ts';

const STATUS: Partial<Record<ErrorCode, number>> = {
  'bad-request': 400,
  'invalid-value': 400,
  'not-an-image': 415,
  'unreadable-image': 422,
  'locked-file': 422,
  'too-many-pages': 422,
  'storage-full': 507,
  'wrong-credentials': 401,
  expired: 401,
  'not-allowed': 403,
  'locked-out': 423,
  'not-found': 404,
  'wrong-state': 409,
  conflict: 409,
  'too-large': 413,
  'too-fast': 429,
  internal: 500,
  unavailable: 503,
};

/** The body by its schema, or `bad-request`. */
export function bodyOf<T extends z.ZodType>(request: Request, schema: T): z.infer<T> {
  const read = schema.safeParse(request.body);
  if (!read.success) throw new ProtocolError('bad-request', 'the body does not fit the schema');
  return read.data;
}

export type CallerOf = (token: string) => Promise<Caller | null>;

/** Whom the bearer token speaks for; 401 without one that holds. */
export async function requireCaller(request: Request, callerOf: CallerOf): Promise<Caller> {
  const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
  const caller = token ? await callerOf(token) : null;
  if (!caller) throw new Refusal('expired', 'no token that holds');
  return caller;
}

/** The same for staff with one of these roles; `not-allowed` for everybody else. */
export async function requireRole(
  request: Request,
  callerOf: CallerOf,
  { roles }: { roles: readonly StaffRole[] },
): Promise<StaffCaller> {
  const caller = await requireCaller(request, callerOf);
  if (caller.kind !== 'staff' || !roles.some((role) => caller.roles.includes(role)))
    throw new Refusal('not-allowed', `for ${roles.join(', ')}`);
  return caller;
}
/** What a query asks by its schema, or `bad-request`. */
export function queryOf<T extends z.ZodType>(request: Request, schema: T): z.infer<T> {
  const read = schema.safeParse(request.query);
  if (!read.success) throw new ProtocolError('bad-request', 'the query does not fit the schema');
  return read.data;
}

/** A browser sends this header across origins only after asking, and we never agree: it shows that our own page asks. */
export const requireOurPage: RequestHandler = (request, _response, next) => {
  if (request.headers['x-openvtm'] === '1') next();
  else next(new Refusal('not-allowed', 'not asked by our own page'));
};

/** The last handler: every error becomes `{ error: { code, ref } }` with its status; ours are logged, none tells its message. */
export function answerErrors(log: Log): ErrorRequestHandler {
  return (error, request, response, next) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    const ref = newRef();
    const code = codeOf(error);
    const status = STATUS[code] ?? 400;
    // Whoever runs the machine has to do something about it, but nothing of ours is broken.
    if (code === 'storage-full') log.warn({ ref, path: request.path }, 'there is no room for files');
    else if (status >= 500) log.error({ err: error, ref, method: request.method, path: request.path }, 'a call failed');
    else log.info({ ref, code, method: request.method, path: request.path }, 'a call was refused');
    const until =
      typeof error === 'object' && error !== null && 'until' in error && typeof error.until === 'number'
        ? { until: error.until }
        : {};
    response.status(status).json({ error: { code, ref, ...until } });
  };
}

function codeOf(error: unknown): ErrorCode {
  const status = typeof error === 'object' && error !== null && 'status' in error ? error.status : 0;
  if (status === 413) return 'too-large';
  if (typeof status === 'number' && status >= 400 && status < 500) return 'bad-request';
  return failureOf(error).code;
}
