import type { CallView, Colleague, InvitationView } from '@openvtm/protocol';

type Sent = CallView['invitations'][number];

/** Seconds that are left to answer, rounded up; 0: over. `now` is the server's clock. Pure. */
export const secondsLeft = ({ deadline }: Pick<InvitationView, 'deadline'>, now: number): number =>
  Math.max(0, Math.ceil((deadline - now) / 1000));

/** Those that may still be answered by somebody who is not in the call already. Pure. */
export const openFor = (
  invitations: readonly InvitationView[],
  { now, joined }: { now: number; joined: ReadonlySet<string> },
): InvitationView[] => invitations.filter((one) => secondsLeft(one, now) > 0 && !joined.has(one.callId));

/** Whether one more of this kind may be sent: one is open at a time. Pure. */
export const mayInvite = (sent: readonly Sent[], kind: 'help' | 'expert'): boolean =>
  !sent.some(({ state, to }) => state === 'open' && (to === null) === (kind === 'help'));

/** Those still open first, then what came of the others, the latest first. Pure. */
export const inOrder = (sent: readonly Sent[]): Sent[] =>
  sent.toSorted((a, b) => Number(b.state === 'open') - Number(a.state === 'open') || b.madeAt - a.madeAt);

/** The seconds of the open invitation that ends last; null: none is open. Pure. */
export function longestLeft(sent: readonly Sent[], now: number): number | null {
  const left = sent.filter(({ state }) => state === 'open').map((one) => secondsLeft(one, now));
  return left.length === 0 ? null : Math.max(...left);
}

/** Colleagues whose name, skills or languages have all the words that are looked for, in the server's order. Pure. */
export function findColleagues(
  all: readonly Colleague[],
  words: string,
  textOf: (one: Colleague) => string,
): readonly Colleague[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  return all.filter((one) => {
    const text = textOf(one).toLowerCase();
    return wanted.every((word) => text.includes(word));
  });
}

/** Where an arrow key leads in a list of `count`: round at both ends; -1: nowhere. Pure. */
export function stepThrough(at: number, by: 1 | -1, count: number): number {
  if (count === 0) return -1;
  if (at < 0) return by === 1 ? 0 : count - 1;
  return (at + by + count) % count;
}
