import { setTimeout as delay } from 'node:timers/promises';
import {
  errorFamilies,
  RequestId,
  requests,
  type Answer,
  type ErrorCode,
  type RequestName,
  type Role,
} from '@openvtm/protocol';
import type { Keys } from '../kernel/crypto.ts';
import { failureOf, newRef, ProtocolError } from '../kernel/errors.ts';
import type { Caller, Handlers } from '../kernel/handler.ts';
import type { Log } from '../kernel/log.ts';
import { createTurns } from '../kernel/turn.ts';
import type { Works } from '../kernel/work.ts';
import { keepAnswer, takeRequest } from '../kernel/requests.store.ts';

export type DispatchNeeds = {
  handlers: Handlers;
  works: Works;
  keys: Keys;
  log: Log;
  /** Called with each answer's name, code and seconds. */
  measure?: (name: string, code: ErrorCode | 'ok', seconds: number) => void;
};
export type Asking = { caller: Caller; stage: 'open' | 'ready' | 'closed' };
/** One message as it came; any of it may be anything at all. */
export type Message = { name: string; data: unknown; meta: unknown };
export type Dispatch = (asking: Asking, message: Message) => Promise<Answer<unknown>>;

/** A handler that takes longer is answered `timeout`; what it changes, if it still commits, stays under the request's id. */
const TIME_LIMIT_MS = 10_000;

type AnyHandler = (ask: { caller: Caller; work?: unknown }, data: unknown) => Promise<unknown>;

const isKnown = (name: unknown): name is RequestName => typeof name === 'string' && Object.hasOwn(requests, name);

export const rolesOf = (caller: Caller): readonly Role[] => (caller.kind === 'kiosk' ? ['kiosk'] : caller.roles);

/**
 * The one way in. Known name, role, stage, schema, the caller's turn, the handler inside one transaction, the answer's
 * schema; the same request id again gets the first answer. Never throws, whatever it is given.
 */
export function createDispatch({ handlers, works, keys, log, measure }: DispatchNeeds): Dispatch {
  const inTurn = createTurns();

  const change = async (
    caller: Caller,
    name: RequestName,
    { id, data }: { id: string; data: unknown },
  ): Promise<unknown> => {
    const definition = requests[name];
    return works.change({ kind: caller.kind, id: caller.id }, async (work) => {
      const earlier = await takeRequest(work.tx, { id, caller: caller.subject, name, at: work.now });
      if (earlier === 'foreign') throw new ProtocolError('bad-request', 'this request id was used for something else');
      if (earlier) return JSON.parse(keys.unseal(earlier, `request:${id}`).open());
      const answer = definition.out.parse(await (handlers[name] as AnyHandler)({ caller, work }, data));
      await keepAnswer(work.tx, id, keys.seal(JSON.stringify(answer), `request:${id}`));
      return answer;
    });
  };

  const run = async (asking: Asking, { name, data: raw, meta }: Message): Promise<unknown> => {
    if (!isKnown(name)) throw new ProtocolError('unknown-request', 'no request of this name');
    const definition = requests[name];
    const { caller } = asking;
    const roles: readonly Role[] = definition.from;
    if (!rolesOf(caller).some((role) => roles.includes(role)))
      throw new ProtocolError('bad-request', 'not a request of this role');
    if (definition.stage === 'ready' && asking.stage !== 'ready')
      throw new ProtocolError('wrong-stage', 'the line has no snapshot yet');
    const data = definition.in.safeParse(raw);
    if (!data.success) throw new ProtocolError('bad-request', 'the data do not fit the schema');
    if (!definition.changes) return definition.out.parse(await (handlers[name] as AnyHandler)({ caller }, data.data));
    const id = RequestId.safeParse((meta as { id?: unknown } | null | undefined)?.id);
    if (!id.success) throw new ProtocolError('bad-request', 'a request that changes something needs an id');
    return change(caller, name, { id: id.data, data: data.data });
  };

  /** Somebody reached for what is not theirs, or not there: kept, with those ids that the request's schema has. */
  const journalRefused = async (caller: Caller, { name, data }: Message, code: string) => {
    const about: Record<string, string> = {};
    const read = isKnown(name) ? requests[name].in.safeParse(data) : null;
    for (const [key, value] of Object.entries(read?.data ?? {})) {
      if (key.endsWith('Id') && typeof value === 'string') about[key] = value;
    }
    await works.change({ kind: caller.kind, id: caller.id }, async (work) => {
      work.record({ kind: 'access.refused', about, data: { request: name, code } });
    });
  };

  return async (asking, message) => {
    // What a client made up is neither a log line's nor a metric's: it may be anything, of any length.
    const name = isKnown(message.name) ? message.name : 'unknown';
    const began = performance.now();
    const ref = newRef();
    let code: ErrorCode | 'ok' = 'ok';
    const stop = new AbortController();
    try {
      const late = delay(TIME_LIMIT_MS, 'late' as const, { signal: stop.signal, ref: false }).catch(
        () => 'late' as const,
      );
      const job = inTurn(asking.caller.subject, () => run(asking, message)).then((answer) => ({ answer }));
      const first = await Promise.race([job, late]);
      if (first === 'late') {
        code = 'timeout';
        log.warn({ name, ref, subject: asking.caller.subject }, 'a request took too long');
        return { ok: false, error: { code, ref } };
      }
      return { ok: true, data: first.answer };
    } catch (error) {
      const failure = failureOf(error);
      code = failure.code;
      if (failure.ours) log.error({ err: error, name, ref, subject: asking.caller.subject }, 'a request failed');
      else log.info({ name, ref, code, subject: asking.caller.subject }, 'a request was refused');
      if (code === 'not-found' || code === 'not-allowed') {
        await journalRefused(asking.caller, message, code).catch((cause: unknown) =>
          log.error({ err: cause, ref }, 'a refusal could not be journalled'),
        );
      }
      return { ok: false, error: { code, ref } };
    } finally {
      stop.abort();
      measure?.(name, code, (performance.now() - began) / 1000);
    }
  };
}

export const brokeProtocol = (code: ErrorCode): boolean => (errorFamilies.protocol as readonly string[]).includes(code);
