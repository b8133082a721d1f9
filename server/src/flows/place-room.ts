import type { Log } from '../kernel/log.ts';
import type { Node } from '../modules/nodes/index.ts';
import type { FarMedia } from './media-home.ts';
import type { Parts } from './parts.ts';

/** Has the process to which a call's room belongs make it and follow the call, be that this one or another. */
export function placeRooms(
  { nodes }: Pick<Parts, 'nodes'>,
  {
    far,
    log,
    look,
  }: {
    far: FarMedia;
    log: Log;
    /** Makes of a room here what the database says. */
    look: (callId: string) => Promise<void>;
  },
) {
  const isMe = (node: Node) => node.instance === nodes.me.instance;
  return {
    /** The room is made where it was claimed. Who does not answer is suspected, and the room is made here. */
    async make(callId: string, at: Node): Promise<void> {
      if (isMe(at)) return look(callId);
      const { address } = at;
      try {
        if (address !== null) return void (await far.look(address, callId));
      } catch (error) {
        log.warn({ err: error, callId, address }, 'a process does not make a room, which comes here');
      }
      if (address !== null) await nodes.suspect(address);
      if (await nodes.takeRoom(callId, at)) await look(callId);
    },
    /** What was just committed here about a call: its room, if it is elsewhere, must not wait for Redis to know of a hold. */
    async tell(callId: string): Promise<void> {
      const at = await nodes.roomOf(callId);
      if (at && !isMe(at) && at.address !== null) await far.look(at.address, callId);
    },
  };
}
