import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import {
  notices,
  PROTOCOL_VERSION,
  type Answer,
  type In,
  type KioskSnapshot,
  type NoticeName,
  type Out,
  type RequestName,
  type Role,
  type StaffSnapshot,
} from '@openvtm/protocol';
import { io, type Socket } from 'socket.io-client';

export type Heard = { name: NoticeName; data: unknown; seq: number };
/** Why a line did not open. */
export class LineRefused extends Error {
  override readonly name = 'LineRefused';
}

export type LabLine<S> = {
  /** Every notice of the present connection, in order. */
  readonly heard: readonly Heard[];
  /** The snapshot with every notice since then laid over it: what a screen shows. */
  readonly shown: S;
  /** What the server said before it closed the line. */
  readonly closing: string | null;
  readonly up: boolean;
  /** The socket itself, for what no proper client would send. */
  readonly socket: Socket;
  /** Opens a line with a fresh token; resolves with its snapshot there, rejects with LineRefused. */
  open(options?: { protocol?: number; token?: string }): Promise<void>;
  /** Ends the connection and resolves when it is down on this side. */
  leave(): void;
  ask<N extends RequestName>(name: N, data: In<N>, options?: { id?: string }): Promise<Answer<Out<N>>>;
  /** The same with anything at all as name, data and meta. */
  say(name: unknown, ...args: unknown[]): Promise<Answer<unknown>>;
  /** The answer's data; throws when it is refused. */
  must<N extends RequestName>(name: N, data: In<N>): Promise<Out<N>>;
  /** Resolves with what `look` finds in `shown`, now or after any later notice or the end of the line. */
  until<T>(look: (shown: S) => T, options?: { withinMs?: number }): Promise<Exclude<T, false | null | undefined>>;
  /** What a notice had that it should not have: another role's, a gap in the numbers, data beside its schema. */
  readonly faults: readonly string[];
};

/** Which part of a snapshot a notice replaces, and under which name it carries it. */
const PART: Partial<Record<NoticeName, [part: string, field: string]>> = {
  'case:changed': ['case', 'case'],
  'case:desk-changed': ['case', 'case'],
  'queue:ticket-changed': ['ticket', 'ticket'],
  'queue:agent-changed': ['agent', 'agent'],
  'queue:board-changed': ['board', 'board'],
  'call:changed': ['call', 'call'],
  'call:attending-changed': ['attending', 'attending'],
  'call:invitations-changed': ['invitations', 'invitations'],
  'document:changed': ['documents', 'documents'],
  'signing:changed': ['papers', 'papers'],
  'handout:changed': ['handout', 'handout'],
  'reading:changed': ['readings', 'readings'],
  'review:changed': ['reviews', 'reviews'],
  'sharing:changed': ['sharing', 'sharing'],
  'annotation:changed': ['annotations', 'annotations'],
  'annotation:drawing': ['drawing', 'drawing'],
  'explaining:changed': ['explaining', 'explaining'],
  'self-test:changed': ['selfTest', 'selfTest'],
  'self-test:list-changed': ['kiosks', 'kiosks'],
  'chat:changed': ['chat', 'chat'],
  'recall:changed': ['recall', 'recall'],
  'recall:dropped-changed': ['dropped', 'dropped'],
  'quality:alerts-changed': ['alerts', 'alerts'],
  'handover:changed': ['followed', 'followed'],
  'appointment:changed': ['appointment', 'appointment'],
  'appointment:list-changed': ['appointments', 'today'],
  'help:changed': ['help', 'help'],
  'hearing:changed': ['hearing', 'hearing'],
  'help:list-changed': ['help', 'open'],
};

/** Far more than anything takes, for a machine that does much else. */
const WITHIN_MS = 15_000;

