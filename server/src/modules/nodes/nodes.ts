import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Database } from '../../kernel/db.ts';
import type { Node, Nodes } from './index.ts';
import {
  allRooms,
  claimRoom,
  instancesOfLines,
  liveNodes,
  lockLine,
  moveRoom,
  nodesNamed,
  removeDead,
  removeLine,
  removeNode,
  removeOwnLine,
  removeRoom,
  removeSilent,
  removeStranded,
  saveLine,
  saveNode,
  strandedLines,
} from './nodes.store.ts';

/** ms without a beat after which a process counts as gone; it beats every second. */
const DEAD_AFTER_MS = 5_000;
/** ms between two own beats up to which the database was there all the time, so that the others' silence is theirs. */
const STEADY_MS = 3_000;
const STRANDED_AT_ONCE = 200;
/**
 * Rooms fewer per media worker from which on another process is clearly less loaded. With one, every second call of two
 * idle processes would have its people join anew while it rings.
 */
const ROOMS_AHEAD = 2;

/** Longer than two beats are apart. */
const BEATS_WITHIN_MS = 1_500;

/** Two processes under one name would take each other's lines away. */
export class NameTaken extends Error {
  override readonly name = 'NameTaken';
}

/** See `Nodes` for each one's contract. */
export function createNodes({
  database,
  name,
  address,
  exclusive,
  workers,
}: {
  database: Database;
  name: string;
  address: string | null;
  exclusive: boolean;
  workers: () => number;
}): Nodes {
  const me: Node = { instance: randomUUID(), address };
  let draining = false;
  let left = false;
  let beatAt: number | null = null;

  const save = (up = workers()) => saveNode(database, { instance: me.instance, name, address, draining, workers: up });
  const live = () => liveNodes(database, DEAD_AFTER_MS);

  /** One that was killed is silent: only who is heard again within two beats is there. */
  const refuseIfTaken = async () => {
    if (exclusive) return;
    const rivals = async () => {
      const all = address === null ? await live() : await nodesNamed(database, name);
      return new Map(all.map(({ instance, seen_at }) => [instance, seen_at]));
    };
    const before = await rivals();
    if (before.size === 0) return;
    await delay(BEATS_WITHIN_MS);
    for (const [instance, seenAt] of await rivals())
      if (before.has(instance) && before.get(instance) !== seenAt)
        throw new NameTaken(
          address === null
            ? 'Another OpenVTM serves this database. Several serve together when each has a "cluster" in its configuration; see docs/running.md.'
            : `Another OpenVTM serves this database under the name "${name}". Give this one another cluster.name.`,
        );
  };

  return {
    me,
    async enter() {
      await refuseIfTaken();
      for (const { instance } of await nodesNamed(database, name)) await removeNode(database, instance);
      await removeDead(database, { afterMs: DEAD_AFTER_MS, except: me.instance });
      // It does not answer the others before its first beat.
      await save(0);
      return { alone: (await live()).every(({ instance }) => instance === me.instance) };
    },
    async beat() {
      if (left) return { wasTakenAway: false };
      const wasTakenAway = await save();
      const before = beatAt;
      beatAt = performance.now();
      if (before !== null && beatAt - before <= STEADY_MS)
        await removeDead(database, { afterMs: DEAD_AFTER_MS, except: me.instance });
      return { wasTakenAway };
    },
    suspect: async (address) =>
      void (await removeSilent(database, { address, silentMs: BEATS_WITHIN_MS, except: me.instance })),
    others: async () => (await live()).some((one) => one.instance !== me.instance && !one.draining),
    async drain() {
      draining = true;
      await save();
    },
    async leave() {
      if (left) return;
      left = true;
      await removeNode(database, me.instance);
    },

    lineOpened: async (work, { subject, lineId }) =>
      void (await saveLine(work.tx, { subject, instance: me.instance, line_id: lineId })),
    lineGone: (work, subject) => removeOwnLine(work.tx, { subject, instance: me.instance }),
    lineHeld: (work, subject) => lockLine(work.tx, subject),
    takeStranded: (work, line) => removeLine(work.tx, line),
    async stranded() {
      const lines = await strandedLines(database, STRANDED_AT_ONCE);
      return lines.map(({ subject, line_id: lineId }) => ({ subject, lineId }));
    },
    forgetStranded: async (work) => void (await removeStranded(work.tx)),
    async holders(subjects) {
      if (subjects.length === 0) return new Map();
      const [lines, nodes] = await Promise.all([instancesOfLines(database, subjects), live()]);
      const known = new Map(nodes.map((node) => [node.instance, { instance: node.instance, address: node.address }]));
      return new Map(
        lines.flatMap(({ subject, instance }) => {
          const node = known.get(instance);
          return node ? [[subject, node] as const] : [];
        }),
      );
    },

    async claimRoom(callId) {
      const wish = { callId, instance: me.instance, withinMs: STEADY_MS, ahead: ROOMS_AHEAD };
      return (await claimRoom(database, wish)) ?? me;
    },
    takeRoom: (callId, { instance: from }) => moveRoom(database, { callId, from, to: me.instance }),
    async roomOf(callId) {
      const room = await allRooms(database).where('call_id', '=', callId).executeTakeFirst();
      return room ? { instance: room.instance, address: room.address } : null;
    },
    async rooms() {
      const rooms = await allRooms(database).execute();
      return new Map(rooms.map(({ call_id: callId, instance, address }) => [callId, { instance, address }]));
    },
    forgetRoom: async (callId) => void (await removeRoom(database, callId)),
  };
}
