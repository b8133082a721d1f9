import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders, Server as HttpServer } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { Handshake, PROTOCOL_VERSION, type Refusal } from '@openvtm/protocol';
import { Server, type Socket } from 'socket.io';
import type { Caller } from '../kernel/handler.ts';
import type { Log } from '../kernel/log.ts';
import { createTurns } from '../kernel/turn.ts';
import { brokeProtocol, type Dispatch } from './dispatch.ts';
import { MAX_MESSAGE_BYTES, MAX_PROTOCOL_ERRORS, type Limits } from './limits.ts';
import type { Line, Lines } from './lines.ts';
import type { Refresh } from './refresh.ts';

export type SocketNeeds = {
  server: HttpServer;
  dispatch: Dispatch;
  lines: Lines;
  refresh: Refresh;
  limits: Limits;
  log: Log;
  /** A proxy in front says whose address it is. */
  trustProxy: boolean;
  callerOf(token: string): Promise<Caller | null>;
  stillLive(sessionIds: readonly string[]): Promise<Set<string>>;
  opened(caller: Caller, lineId: string): Promise<void>;
  lost(caller: Caller): Promise<void>;
  /** A line was closed because its session does not hold any more. */
  expelled(caller: Caller): void;
};

/** How often open lines are checked for sessions that ran out, or whose end was not heard of: out within 30 s at the latest. */
const RECHECK_MS = 10_000;
const AGAIN_MS = 1_000;

type Data = { caller: Caller };

/** Socket.IO at `/line`: handshake, one live line a subject, requests to the dispatcher, the end of a line to whom it concerns. */
export function openSockets(needs: SocketNeeds): {
  /** Takes in nobody any more; those who are here stay. */
  refuseNew(): void;
  close(): Promise<void>;
} {
  const { dispatch, lines, limits, log, refresh } = needs;
  const io = new Server<Record<string, never>, Record<string, never>, Record<string, never>, Data>(needs.server, {
    path: '/line',
    serveClient: false,
    transports: ['websocket'],
    maxHttpBufferSize: MAX_MESSAGE_BYTES,
    pingInterval: 5_000,
    pingTimeout: 5_000,
    // CORS does not protect WebSockets: a page of another origin is refused here.
    allowRequest: (request, decide) => decide(null, sameOrigin(request.headers.origin, request.headers.host)),
  });

  // A line's loss and the next one's opening are told in the order in which they happen, or who is here counts as gone.
  const inTurn = createTurns();
  const closing = new AbortController();
  let refusing = false;

  /** Told until it is kept, or until it is no longer true: while the database is away, people go away as well. */
  const tellLost = async (caller: Caller): Promise<void> => {
    while (!closing.signal.aborted && !lines.of(caller.subject)) {
      try {
        await needs.lost(caller);
        return;
      } catch (error) {
        log.error({ err: error, subject: caller.subject }, 'a lost line could not be told; trying again');
        await delay(AGAIN_MS, undefined, { ref: false });
      }
    }
  };

  io.use((socket, next) => {
    const decide = async () => {
      const refusal = refusing
        ? 'unavailable'
        : await handshake(needs, socket).catch((error: unknown) => {
            log.error({ err: error }, 'a handshake failed');
            return 'unavailable';
          });
      next(refusal ? new Error(refusal) : undefined);
    };
    void decide();
  });

  io.on('connection', (socket) => {
    const { caller } = socket.data;
    const line = lines.add(randomUUID(), caller, {
      emit: (name, data, seq) => void (socket as unknown as Socket).emit(name, data, seq),
      backlog: () => backlogOf(socket),
      disconnect: () => void socket.disconnect(true),
    });
    const address = addressOf(socket.handshake, needs.trustProxy);
    listen(socket, line, { dispatch, limits, refresh, log, address });
    socket.on('disconnect', () => {
      if (lines.remove(line)) void inTurn(caller.subject, () => tellLost(caller));
    });
    inTurn(caller.subject, () => needs.opened(caller, line.id))
      .then(() => refresh.snapshot(line))
      .catch((error: unknown) => {
        log.error({ err: error, subject: caller.subject }, 'a line could not be opened');
        socket.disconnect(true);
      });
  });

  const recheck = setInterval(() => {
    const open = lines.all();
    needs
      .stillLive(open.map((line) => line.caller.sessionId))
      .then((live) => {
        for (const line of open) {
          if (live.has(line.caller.sessionId) || line.stage === 'closed') continue;
          line.close('not-allowed');
          needs.expelled(line.caller);
        }
      })
      .catch((error: unknown) => log.warn({ err: error }, 'sessions could not be checked; trying again'));
  }, RECHECK_MS);

  return {
    refuseNew: () => void (refusing = true),
    async close() {
      closing.abort();
      clearInterval(recheck);
      lines.closeAll();
      await io.close();
    },
  };
}

