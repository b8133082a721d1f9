import type { NoticeData, NoticeName, Refusal } from '@openvtm/protocol';
import type { Caller } from '../kernel/handler.ts';

/** What a line needs of its socket. */
export type LineEnd = {
  emit(name: string, data: unknown, seq: number): void;
  /** Bytes that wait to be written to a client that does not read them. */
  backlog(): number;
  disconnect(): void;
};

/** One authenticated line. `open` until its snapshot has gone out, then `ready`. */
export type Line = {
  readonly id: string;
  readonly caller: Caller;
  stage: 'open' | 'ready' | 'closed';
  /** Numbers its notices; the snapshot starts the count anew. */
  send<N extends NoticeName>(name: N, data: NoticeData<N>): void;
  /** Says why and closes for good. May be called twice. */
  close(reason: Refusal): void;
  /** Closes without a word, so that the client comes back at once, to another process where there is one. */
  part(): void;
};

/** A client that lets this many bytes pile up is too slow to be told anything; it comes back for a snapshot. */
const MAX_BACKLOG_BYTES = 1_048_576;

export type Lines = {
  /** Registers a line; the subject's older one is closed as `replaced`. */
  add(id: string, caller: Caller, end: LineEnd): Line;
  /** Forgets a line; true when its subject has no line any more. */
  remove(line: Line): boolean;
  of(subject: string): Line | undefined;
  all(): Line[];
  count(): { kiosk: number; staff: number };
  /** Everybody comes back at once, and is known anew. */
  partAll(): void;
  closeAll(): void;
};

export function createLines(): Lines {
  const bySubject = new Map<string, Line>();

  const create = (id: string, caller: Caller, end: LineEnd): Line => {
    let seq = 0;
    const line: Line = {
      id,
      caller,
      stage: 'open',
      send(name, data) {
        if (line.stage === 'closed') return;
        if (end.backlog() > MAX_BACKLOG_BYTES) {
          end.disconnect();
          return;
        }
        if (name === 'line:kiosk-snapshot' || name === 'line:staff-snapshot') seq = 0;
        end.emit(name, data, seq++);
      },
      part: () => end.disconnect(),
      close(reason) {
        if (line.stage === 'closed') return;
        line.send('line:closing', { reason });
        line.stage = 'closed';
        end.disconnect();
      },
    };
    return line;
  };

  return {
    add(id, caller, end) {
      const line = create(id, caller, end);
      const older = bySubject.get(caller.subject);
      bySubject.set(caller.subject, line);
      older?.close('replaced');
      return line;
    },
    remove(line) {
      line.stage = 'closed';
      if (bySubject.get(line.caller.subject) !== line) return false;
      bySubject.delete(line.caller.subject);
      return true;
    },
    of: (subject) => bySubject.get(subject),
    all: () => [...bySubject.values()],
    count() {
      const kiosk = [...bySubject.values()].filter((line) => line.caller.kind === 'kiosk').length;
      return { kiosk, staff: bySubject.size - kiosk };
    },
    partAll: () => [...bySubject.values()].forEach((line) => line.part()),
    closeAll() {
      for (const line of bySubject.values()) line.stage = 'closed';
      bySubject.clear();
    },
  };
}
