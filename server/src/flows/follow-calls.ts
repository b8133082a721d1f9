import type { StaffId } from '@openvtm/protocol';
import type { Bus, Fact } from '../kernel/bus.ts';
import type { Log } from '../kernel/log.ts';
import { createTurns } from '../kernel/turn.ts';
import type { CallBrief } from '../modules/calls/index.ts';
import type { Members } from '../modules/media/index.ts';
import type { Node } from '../modules/nodes/index.ts';
import type { OfferAbout } from '../modules/queue/index.ts';
import type { FarMedia, MediaHome } from './media-home.ts';
import { kioskPeer, staffPeer, type Parts } from './parts.ts';
import { placeRooms } from './place-room.ts';

type Begun = { callId: string; kioskId: string; staffId: string };

/** The two with whom every call begins. */
const pairOf = ({ kioskId, staffId }: Omit<Begun, 'callId'>): Members =>
  new Map([
    [kioskPeer(kioskId), { participant: 'customer', role: 'customer', mode: 'joined' }],
    [staffPeer(staffId), { participant: staffId as StaffId, role: 'agent', mode: 'joined' }],
  ]);

async function membersOf({ calls }: Pick<Parts, 'calls'>, call: CallBrief): Promise<Members> {
  const others = await calls.attendants([call.callId]);
  return new Map([
    ...pairOf(call),
    ...others.map(
      ({ staffId, mode }) =>
        [staffPeer(staffId), { participant: staffId as StaffId, role: 'other' as const, mode }] as const,
    ),
  ]);
}

/** Facts after which other people are in a call, or are so in another way. */
const OF_PEOPLE: ReadonlySet<string> = new Set([
  'call.held',
  'call.resumed',
  'call.participant-joined',
  'call.participant-changed',
  'call.participant-left',
  'call.lead-passed',
]);

/** After these there is nothing to carry any more. */
const OF_THE_END: ReadonlySet<string> = new Set(['queue.offer-ended', 'call.ended']);

/** ms in which whoever was told to join a room is on the way: told once more they would begin anew. */
const ON_THE_WAY_MS = 5_000;

const RETRY_MS = 1_000;

type Needs = Pick<Parts, 'calls' | 'media' | 'nodes' | 'queue'>;
export type CallMedia = {
  /**
   * Sets up what rings and what runs and is nobody's, and lets go of what is over or another's by now: all of it after a
   * start of the process, later what another process left that is gone. Idempotent.
   */
  restore(): Promise<void>;
  /** Another process says that this call, whose room is here, is to be looked at. */
  look(callId: string): Promise<void>;
  close(): void;
};

/**
 * The media follow the committed facts: an offer that rings is set up behind the curtain, an accepted one flows, an
 * ended one stops. A call's room is claimed by the process that has its agent's line when it rings, for itself or for one
 * that is clearly less loaded, and stays there while that process does. Who is in a running call is read anew after each
 * change, for the next one may be committed already.
 */
