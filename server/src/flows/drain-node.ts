import { setTimeout as delay } from 'node:timers/promises';
import { kioskPeer, staffPeer, type Parts } from './parts.ts';

const LOOK_MS = 500;

/**
 * Lets this process go without cutting anybody off: whoever is in no call moves to another one at once, a call stays
 * until it ends. What still runs after `seconds` goes on elsewhere: its people join there under the same call.
 */
export async function drainNode(
  { calls, clock, media, queue }: Pick<Parts, 'calls' | 'clock' | 'media' | 'queue'>,
  door: { seconds: number; linesHere: () => string[]; part: (subject: string) => void },
): Promise<void> {
  const until = clock() + door.seconds * 1000;
  const isOver = async (): Promise<boolean> => {
    const [running, ringing] = await Promise.all([calls.active(), queue.allRinging()]);
    const people = await calls.attendants(running.map(({ callId }) => callId));
    const busy = new Set([
      ...[...running, ...ringing].flatMap(({ kioskId, staffId }) => [kioskPeer(kioskId), staffPeer(staffId)]),
      ...people.map(({ staffId }) => staffPeer(staffId)),
    ]);
    const here = door.linesHere();
    for (const subject of here) if (!busy.has(subject)) door.part(subject);
    const stays = here.some((subject) => busy.has(subject)) || running.some(({ callId }) => media.holds(callId));
    return !stays;
  };
  // A database that does not answer cuts nobody off.
  while (!(await isOver().catch(() => false)) && clock() < until) await delay(LOOK_MS);
}
