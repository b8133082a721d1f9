import type { PaperState } from './paper-state.ts';
import { sha256 } from './seal.ts';
import type { PaperRow } from './signing.store.ts';

export const digestOf = (bytes: Uint8Array) => sha256(bytes).toString('hex');
export const wordsContext = (id: string) => `paper:${id}:words`;
export const penContext = (id: string) => `paper:${id}:signature`;
/** Short enough to be read out: a paper is found by it in the journal, too. */
export const numberOf = (id: string) => id.slice(0, 8).toUpperCase();

/** The state that a row's columns say. */
export function stateOf(row: PaperRow): PaperState {
  const { since } = row;
  switch (row.at) {
    case 'made':
      return { at: 'made' };
    case 'shown':
      return { at: 'shown', furthest: row.furthest };
    case 'read':
      return { at: 'read', how: row.read_how ?? 'scrolled' };
    case 'signed':
      return { at: 'signed', since, sha256: row.signed_sha256 ?? '' };
    case 'confirmed':
      return { at: 'confirmed', since, sha256: row.signed_sha256 ?? '', waitsFor: row.waits_for };
    case 'sealing':
      return { at: 'sealing', since, dueAt: row.due_at ?? 0, attempts: row.attempts };
    case 'sealed':
      return { at: 'sealed', since, sha256: row.sealed_sha256 ?? '', stampedAt: row.stamped_at };
    case 'refused':
    case 'withdrawn':
      return { at: row.at, since };
    default:
      return row.at satisfies never;
  }
}

/** The columns that a state is kept in. */
export function columnsOf(state: PaperState, now: number): Partial<PaperRow> {
  return {
    at: state.at,
    since: 'since' in state ? state.since : now,
    ...(state.at === 'shown' ? { furthest: state.furthest } : {}),
    ...(state.at === 'read' ? { read_how: state.how, furthest: 100 } : {}),
    ...(state.at === 'signed' ? { signed_sha256: state.sha256 } : {}),
    ...(state.at === 'confirmed' ? { waits_for: state.waitsFor } : {}),
    ...(state.at === 'sealing' ? { waits_for: [], due_at: state.dueAt, attempts: state.attempts } : {}),
    ...(state.at === 'sealed' ? { due_at: null, sealed_sha256: state.sha256, stamped_at: state.stampedAt } : {}),
  };
}
