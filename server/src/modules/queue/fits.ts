import type { Queryable } from '../../kernel/db.ts';
import { allFits, newestIds } from './candidates.store.ts';

/** Whether a kind serves a lane, from memory: that never changes, and what is new has a higher number. */
export function createFits() {
  let known = new Map<number, Set<number>>();
  let newest = { lane: 0, kind: 0 };
  return async (reader: Queryable): Promise<(lane: number, kind: number) => boolean> => {
    const now = await newestIds(reader);
    if (now.lane !== newest.lane || now.kind !== newest.kind) {
      known = new Map((await allFits(reader)).map(({ lane, kinds }) => [lane, new Set(kinds)]));
      newest = now;
    }
    return (lane, kind) => known.get(lane)?.has(kind) ?? false;
  };
}
