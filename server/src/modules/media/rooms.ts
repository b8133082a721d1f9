/** Who is together under one call id. Before it has started, the customer sees and hears nobody. */
export type Room = { readonly callId: string; readonly customer: string; readonly agent: string; started: boolean };

export type Rooms = {
  get(callId: string): Room | undefined;
  /** Makes the room, or returns the one there is. Other peers under the same call id make it anew. */
  open(callId: string, peers: { customer: string; agent: string }): { room: Room; replaced: Room | undefined };
  /** The rooms that a peer is in: those that have started first, then the latest. */
  of(peerId: string): Room[];
  remove(callId: string): Room | undefined;
};

export function createRooms(): Rooms {
  const rooms = new Map<string, Room>();
  return {
    get: (callId) => rooms.get(callId),
    open(callId, { customer, agent }) {
      const before = rooms.get(callId);
      if (before !== undefined && before.customer === customer && before.agent === agent) {
        return { room: before, replaced: undefined };
      }
      const room: Room = { callId, customer, agent, started: false };
      rooms.delete(callId);
      rooms.set(callId, room);
      return { room, replaced: before };
    },
    of(peerId) {
      const all = [...rooms.values()].filter((room) => room.customer === peerId || room.agent === peerId);
      return all.reverse().sort((a, b) => Number(b.started) - Number(a.started));
    },
    remove(callId) {
      const room = rooms.get(callId);
      rooms.delete(callId);
      return room;
    },
  };
}

export const counterpart = (room: Room, peerId: string): string =>
  room.customer === peerId ? room.agent : room.customer;

/** Whether frames may flow to this peer yet. */
export const mayReceive = (room: Room, peerId: string): boolean => room.started || room.agent === peerId;
