import { ProtocolError } from '../kernel/errors.ts';
import type { Caller } from '../kernel/handler.ts';
import { kioskPeer, type Parts } from './parts.ts';

type Needs = Pick<Parts, 'calls' | 'media' | 'nodes' | 'queue'>;

/** The requests of a peer, as the media module has them. */
const MEDIA = [
  'join',
  'connect',
  'produce',
  'unproduce',
  'receive',
  'resume',
  'fit',
  'pictures',
  'restartIce',
] as const;
export type MediaVerb = (typeof MEDIA)[number];
const isVerb = (name: string): name is MediaVerb => (MEDIA as readonly string[]).includes(name);

/** How another process is reached. */
export type FarMedia = {
  ask(address: string, ask: { subject: string; name: MediaVerb | 'leave'; data: unknown }): Promise<unknown>;
  tell(address: string, told: { subject: string; name: string; data: unknown }): void;
  /** Has it look at a call whose room is its own; rejects soon when it cannot be reached, for somebody is rung meanwhile. */
  look(address: string, callId: string): Promise<unknown>;
};

/**
 * Where each peer's media are: in the process that has its line, or, during a call, in the one that has the call's room.
 * Only the requests go through the line's process; the media themselves go straight there.
 */
export type MediaHome = {
  ask(caller: Caller, name: MediaVerb, data: unknown): Promise<unknown>;
  /** Another process asks for a line of its own; `via` is where what is told to that peer goes. */
  answer(asked: { subject: string; name: string; data: unknown; via: string }): Promise<unknown>;
  /** Where what is told to a peer goes that has no line here. */
  viaOf(subject: string): string | undefined;
  /** Whether the media of a line here are in another process. */
  isAway(subject: string): boolean;
  /** The peers whose lines are in other processes. */
  strangers(subjects: Iterable<string>): string[];
  /** Lets a peer go that belongs elsewhere, after its call. */
  dismiss(subject: string): void;
  /** Its line has been down for too long. */
  leave(subject: string): void;
};

export function createMediaHome(needs: Needs, far: FarMedia): MediaHome {
  const { calls, media, nodes, queue } = needs;
  /** Subjects with a line here whose media are in another process, by its address. */
  const homes = new Map<string, string>();
  /** Peers here whose line is in another process, by its address. */
  const vias = new Map<string, string>();

  const callOf = async ({ kind, id, subject }: Caller): Promise<string | null> => {
    const who = kind === 'kiosk' ? { kioskId: id } : { staffId: id };
    const running = await calls.activeOf(who);
    if (running) return running.callId;
    const attended = kind === 'staff' ? (await calls.attendedBy(id))[0] : null;
    if (attended) return attended.callId;
    const offers = await queue.allRinging();
    return offers.find((offer) => kioskPeer(offer.kioskId) === subject || offer.staffId === id)?.callId ?? null;
  };
  /** The address of the process that has the room of this line's call; null: this one, or there is none. */
  const farHome = async (caller: Caller): Promise<string | null> => {
    if (nodes.me.address === null) return null;
    const callId = await callOf(caller);
    const room = callId === null ? null : await nodes.roomOf(callId);
    return room && room.instance !== nodes.me.instance ? room.address : null;
  };

  // What a client sent fitted the request's schema, here or in the process that asks.
  const here = (subject: string, name: MediaVerb, data: unknown): Promise<unknown> =>
    name === 'join' ? media.join(subject) : media[name](subject, data as never);

  const move = async (caller: Caller): Promise<string | null> => {
    const home = await farHome(caller);
    const before = homes.get(caller.subject);
    if (home === null) homes.delete(caller.subject);
    else homes.set(caller.subject, home);
    if (home !== null) media.leave(caller.subject);
    // Not waited for: where nobody answers any more, all that this person asks for would wait, too.
    if (before !== undefined && before !== home)
      far.ask(before, { subject: caller.subject, name: 'leave', data: {} }).catch(() => undefined);
    return home;
  };

  const dismiss = (subject: string) => {
    vias.delete(subject);
    media.leave(subject);
  };

  return {
    async ask(caller, name, data) {
      const { subject } = caller;
      const known = name === 'join' ? undefined : (homes.get(subject) ?? (media.has(subject) ? null : undefined));
      const home = known === undefined ? await move(caller) : known;
      // Its line is here now, whoever asked for it before.
      vias.delete(subject);
      return home === null ? here(subject, name, data) : far.ask(home, { subject, name, data });
    },
    async answer({ subject, name, data, via }) {
      if (name === 'leave') {
        // Its line may be in a third process by now, which uses what is here.
        if (vias.get(subject) === via) dismiss(subject);
        return {};
      }
      if (!isVerb(name)) throw new ProtocolError('bad-request', 'no request of media');
      vias.set(subject, via);
      return here(subject, name, data);
    },
    viaOf: (subject) => vias.get(subject),
    isAway: (subject) => homes.has(subject),
    strangers: (subjects) => [...subjects].filter((subject) => vias.has(subject)),
    dismiss,
    leave(subject) {
      const home = homes.get(subject);
      homes.delete(subject);
      if (home === undefined) return dismiss(subject);
      far.ask(home, { subject, name: 'leave', data: {} }).catch(() => undefined);
    },
  };
}