function sameOrigin(origin: string | undefined, host: string | undefined): boolean {
  // Other programs send no Origin; they still need a token. A browser always sends one.
  if (origin === undefined) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}

/** Why the line is not opened. `unavailable` is no refusal of the protocol: the client tries again. */
async function handshake(
  needs: SocketNeeds,
  socket: { handshake: { auth: unknown; address: string; headers: IncomingHttpHeaders }; data: Data },
): Promise<Refusal | 'unavailable' | null> {
  if (!(await needs.limits.http.take(addressOf(socket.handshake, needs.trustProxy)))) return 'unavailable';
  const said = Handshake.safeParse(socket.handshake.auth);
  if (!said.success) return 'not-allowed';
  if (said.data.protocol < PROTOCOL_VERSION) return 'too-old';
  if (said.data.protocol > PROTOCOL_VERSION) return 'too-new';
  const caller = await needs.callerOf(said.data.token);
  if (!caller) return 'not-allowed';
  socket.data.caller = caller;
  return null;
}

/** Whose line it is; behind a proxy, as the proxy says in the last entry. */
export function addressOf(
  { address, headers }: { address: string; headers: IncomingHttpHeaders },
  trustProxy: boolean,
): string {
  const forwarded = trustProxy
    ? String(headers['x-forwarded-for'] ?? '')
        .split(',')
        .at(-1)
        ?.trim()
    : '';
  return forwarded || address;
}

function backlogOf(socket: { conn: unknown }): number {
  const { writeBuffer } = socket.conn as { writeBuffer?: { data?: unknown }[] };
  return (writeBuffer ?? []).reduce(
    (bytes, packet) => bytes + (typeof packet.data === 'string' ? packet.data.length : 0),
    0,
  );
}

type Listening = { dispatch: Dispatch; limits: Limits; refresh: Refresh; log: Log; address: string };

/** What takes a place from everybody else. */
const BOOKS: ReadonlySet<string> = new Set(['appointment:book', 'appointment:move']);

function listen(socket: Socket, line: Line, { dispatch, limits, refresh, log, address }: Listening): void {
  const { caller } = line;
  // A phone is anybody's, and a new one is had for nothing: their address counts.
  const booker = caller.kind === 'kiosk' && caller.device !== 'phone' ? caller.subject : address;
  let broken = 0;
  const answer = async (name: string, args: unknown[]): Promise<void> => {
    // Any of the three may be missing or anything at all: nothing that a client sends is trusted to be what it should.
    const acknowledge = typeof args.at(-1) === 'function' ? (args.pop() as (answer: unknown) => void) : null;
    const [data, meta] = args;
    if (!(await limits.line.take(line.id))) {
      acknowledge?.({ ok: false, error: { code: 'too-fast', ref: '-' } });
      broken += 1;
    } else if (BOOKS.has(name) && !(await limits.bookings.take(booker))) {
      log.warn({ subject: caller.subject }, 'too many appointments from one address');
      acknowledge?.({ ok: false, error: { code: 'too-fast', ref: '-' } });
    } else {
      const result = await dispatch(line, { name, data, meta });
      acknowledge?.(result);
      if (!result.ok && brokeProtocol(result.error.code)) broken += 1;
      if (name === 'line:resync' && result.ok) await refresh.snapshot(line);
    }
    if (broken >= MAX_PROTOCOL_ERRORS) {
      log.warn({ subject: line.caller.subject }, 'a line broke the protocol too often');
      line.close('too-many');
    }
  };
  socket.onAny((name: string, ...args: unknown[]) => {
    answer(name, args).catch((error: unknown) => log.error({ err: error }, 'a request could not be answered'));
  });
  socket.on('error', () => undefined);
}
