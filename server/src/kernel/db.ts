import { setTimeout as delay } from 'node:timers/promises';
import type { IsolationLevel, PostgresPool, Transaction } from 'kysely';
import { Kysely, PostgresDialect, sql } from 'kysely';
import type { PoolClient } from 'pg';
import { DatabaseError, Pool, types } from 'pg';
import type { Log } from './postgres/index.ts';

/** A `DATABASE_URL`, or the parts of one; a `host` that begins with `/` is the folder of a socket. */
export type Connection = string | { host: string; port: number; user: string; database: string; password?: string };

/** What a store needs to read and write, within a transaction or not; `T` are the tables of its own schema. */
export interface Queryable {
  as<T>(): Kysely<T>;
}

/** A running transaction. */
export interface Tx extends Queryable {
  as<T>(): Transaction<T>;
}

export interface Database extends Queryable {
  /** For migrations and health only; stores use `as`. */
  readonly pool: Pool;
  /**
   * Runs `fn` in a transaction and commits if it resolves, rolls back if it rejects.
   *
   * After a deadlock or a serialization failure it runs `fn` again, at most three times; so `fn` does nothing but SQL.
   */
  transaction<R>(fn: (tx: Tx) => Promise<R>, options?: { isolation?: IsolationLevel }): Promise<R>;
  /** Whether a query is answered within a second. Never rejects. */
  healthy(): Promise<boolean>;
  /** Waits for running queries. May be called twice. */
  close(): Promise<void>;
}

/** The connection was lost or is silent; what ran on it may or may not have been committed. */
export class DatabaseAway extends Error {
  override readonly name = 'DatabaseAway';
  readonly code = 'ECONNABORTED';
}

/**
 * Put before a statement that is large and frequent: planning it takes longer than running it. The name stands for the
 * text, so statements with different texts have different names.
 */
export const prepared = (name: string) => sql.raw(`/* prepared: ${name} */ `);

const RETRIES = 3;
/** serialization_failure and deadlock_detected (PostgreSQL manual, appendix A); both mean: nothing happened, try again. */
const RETRYABLE = new Set(['40001', '40P01']);
/** A statement that begins with this comment is planned once a connection, under this name; see `prepared`. */
const PREPARED = /^\/\* prepared: (\S+) \*\//;
const BEGIN = /^(begin|start transaction)/;
const HEALTHY_WITHIN_MS = 1_000;

const LIMITS = {
  connectionTimeoutMillis: 5_000,
  /** Waiting for a row that another holds ends first, then the statement, then answerWithinMs. */
  lock_timeout: 5_000,
  statement_timeout: 10_000,
  /** A transaction whose process hangs must not keep its rows from the others. */
  idle_in_transaction_session_timeout: 15_000,
  /** Statements here take milliseconds: to compile one takes longer than to run it. */
  options: '-c jit=off',
  keepAlive: true,
  keepAliveInitialDelayMillis: 10_000,
};

const INT8 = 20;
const DATE = 1082;
const INT8_ARRAY = 1016;
const DATE_ARRAY = 1182;
/** pg-types names the plain types only, not the arrays of them. */
const TEXT_ARRAY = 1009 as Parameters<typeof types.getTypeParser>[0];
const parseTextArray = types.getTypeParser(TEXT_ARRAY) as (value: string) => (string | null)[];

/**
 * Opens a pool of connections; connects with the first query.
 *
 * Values: `bigint` is a number (and an error beyond 2^53), `date` is the string `YYYY-MM-DD`, `numeric` (also
 * the sum of bigints) a string, `bytea` a Buffer, `jsonb` the parsed value. Times are `bigint`, milliseconds since 1970.
 *
 * A server that does not even end a statement at its time-out is out of reach: after `answerWithinMs` the query fails.
 */