/** A client of the protocol over a real socket that keeps watch on all that it is told. */
export function createLabLine<S extends KioskSnapshot | StaffSnapshot>(needs: {
  url: string;
  who: string;
  roles: readonly Role[];
  token(): Promise<string>;
}): LabLine<S> {
  const { url, who, roles } = needs;
  let heard: Heard[] = [];
  let shown: S | null = null;
  let closing: string | null = null;
  let socket: Socket | null = null;
  let next: number | null = null;
  const faults: string[] = [];
  const watchers = new Set<() => void>();
  const wake = () => [...watchers].forEach((look) => look());

  const check = (name: NoticeName, data: unknown, seq: number) => {
    const definition = notices[name];
    if (!definition) {
      faults.push(`${who} was told the unknown ${name}`);
      return;
    }
    const to: readonly Role[] = definition.to;
    if (!roles.some((role) => to.includes(role))) faults.push(`${who} was told ${name}, which is for ${to.join(', ')}`);
    const read = definition.data.safeParse(data);
    if (!read.success) faults.push(`${who} was told ${name} beside its schema: ${read.error.message}`);
    else if (!isDeepStrictEqual(read.data, data)) faults.push(`${who} was told more in ${name} than its schema has`);
    if (next !== null && seq !== next) faults.push(`${who} was told ${name} with number ${seq} instead of ${next}`);
  };

  const hear = (name: NoticeName, data: unknown, seq: number) => {
    const snapshot = name === 'line:kiosk-snapshot' || name === 'line:staff-snapshot';
    if (snapshot) next = 0;
    check(name, data, seq);
    next = seq + 1;
    heard.push({ name, data, seq });
    const part = PART[name];
    if (snapshot) shown = data as S;
    else if (name === 'line:closing') closing = (data as { reason: string }).reason;
    else if (shown && part) shown = { ...shown, [part[0]]: (data as Record<string, unknown>)[part[1]] };
    else if (part) faults.push(`${who} was told ${name} before its snapshot`);
    wake();
  };

  const live = () => {
    if (!socket) throw new Error(`${who} has no line`);
    return socket;
  };

  const line: LabLine<S> = {
    get heard() {
      return heard;
    },
    get shown() {
      if (!shown) throw new Error(`${who} has no snapshot`);
      return shown;
    },
    get closing() {
      return closing;
    },
    get up() {
      return socket?.connected ?? false;
    },
    get socket() {
      return live();
    },
    faults,

    async open({ protocol = PROTOCOL_VERSION, token } = {}) {
      const auth = { protocol, token: token ?? (await needs.token()) };
      heard = [];
      shown = null;
      closing = null;
      next = null;
      const opened = io(url, { path: '/line', transports: ['websocket'], reconnection: false, forceNew: true, auth });
      socket = opened;
      opened.onAny((name: NoticeName, data: unknown, seq: number) => {
        if (socket === opened) hear(name, data, seq);
      });
      opened.on('disconnect', wake);
      await new Promise<void>((resolve, reject) => {
        opened.once('connect_error', (error) => {
          opened.disconnect();
          reject(new LineRefused(error.message));
        });
        opened.once('connect', resolve);
      });
      await line.until(() => shown !== null || closing !== null || !opened.connected);
      if (shown === null) throw new LineRefused(closing ?? 'closed');
    },

    leave() {
      socket?.disconnect();
    },

    say: (name, ...args) =>
      new Promise((resolve, reject) => {
        const asked = live();
        const lost = () => reject(new LineRefused(`${who}'s line closed before ${String(name)} was answered`));
        if (!asked.connected) {
          lost();
          return;
        }
        asked.once('disconnect', lost);
        asked.emit(name as string, ...args, (answer: Answer<unknown>) => {
          asked.off('disconnect', lost);
          resolve(answer);
        });
      }),

    ask: (name, data, { id = randomUUID() } = {}) => line.say(name, data, { id }) as Promise<Answer<never>>,

    async must(name, data) {
      const answer = await line.ask(name, data);
      if (!answer.ok) throw new Error(`${who} asked ${name} and was refused: ${answer.error.code}`);
      return answer.data;
    },

    until(look, { withinMs = WITHIN_MS } = {}) {
      type Found = Exclude<ReturnType<typeof look>, false | null | undefined>;
      return new Promise<Found>((resolve, reject) => {
        const end = () => {
          clearTimeout(timer);
          watchers.delete(attempt);
        };
        const attempt = () => {
          try {
            const found = look(shown as S);
            if (!found) return;
            end();
            resolve(found as Found);
          } catch (error) {
            end();
            reject(error);
          }
        };
        watchers.add(attempt);
        const timer = setTimeout(() => {
          end();
          reject(new Error(`${who} waited ${withinMs} ms for ${look.toString()}; shown: ${JSON.stringify(shown)}`));
        }, withinMs);
        attempt();
      });
    },
  };
  return line;
}
