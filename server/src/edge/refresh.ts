import {
  notices,
  type KioskPart,
  type NoticeData,
  type NoticeName,
  type Role,
  type StaffPart,
} from '@openvtm/protocol';
import type { Log } from '../kernel/log.ts';
import type { Screens } from './screens.ts';
import { rolesOf } from './dispatch.ts';
import type { Line, Lines } from './lines.ts';

const KIOSK_NOTICE: Record<KioskPart, NoticeName> = {
  case: 'case:changed',
  ticket: 'queue:ticket-changed',
  call: 'call:changed',
  chat: 'chat:changed',
  documents: 'document:changed',
  papers: 'signing:changed',
  handout: 'handout:changed',
  annotations: 'annotation:changed',
  drawing: 'annotation:drawing',
  help: 'help:changed',
  hearing: 'hearing:changed',
  followed: 'handover:changed',
  appointment: 'appointment:changed',
  sharing: 'sharing:changed',
  explaining: 'explaining:changed',
  selfTest: 'self-test:changed',
  recall: 'recall:changed',
};
const STAFF_NOTICE: Record<StaffPart, NoticeName> = {
  agent: 'queue:agent-changed',
  call: 'call:changed',
  attending: 'call:attending-changed',
  chat: 'chat:changed',
  invitations: 'call:invitations-changed',
  case: 'case:desk-changed',
  documents: 'document:changed',
  papers: 'signing:changed',
  readings: 'reading:changed',
  reviews: 'review:changed',
  annotations: 'annotation:changed',
  drawing: 'annotation:drawing',
  board: 'queue:board-changed',
  help: 'help:list-changed',
  hearing: 'hearing:changed',
  appointments: 'appointment:list-changed',
  sharing: 'sharing:changed',
  explaining: 'explaining:changed',
  kiosks: 'self-test:list-changed',
  dropped: 'recall:dropped-changed',
  alerts: 'quality:alerts-changed',
};
/** A notice's own word for its part, where it is not the part's name. */
const FIELD: Partial<Record<NoticeName, string>> = {
  'help:list-changed': 'open',
  'appointment:list-changed': 'today',
};

export type Refresh = {
  /** Sends a part anew to a subject's line, if it has one, as it is in the database when it is sent. Calls that come meanwhile are one. */
  kiosk(kioskId: string, part: KioskPart): void;
  staff(staffId: string, part: StaffPart): void;
  /** Every part of every line: something may have been told that did not come. */
  everything(): void;
  /** Sends the whole, and starts the count of notices anew. */
  snapshot(line: Line): Promise<void>;
};

/** ms before a part that could not be read is read again: a database that starts anew is there in a few seconds. */
const AGAIN_MS = 1_000;

/** Whether the protocol lets this line be told it. */
const mayHear = ({ caller }: Line, name: NoticeName): boolean => {
  const to: readonly Role[] = notices[name].to;
  return rolesOf(caller).some((role) => to.includes(role));
};

/** Notices carry whole parts and never steps, so that one that is lost is made good by the next. */
export function createRefresh({ lines, views, log }: { lines: Lines; views: Screens; log: Log }): Refresh {
  /** `again`: somebody asked while the part was being read. */
  const running = new Map<string, { again: boolean }>();

  const push = (subject: string, part: string, { name, read }: { name: NoticeName; read: () => Promise<unknown> }) => {
    const key = `${subject} ${part}`;
    const busy = running.get(key);
    if (busy) {
      busy.again = true;
      return;
    }
    const listening = lines.of(subject);
    if (!listening || !mayHear(listening, name)) return;
    const state = { again: false };
    running.set(key, state);
    const send = async (): Promise<void> => {
      try {
        do {
          state.again = false;
          const value = await read();
          const line = lines.of(subject);
          // A line that has no snapshot yet gets this part with it, or right after: see snapshot().
          if (line?.stage === 'ready' && !(part === 'agent' && value === null)) {
            line.send(name, { [FIELD[name] ?? part]: value } as NoticeData<typeof name>);
          }
        } while (state.again);
      } finally {
        // In the same breath as the last look at `again`, so that nobody asks in between and is not heard.
        running.delete(key);
      }
    };
    send().catch((error: unknown) => {
      if (!lines.of(subject)) return;
      log.error({ err: error, subject, part }, 'a part could not be sent; trying again');
      setTimeout(() => push(subject, part, { name, read }), AGAIN_MS).unref();
    });
  };

  const kiosk: Refresh['kiosk'] = (id, part) =>
    push(`kiosk:${id}`, part, { name: KIOSK_NOTICE[part], read: () => views.kiosk[part](id) });
  const staff: Refresh['staff'] = (id, part) =>
    push(`staff:${id}`, part, { name: STAFF_NOTICE[part], read: () => views.staff[part](id) });

  const all = ({ caller }: Line) => {
    if (caller.kind === 'kiosk') for (const part of Object.keys(KIOSK_NOTICE) as KioskPart[]) kiosk(caller.id, part);
    else for (const part of Object.keys(STAFF_NOTICE) as StaffPart[]) staff(caller.id, part);
  };

  return {
    kiosk,
    staff,
    everything() {
      for (const line of lines.all()) all(line);
    },
    async snapshot(line) {
      const { caller } = line;
      const isKiosk = caller.kind === 'kiosk';
      const read = isKiosk ? views.kioskSnapshot(caller.id) : views.staffSnapshot(caller.id);
      const snapshot = await read.catch((error: unknown) => {
        // The line went while it was read, and with a server that stops its database too: nobody misses it.
        if (line.stage === 'closed') return null;
        throw error;
      });
      if (line.stage === 'closed') return;
      if (!snapshot) {
        line.close('not-allowed');
        return;
      }
      line.send(isKiosk ? 'line:kiosk-snapshot' : 'line:staff-snapshot', snapshot);
      line.stage = 'ready';
      // What changed while the snapshot was read is told once more: a part twice is harmless, a part never is not.
      all(line);
    },
  };
}
