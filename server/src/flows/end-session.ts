import type { Bus } from '../kernel/bus.ts';
import { Refusal } from '../kernel/errors.ts';
import type { Caller } from '../kernel/handler.ts';
import type { Log } from '../kernel/log.ts';
import type { Works } from '../kernel/work.ts';
import { leaveCall } from './join-call.ts';
import type { MediaHome } from './media-home.ts';
import { kioskPeer, staffPeer, type Parts } from './parts.ts';

type Who = Pick<Caller, 'kind' | 'id' | 'subject'>;
type LineHere = { readonly caller: Caller; close(reason: 'not-allowed'): void };
export type SessionEnds = {
  /** A session does not hold any more and its line is closed: what else its owner has in calls goes at once. */
  expelled(who: Who): void;
  close(): void;
};

/**
 * Whose session is revoked hears and sees nothing from that moment on: the line is closed in the process that has it, its
 * media go with it, and who attended a call is out of it. A call that they lead waits for them as after a lost line.
 */
export function endSessions(
  { calls, nodes, queue }: Pick<Parts, 'calls' | 'nodes' | 'queue'>,
  works: Works,
  wiring: {
    bus: Bus;
    log: Log;
    home: Pick<MediaHome, 'leave'>;
    /** The subject's line, if it is in this process. */
    lineOf: (subject: string) => LineHere | undefined;
  },
): SessionEnds {
  const { bus, home, lineOf, log } = wiring;

  const expel = async ({ kind, id, subject }: Who) => {
    home.leave(subject);
    if (kind === 'kiosk') return;
    for (const { callId } of await calls.attendedBy(id))
      await works
        .bySystem(async (work) => {
          // Whoever helped is free after it, and must not be rung before the loss of the line is kept.
          await queue.absent(work, { staffId: id });
          await leaveCall({ calls, queue }, work, { callId, staffId: id, reason: 'signed-out' });
        })
        .catch((error: unknown) => {
          // Another process was faster, or the call is over.
          if (!(error instanceof Refusal)) throw error;
        });
  };
  const revoked = async (who: Who, sessionId: string) => {
    const line = lineOf(who.subject);
    if (line) {
      // The subject may go on with a newer session.
      if (line.caller.sessionId !== sessionId) return;
      line.close('not-allowed');
    } else {
      const holder = (await nodes.holders([who.subject])).get(who.subject);
      if (holder && holder.instance !== nodes.me.instance) return;
    }
    await expel(who);
  };
  const quietly = (job: Promise<void>) =>
    void job.catch((error: unknown) => log.error({ err: error }, 'the end of a session could not be followed'));

  const stop = bus.onAnywhere(({ kind, about: { sessionId, staffId, kioskId } }) => {
    if (kind !== 'session.revoked' || !sessionId) return;
    if (staffId) quietly(revoked({ kind: 'staff', id: staffId, subject: staffPeer(staffId) }, sessionId));
    if (kioskId) quietly(revoked({ kind: 'kiosk', id: kioskId, subject: kioskPeer(kioskId) }, sessionId));
  });
  return { expelled: (who) => quietly(expel(who)), close: stop };
}