export function followCalls(
  { calls, media, nodes, queue }: Needs,
  wiring: {
    bus: Bus;
    log: Log;
    home: MediaHome;
    far: FarMedia;
    /** Whether the subject's line is in this process. */
    isHere: (subject: string) => boolean;
    /** Tells a line of this process to join media anew. */
    rejoin: (subject: string) => void;
  },
): CallMedia {
  const { bus, far, home, isHere, log, rejoin } = wiring;
  const alone = nodes.me.address === null;
  const isMe = (node: Node | null | undefined) => node?.instance === nodes.me.instance;
  const turns = createTurns();
  /** The rooms made here, with when who was told to come. */
  const made = new Map<string, { pair: Members; told: Map<string, number> }>();
  const retries = new Set<NodeJS.Timeout>();
  let closed = false;
  /** What fails is made good as soon as the database answers: until then somebody may hear what is not meant for them. */
  const later = (callId: string, job: () => Promise<unknown>): Promise<unknown> =>
    turns(callId, job).catch((error: unknown) => {
      log.error({ err: error, callId }, 'the media could not follow a call');
      if (closed) return;
      const timer = setTimeout(() => {
        retries.delete(timer);
        void later(callId, () => look(callId));
      }, RETRY_MS);
      retries.add(timer);
    });

  const tell = (callId: string, subject: string, send: () => void) => {
    const told = made.get(callId)?.told;
    if (performance.now() - (told?.get(subject) ?? -Infinity) < ON_THE_WAY_MS) return;
    told?.set(subject, performance.now());
    send();
  };
  /** Whoever is to be in a room here and is not joins anew: their media come to where the room is. */
  const summon = async (callId: string, members: Members) => {
    if (alone) return;
    const missing = [...members.keys()].filter((peerId) => !media.has(peerId));
    for (const subject of missing)
      if (isHere(subject) && home.isAway(subject)) tell(callId, subject, () => rejoin(subject));
    for (const [subject, { address }] of await nodes.holders(missing.filter((subject) => !isHere(subject))))
      if (address !== null)
        tell(callId, subject, () => far.tell(address, { subject, name: 'media:lost', data: { reason: 'moved' } }));
  };
  const sendHome = (subject: string) => {
    const via = home.viaOf(subject);
    home.dismiss(subject);
    if (via) far.tell(via, { subject, name: 'media:lost', data: { reason: 'moved' } });
  };

  const ring = async (offer: Begun) => {
    const pair = pairOf(offer);
    made.set(offer.callId, { pair, told: new Map() });
    media.ring(offer.callId, pair);
    await summon(offer.callId, pair);
  };
  const run = async (call: CallBrief) => {
    const { callId } = call;
    const isNew = !media.holds(callId);
    const members = await membersOf({ calls }, call);
    made.set(callId, { pair: pairOf(call), told: made.get(callId)?.told ?? new Map() });
    if (!media.runs(callId)) media.startCall(callId, members);
    media.setCall(callId, { members, held: call.heldAt !== null });
    await summon(callId, members);
    // Whoever was in a process that is gone need not find out by themselves.
    for (const subject of isNew ? members.keys() : [])
      if (isHere(subject) && !media.has(subject)) tell(callId, subject, () => rejoin(subject));
  };
  const letGo = (callId: string) => {
    media.endCall(callId);
    for (const subject of home.strangers(made.get(callId)?.pair.keys() ?? [])) sendHome(subject);
    made.delete(callId);
  };
  const end = async (callId: string) => {
    letGo(callId);
    if (!alone) await nodes.forgetRoom(callId);
  };

  const running = async (callId: string): Promise<CallBrief | null> => {
    const call = await calls.byId(callId);
    return call && (await calls.activeOf({ kioskId: call.kioskId }))?.callId === callId ? call : null;
  };
  /** Makes of a call's room here what the database says; in turn. */
  const look = async (callId: string) => {
    const call = await running(callId);
    const offer = call ? undefined : (await queue.allRinging()).find((one) => one.callId === callId);
    // It may have been accepted between the two.
    const accepted = call ?? (offer ? null : await running(callId));
    if (!accepted && !offer) return end(callId);
    const at = alone ? nodes.me : await nodes.roomOf(callId);
    if (at && !isMe(at)) return letGo(callId);
    if (!at) return;
    if (accepted) await run(accepted);
    else if (offer && !media.holds(callId)) await ring(offer);
  };
  const place = placeRooms({ nodes }, { far, log, look });

  /** What must not be seen or heard any more stops before anything is read. */
  const quieten = ({ kind, about, data }: Fact, callId: string) => {
    if (kind === 'call.held') media.setCall(callId, { held: true });
    const { participantId } = about;
    // Who gets the lead goes on being seen and heard: made anew, the picture would be away for a second.
    const gone =
      (kind === 'call.participant-left' && data?.['reason'] !== 'leads') ||
      (kind === 'call.lead-passed' && data?.['how'] === 'taken-over');
    const quiet = kind !== 'call.participant-left' && (data?.['mode'] ?? 'joined') !== 'joined';
    if (participantId && (gone || quiet)) media.silence(callId, staffPeer(participantId));
  };

  const stop = bus.onAnywhere((fact) => {
    const {
      callId,
      kioskId = '',
      staffId = '',
      participantId,
    } = fact.about as Partial<OfferAbout> & { participantId?: string };
    if (!callId) return;
    const begun = { callId, kioskId, staffId };
    if (fact.kind === 'queue.offer-made') {
      if (alone) media.ring(callId, pairOf(begun));
      else if (isHere(staffPeer(staffId)))
        void later(callId, async () => place.make(callId, await nodes.claimRoom(callId)));
    } else if (fact.kind === 'call.started') {
      const start = () => {
        if (alone || (media.holds(callId) && !media.runs(callId))) media.startCall(callId, pairOf(begun));
      };
      // At once where it rang: this is what the customer waits for.
      start();
      // The ring may still be on its way.
      if (!alone) void later(callId, async () => start());
    } else if (OF_THE_END.has(fact.kind)) {
      const over = async () => {
        if (media.holds(callId)) await end(callId);
      };
      void over().catch(() => undefined);
      // The ring may still be on its way: what it sets up is taken down after it.
      if (!alone) void later(callId, over);
    } else if (OF_PEOPLE.has(fact.kind) && media.holds(callId)) {
      quieten(fact, callId);
      void later(callId, () => look(callId));
      // Whose line is elsewhere and who is in no room here any more goes home.
      if (fact.kind === 'call.participant-left' && participantId)
        void later(callId, async () => {
          const [subject] = home.strangers([staffPeer(participantId)]);
          const call = await calls.byId(callId);
          if (subject && call?.staffId !== participantId) sendHome(subject);
        });
    }
  });
  const stopTelling = bus.on(({ kind, about: { callId } }) => {
    const isOfRoom = kind === 'call.started' || OF_THE_END.has(kind) || OF_PEOPLE.has(kind);
    // What fails here is told over Redis too.
    if (!alone && callId && isOfRoom && !media.holds(callId)) void place.tell(callId).catch(() => undefined);
  });

  /** Whether this process is to claim a room that nobody has: the agent's (else the customer's) line is here. */
  const isNear = async ({ kioskId, staffId }: Begun): Promise<boolean> => {
    const holders = await nodes.holders([staffPeer(staffId), kioskPeer(kioskId)]);
    return isMe(holders.get(staffPeer(staffId)) ?? holders.get(kioskPeer(kioskId)));
  };

  return {
    async restore() {
      const rooms = alone ? new Map<string, Node>() : await nodes.rooms();
      // In this order: what rings no more is then among those that run, or over.
      const offers = await queue.allRinging();
      const active = await calls.active();
      const going = new Map<string, Begun>([...offers, ...active].map((one) => [one.callId, one]));
      const claimed: [callId: string, at: Node][] = [];
      // One after the other, for each is load when the next is claimed.
      for (const [callId, begun] of alone ? [] : going)
        if (!rooms.has(callId) && (await isNear(begun))) claimed.push([callId, await nodes.claimRoom(callId)]);
      const accepted = new Set<string>(active.map(({ callId }) => callId));
      // Told to come by a line that broke in this moment, somebody may still be where they were.
      const misses = (callId: string) => [...(made.get(callId)?.pair.keys() ?? [])].some((peer) => !media.has(peer));
      const isAmiss = (callId: string) => {
        const mine = alone || isMe(rooms.get(callId));
        if (!going.has(callId)) return mine || made.has(callId);
        return mine
          ? !media.holds(callId) || (accepted.has(callId) && (!media.runs(callId) || misses(callId)))
          : rooms.has(callId) && media.holds(callId);
      };
      const amiss = [...new Set([...rooms.keys(), ...going.keys(), ...made.keys()])].filter(isAmiss);
      await Promise.all([
        ...claimed.map(([callId, at]) => later(callId, () => place.make(callId, at))),
        ...amiss.map((callId) => later(callId, () => look(callId))),
      ]);
    },
    look: (callId) => turns(callId, () => look(callId)),
    close() {
      stop();
      stopTelling();
      closed = true;
      for (const timer of retries) clearTimeout(timer);
    },
  };
}