export function openDatabase(options: {
  connection: Connection;
  log: Log;
  poolSize?: number;
  answerWithinMs?: number;
}): Database {
  const { connection, log, poolSize = 20, answerWithinMs = 12_000 } = options;
  const pool = new Pool({
    ...(typeof connection === 'string' ? { connectionString: connection } : { ...connection, ssl: false }),
    ...LIMITS,
    max: poolSize,
    /** Statements that do not need each other's answers go out together. */
    pipeline: true,
    application_name: 'openvtm',
    types: { getTypeParser },
  });
  // Without a listener the end of the server ends the process: on the pool for idle connections, on each for those in use.
  pool.on('error', (err) => log.warn({ err }, 'An idle database connection was lost'));
  pool.on('connect', (client) => {
    client.on('error', (err) => log.warn({ err }, 'A database connection was lost'));
  });
  const kysely = new Kysely<unknown>({
    dialect: new PostgresDialect({ pool: discardingSilent(pool, answerWithinMs) }),
  });
  let closed: Promise<void> | undefined;

  return {
    pool,
    as: <T>() => kysely as Kysely<T>,
    async transaction(fn, { isolation } = {}) {
      for (let attempt = 0; ; attempt += 1) {
        const builder = kysely.transaction();
        try {
          return await (isolation ? builder.setIsolationLevel(isolation) : builder).execute((transaction) =>
            fn({ as: <T>() => transaction as Transaction<T> }),
          );
        } catch (error) {
          if (attempt >= RETRIES || !isRetryable(error)) throw error;
          log.info({ code: error.code, attempt: attempt + 1 }, 'Two transactions met; running one again');
          await delay(5 * 2 ** attempt);
        }
      }
    },
    healthy: () => healthy(pool),
    close: () => (closed ??= pool.end()),
  };
}

function isRetryable(error: unknown): error is DatabaseError {
  return error instanceof DatabaseError && RETRYABLE.has(error.code ?? '');
}

/** pg asks for text values only, as no query here asks for the binary format. */
function getTypeParser(oid: number): (value: string) => unknown {
  if (oid === INT8) return toSafeNumber;
  if (oid === DATE) return (value) => value;
  if (oid === DATE_ARRAY) return parseTextArray;
  if (oid === INT8_ARRAY) {
    return (value) => parseTextArray(value).map((item) => (item === null ? null : toSafeNumber(item)));
  }
  return types.getTypeParser(oid) as (value: string) => unknown;
}

function toSafeNumber(value: string): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) {
    throw new RangeError(`The bigint ${value} does not fit a JavaScript number; select it as text.`);
  }
  return number;
}

/**
 * The pool as kysely sees it: a connection that did not answer in time is closed instead of used again, because the
 * late answer would keep the next query waiting.
 */
function discardingSilent(pool: Pool, answerWithinMs: number): PostgresPool {
  return {
    options: pool.options,
    end: () => pool.end(),
    async connect() {
      const client = await pool.connect().catch(throwNamed);
      let silent: Error | undefined;
      return Object.assign(Object.create(client) as PoolClient, {
        release: (destroy?: boolean) => client.release(silent ?? destroy),
        async query(text: string, values: unknown[]) {
          if (silent) throw silent;
          if (BEGIN.test(text)) {
            // Goes out with the first statement, one round trip less; it fails only with the connection, as that one then does.
            client.query(text).catch(() => undefined);
            return { command: 'BEGIN', rowCount: null, rows: [] };
          }
          const name = PREPARED.exec(text)?.[1];
          const asked = client.query(name ? { name, text, values } : { text, values });
          const answer = await within(answerWithinMs, asked).catch(throwNamed);
          if (answer !== 'late') return answer;
          silent = new DatabaseAway(`The database did not answer within ${answerWithinMs} ms.`);
          throw silent;
        },
      });
    },
  };
}

/** Loss of the connection comes from the kernel, with the call that failed, or from pg, told by its words alone. */
function throwNamed(error: unknown): never {
  if (error instanceof Error && ('syscall' in error || /connect|not queryable/i.test(error.message))) {
    if (!(error instanceof DatabaseError)) throw new DatabaseAway(error.message, { cause: error });
  }
  throw error;
}

async function healthy(pool: Pool): Promise<boolean> {
  const end = performance.now() + HEALTHY_WITHIN_MS;
  const connecting = pool.connect();
  try {
    const client = await within(HEALTHY_WITHIN_MS, connecting);
    if (client === 'late') {
      connecting.then((connected) => connected.release()).catch(() => undefined);
      return false;
    }
    const answer = await within(end - performance.now(), client.query('select 1')).catch(() => 'failed');
    const well = typeof answer === 'object';
    client.release(!well);
    return well;
  } catch {
    return false;
  }
}

/** The promise's outcome, or 'late'; then a later rejection of it goes unheard. */
async function within<T>(ms: number, promise: Promise<T>): Promise<T | 'late'> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(resolve, ms, 'late');
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
