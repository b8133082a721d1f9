import type { ParticipantMode, RunningCall, StaffRole } from '@openvtm/protocol';

/** What somebody may do about a call of others. */
export type Act = ParticipantMode | 'take-over';

/** Agents who ask for help come first, who waits longest before the others; then as the server has them. Pure. */
export const inOrder = (calls: readonly RunningCall[]): RunningCall[] =>
  calls.toSorted((a, b) => (a.helpSince ?? Infinity) - (b.helpSince ?? Infinity) || 0);

/** Branch staff come in openly; only an agent can lead a call. Pure. */
export function actsOf(roles: readonly StaffRole[]): Act[] {
  if (!roles.includes('supervisor')) return ['joined'];
  return ['listening', 'whispering', 'joined', ...(roles.includes('agent') ? (['take-over'] as const) : [])];
}

/** Reasons that are given most, as names of texts; any other is written. Pure. */
export function reasonsOf(act: Act, roles: readonly StaffRole[]): string[] {
  if (!roles.includes('supervisor')) return ['at-kiosk', 'originals', 'help'];
  if (act === 'listening') return ['quality', 'training', 'complaint', 'risk'];
  if (act === 'take-over') return ['help', 'complaint', 'risk', 'customer-asks'];
  return ['help', 'training', 'complaint', 'risk'];
}

/** The shortest text that the server takes for a reason. */
const LEAST = 3;
export const isReason = (text: string): boolean => text.trim().length >= LEAST;

/** ms before the end of a stay from which on it is said that it ends soon. */
const SOON_MS = 5 * 60_000;
/** What is left of a stay that ends by itself; null: it does not. Pure. */
export function timeLeft(until: number | null, now: number): { ms: number; soon: boolean } | null {
  if (until === null) return null;
  const ms = Math.max(0, until - now);
  return { ms, soon: ms < SOON_MS };
}

/** How the tiles of several attended calls stand: columns of a grid. Pure. */
export const columnsFor = (count: number): 1 | 2 => (count > 1 ? 2 : 1);

/** Calls that are gone from one reading to the next, but those that were left on purpose. Pure. */
export const endedOf = (before: readonly string[], now: readonly string[], left: ReadonlySet<string>): string[] =>
  before.filter((callId) => !now.includes(callId) && !left.has(callId));
