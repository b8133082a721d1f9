import type { StaffId } from '@openvtm/protocol';
import type { Bus, Fact } from '../kernel/bus.ts';
import type { Log } from '../kernel/log.ts';
import { createTurns } from '../kernel/turn.ts';
import type { CallBrief } from '../modules/calls/index.ts';
import type { Members } from '../modules/media/index.ts';
import type { OfferAbout } from '../modules/queue/index.ts';
import type { FarMedia, MediaHome } from './media-home.ts';
import { kioskPeer, staffPeer, type Parts } from './parts.ts';

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

type Needs = Pick<Parts, 'calls' | 'media' | 'nodes' | 'queue'>;
export type CallMedia = {
  /**
   * Sets up what rings and what runs: all of it after a start of the process, later what another process left that is
   * gone. Idempotent.
   */
  restore(): Promise<void>;
  close(): void;
};

/**
 * The media follow the committed facts: an offer that rings is set up behind the curtain, an accepted one flows, an
 * ended one stops. A call's room is where its agent's line was when it rang, and stays there while that process does.
 * Who is in a running call is read anew after each change, for the next one may be committed already.
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
  const turns = createTurns();

  /** Whoever is to be in a room here and is not joins anew: their media come to where the room is. */
  const summon = async (members: Members) => {
    const away = [...members.keys()].filter((peerId) => !media.has(peerId) && !isHere(peerId));
    if (alone || away.length === 0) return;
    for (const [subject, { address }] of await nodes.holders(away))
      if (address !== null) far.tell(address, { subject, name: 'media:lost', data: { reason: 'moved' } });
  };
  const ring = async (offer: Begun) => {
    if (alone) return media.ring(offer.callId, pairOf(offer));
    if (!isHere(staffPeer(offer.staffId)) || (await nodes.claimRoom(offer.callId)) !== 'here') return;
    media.ring(offer.callId, pairOf(offer));
    await summon(pairOf(offer));
  };
  const run = async (call: CallBrief) => {
    const members = await membersOf({ calls }, call);
    media.startCall(call.callId, members);
    media.setCall(call.callId, { members, held: call.heldAt !== null });
    await summon(members);
    // Whoever was in a process that is gone need not find out by themselves.
    for (const subject of members.keys()) if (isHere(subject) && !media.has(subject)) rejoin(subject);
  };
  const follow = async (callId: string) => {
    const call = media.holds(callId) ? await calls.byId(callId) : null;
    if (!call) return;
    const members = await membersOf({ calls }, call);
    media.setCall(callId, { members, held: call.heldAt !== null });
    await summon(members);
  };
  const end = async (callId: string, peers: string[]) => {
    media.endCall(callId);
    for (const subject of home.strangers(peers)) {
      const via = home.viaOf(subject);
      home.dismiss(subject);
      if (via) far.tell(via, { subject, name: 'media:lost', data: { reason: 'moved' } });
    }
    if (!alone) await nodes.forgetRoom(callId);
  };

  /** What must not be seen or heard any more stops before anything is read. */
  const quieten = ({ kind, about, data }: Fact, callId: string) => {
    if (kind === 'call.held') media.setCall(callId, { held: true });
    const { participantId } = about;
    // Who gets the lead goes on being seen and heard: made anew, the picture would be away for a second.
    const gone = kind === 'call.participant-left' && data?.['reason'] !== 'leads';
    const quiet = kind !== 'call.participant-left' && (data?.['mode'] ?? 'joined') !== 'joined';
    if (participantId && (gone || quiet)) media.silence(callId, staffPeer(participantId));
  };
  const later = (callId: string, job: () => Promise<unknown>) =>
    void turns(callId, job).catch((error: unknown) =>
      log.error({ err: error, callId }, 'the media could not follow a call'),
    );

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
      if (alone) void ring(begun);
      else later(callId, () => ring(begun));
    } else if (fact.kind === 'call.started') {
      // At once where it rang: this is what the customer waits for.
      if (alone || media.holds(callId)) media.startCall(callId, pairOf(begun));
    } else if (fact.kind === 'queue.offer-ended' || fact.kind === 'call.ended') {
      const over = async () => {
        if (media.holds(callId)) await end(callId, [kioskPeer(kioskId), staffPeer(staffId)]);
      };
      void over().catch(() => undefined);
      // The ring may still be on its way: what it sets up is taken down after it.
      if (!alone) later(callId, over);
    } else if (OF_PEOPLE.has(fact.kind) && media.holds(callId)) {
      quieten(fact, callId);
      later(callId, () => follow(callId));
      // Whose line is elsewhere and who is in no room here any more goes home.
      if (fact.kind === 'call.participant-left' && participantId)
        later(callId, async () => {
          const [subject] = home.strangers([staffPeer(participantId)]);
          const call = await calls.byId(callId);
          if (!subject || call?.staffId === participantId) return;
          const via = home.viaOf(subject);
          home.dismiss(subject);
          if (via) far.tell(via, { subject, name: 'media:lost', data: { reason: 'moved' } });
        });
    }
  });

  /** Whether this process is to have the room: it has it, or nobody has and the agent's (else the customer's) line is here. */
  const isMine = async ({ callId, kioskId, staffId }: Begun): Promise<boolean> => {
    if (alone) return true;
    const at = await nodes.roomOf(callId);
    if (at) return at.instance === nodes.me.instance;
    const holders = await nodes.holders([staffPeer(staffId), kioskPeer(kioskId)]);
    const holder = holders.get(staffPeer(staffId)) ?? holders.get(kioskPeer(kioskId));
    return holder?.instance === nodes.me.instance && (await nodes.claimRoom(callId)) === 'here';
  };

  return {
    async restore() {
      const [offers, running] = await Promise.all([queue.allRinging(), calls.active()]);
      for (const offer of offers) if (!media.holds(offer.callId) && (await isMine(offer))) await ring(offer);
      for (const call of running) if (!media.holds(call.callId) && (await isMine(call))) await run(call);
    },
    close: stop,
  };
}
