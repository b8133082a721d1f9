import type { CallView, ParticipantId, ParticipantRole } from '@openvtm/protocol';
import type { Remote } from '@openvtm/rtc/call';

/** Somebody on the call's picture. `id` null: who answered, before the server has said who it is. */
export type Person = {
  id: ParticipantId | null;
  role: Exclude<ParticipantRole, 'customer'>;
  name: string;
  here: boolean;
  camera: MediaStreamTrack | null;
  microphone: MediaStreamTrack | null;
  /** A window that they show. */
  screen: MediaStreamTrack | null;
};

/**
 * Who is shown and heard: who has the lead first, the others as they joined. The first picture comes before the call's
 * view, and nobody but the agent can be heard until then. Pure.
 */
export function peopleOf(call: CallView | null, remotes: readonly Remote[]): Person[] {
  if (call === null) {
    const { camera = null, microphone = null } = remotes[0] ?? {};
    return [{ id: null, role: 'agent', name: '', here: true, camera, microphone, screen: null }];
  }
  const people = call.participants.flatMap(({ id, role, mode, name, here }): Person[] => {
    if (role === 'customer' || mode !== 'joined') return [];
    const {
      camera = null,
      microphone = null,
      screen = null,
    } = remotes.find((one) => one.callId === call.callId && one.participant === id) ?? {};
    return [{ id, role, name, here, camera, microphone, screen }];
  });
  return people.toSorted((a, b) => Number(b.role === 'agent') - Number(a.role === 'agent'));
}

/** What the customer is told of who came and went. */
export type Coming = { is: 'joined' | 'left' | 'leads'; role: Person['role']; name: string };

/** What has changed in a call's people from one view to the next; a call that has only begun, or another, says nothing. Pure. */
export function comings(before: CallView | null, now: CallView | null): Coming[] {
  if (before === null || now === null || before.callId !== now.callId) return [];
  const [were, are] = [peopleOf(before, []), peopleOf(now, [])];
  const isNewIn = (others: Person[]) => (one: Person) => !others.some(({ id }) => id === one.id);
  const [lead, leadBefore] = [are, were].map((people) => people.find(({ role }) => role === 'agent'));
  const told = (is: Coming['is']) => (one: Person) => ({ is, role: one.role, name: one.name });
  const changed = lead && leadBefore && lead.id !== leadBefore.id ? [lead] : [];
  return [
    ...are.filter((one) => one !== changed[0] && isNewIn(were)(one)).map(told('joined')),
    ...were.filter(isNewIn(are)).map(told('left')),
    ...changed.map(told('leads')),
  ];
}

/** Whether the customer may be seen and heard: a call runs, and does not hold. Pure. */
export const isOpenTo = (call: Pick<CallView, 'held'> | null): boolean => call !== null && call.held === null;

/** Which tile shows whom, by participant; the tile of who answered is there before anybody knows who it is (null). */
export type Tiles = ReadonlyMap<ParticipantId | null, number>;

/**
 * Everybody keeps the tile that they have: a picture that changes its element is away for a moment. Who turns out to be
 * the one who answered takes over that tile. Pure.
 */
export function seat(before: Tiles, people: readonly Person[]): Tiles {
  const after = new Map<ParticipantId | null, number>();
  for (const { id } of people) {
    const kept = before.get(id);
    if (kept !== undefined) after.set(id, kept);
  }
  for (const { id, role } of people) {
    if (after.has(id)) continue;
    const taken = new Set(after.values());
    const answered = role === 'agent' ? before.get(null) : undefined;
    const free = [...people.keys(), people.length].find((tile) => !taken.has(tile)) ?? people.length;
    after.set(id, answered !== undefined && !taken.has(answered) ? answered : free);
  }
  return after;
}
