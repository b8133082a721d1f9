import type { ParticipantId, ParticipantMode, Source } from '@openvtm/protocol';

/** Somebody in a room, as whom the others know them. `agent` is who has the lead. */
export type Member = {
  readonly participant: ParticipantId;
  readonly role: 'customer' | 'agent' | 'other';
  readonly mode: ParticipantMode;
};
export type Members = ReadonlyMap<string, Member>;

/** Who is together under one call id, by peer. Before it has started, the customer sees and hears nobody. */
export type Room = { readonly callId: string; members: Members; started: boolean; held: boolean };

export type Rooms = {
  get(callId: string): Room | undefined;
  /** Makes the room, or says anew who is in the one there is. */
  open(callId: string, members: Members): Room;
  /** The rooms that a peer is in: those that have started first, then the latest. */
  of(peerId: string): Room[];
  remove(callId: string): Room | undefined;
};

export function createRooms(): Rooms {
  const rooms = new Map<string, Room>();
  return {
    get: (callId) => rooms.get(callId),
    open(callId, members) {
      const room = rooms.get(callId) ?? { callId, members, started: false, held: false };
      room.members = members;
      rooms.set(callId, room);
      return room;
    },
    of(peerId) {
      const all = [...rooms.values()].filter(({ members }) => members.has(peerId));
      return all.reverse().sort((a, b) => Number(b.started) - Number(a.started));
    },
    remove(callId) {
      const room = rooms.get(callId);
      rooms.delete(callId);
      return room;
    },
  };
}

/**
 * What of one peer's track another peer of the room gets: nothing at all, a consumer that is paused, or one that flows.
 * A whisper has no consumer but the agent's: what does not exist cannot be heard by mistake.
 */
export function flow(room: Room, way: { from: string; to: string; source: Source }): 'none' | 'paused' | 'open' {
  const from = room.members.get(way.from);
  const to = room.members.get(way.to);
  if (from === undefined || to === undefined || way.from === way.to || from.mode === 'listening') return 'none';
  // A window is shown to the customer, by whom the customer sees.
  if (way.source === 'screen' && (to.role !== 'customer' || from.mode !== 'joined')) return 'none';
  // What lies under the kiosk's document camera is for whoever may see the customer, and for nobody before a call.
  if (way.source === 'document' && (from.role !== 'customer' || !room.started)) return 'none';
  if (from.mode === 'whispering') return to.role === 'agent' && way.source === 'microphone' ? 'open' : 'none';
  if (to.role === 'customer') return room.started && !room.held ? 'open' : 'paused';
  if (from.role === 'customer') return room.held ? 'paused' : 'open';
  return 'open';
}

/** Of which sides a room's voices may be read beside it. */
export type VoiceSide = 'customer' | 'staff';

/**
 * The peers whose voices may be read for captions: who speaks to everybody, while the customer is in the call. Nobody
 * before it was accepted or on hold, and never who listens or whispers.
 */
export function voices(room: Room, sides: readonly VoiceSide[]): string[] {
  if (!room.started || room.held) return [];
  return [...room.members].flatMap(([peerId, { role, mode }]) =>
    mode === 'joined' && sides.includes(role === 'customer' ? 'customer' : 'staff') ? [peerId] : [],
  );
}
