import type { HearingView, ParticipantId, ParticipantRole, StaffId } from '@openvtm/protocol';
import type { Bus, Fact } from '../kernel/bus.ts';
import { Refusal } from '../kernel/errors.ts';
import type { Caller, Handlers } from '../kernel/handler.ts';
import type { Log } from '../kernel/log.ts';
import { createTurns } from '../kernel/turn.ts';
import type { Work } from '../kernel/work.ts';
import type { CallBrief } from '../modules/calls/index.ts';
import type { HearingFact, HearingSaid, HearingSide, Speaker } from '../modules/hearing/index.ts';
import type { Parts } from './parts.ts';

type Needs = Pick<Parts, 'calls' | 'cases' | 'hearing' | 'media' | 'staff'>;

/** Tells the other processes what the speech service said here: who reads it may have a line there. */
export type HearingRelay = { send(message: { is: 'hearing'; said: unknown }): void };
type HearingScreens = { kiosk(kioskId: string, part: 'hearing'): void; staff(staffId: string, part: 'hearing'): void };

/** The running call that the caller is in, heard by everybody. `not-found`; `wrong-state`: over, or only listening or whispering. */
async function openCall(
  { calls }: Pick<Parts, 'calls'>,
  { caller, work }: { caller: Pick<Caller, 'kind' | 'id'>; work: Work },
  callId: string,
): Promise<CallBrief> {
  const who = caller.kind === 'kiosk' ? { kioskId: caller.id } : { staffId: caller.id };
  const own = await calls.activeIn(work, who);
  if (own?.callId === callId) return own;
  if (caller.kind === 'staff') {
    const stay = await calls.attendantIn(work, callId, caller.id);
    const call = stay && (await calls.byId(callId));
    if (call && stay.mode === 'joined') return call;
    if (call) throw new Refusal('wrong-state', 'who listens or whispers is no side of the call');
  }
  await calls.of(work, who, callId);
  throw new Refusal('wrong-state', 'the call is over');
}

/** Captions of what the other side says, and a customer who asks the staff to speak up. */
export function helpHearing(needs: Needs) {
  const { hearing } = needs;
  const record = (
    { caller, work }: { caller: Pick<Caller, 'kind' | 'id'>; work: Work },
    call: CallBrief,
    fact: Pick<HearingFact, 'kind' | 'data'>,
  ) => {
    const { callId, caseId, kioskId, staffId } = call;
    const other = caller.kind === 'staff' && caller.id !== staffId ? { participantId: caller.id } : {};
    const whole: HearingFact = { ...fact, about: { callId, caseId, kioskId, staffId, ...other } };
    work.record(whole);
  };
  return {
    'hearing:captions': async ({ caller, work }, { callId, on }) => {
      const call = await openCall(needs, { caller, work }, callId);
      if (!hearing.service) throw new Refusal('not-found', 'no speech service is configured');
      const side: HearingSide = caller.kind === 'kiosk' ? 'customer' : 'staff';
      record({ caller, work }, call, { kind: 'hearing.captions', data: { by: side, on } });
      return {};
    },
    'hearing:speak-up': async ({ caller, work }, { callId }) => {
      const call = await openCall(needs, { caller, work }, callId);
      if (hearing.view(call.callId, 'customer').speakUpAt !== null) return {};
      record({ caller, work }, call, { kind: 'hearing.speak-up', data: { at: work.now } });
      return {};
    },
  } satisfies Partial<Handlers>;
}

/** What another process tells; it is one of ours, and sends what this file does. */
export const hearCaptions = ({ hearing }: Pick<Parts, 'hearing'>, said: unknown): void => {
  // The last words of a call may come after its end.
  if (hearing.of((said as HearingSaid).callId)) hearing.change(said as HearingSaid);
};

/** Who speaks to everybody in a call, the one who leads it first, and in which language. */
async function speakersIn({ calls, cases, staff }: Needs, call: CallBrief) {
  const [others, desk] = await Promise.all([calls.attendants([call.callId]), cases.deskView(call.caseId)]);
  const joined = others.filter(({ mode }) => mode === 'joined');
  const names = await staff.names([call.staffId, ...joined.map(({ staffId }) => staffId)]);
  const speaker = (staffId: string, role: ParticipantRole): Speaker => ({
    staffId,
    role,
    name: names.get(staffId) ?? '',
  });
  return {
    language: desk?.language ?? 'zh-CN',
    speakers: [speaker(call.staffId, 'agent'), ...joined.map(({ staffId, role }) => speaker(staffId, role))],
  } as const;
}

/** Facts after which other voices may be read, or none. */
const OF_VOICES: ReadonlySet<string> = new Set([
  'call.held',
  'call.resumed',
  'call.participant-joined',
  'call.participant-changed',
  'call.participant-left',
  'call.lead-passed',
]);

/**
 * What is wanted and said in running calls is kept in step with the facts, in every process; where a call's room is, or
 * comes to, its voices are read for the speech service, of the sides that somebody wants to read, and of nobody else.
 * Returns what stops it.
 */
export function followHearing(
  needs: Needs,
  { bus, log, refresh, relay }: { bus: Bus; log: Log; refresh: HearingScreens; relay: HearingRelay },
): () => void {
  const { calls, hearing, media } = needs;
  const turns = createTurns();

  const show = (callId: string) => {
    const call = hearing.of(callId);
    if (!call) return;
    if (call.kioskId) refresh.kiosk(call.kioskId, 'hearing');
    for (const { staffId } of call.speakers) refresh.staff(staffId, 'hearing');
  };
  hearing.onChange(show);
  hearing.onHeard((said) => relay.send({ is: 'hearing', said }));

  const attune = (callId: string) => {
    const sides = hearing.sides(callId);
    if (sides.length === 0) {
      media.read(callId, null);
      return hearing.deafen(callId);
    }
    if (!sides.includes('customer')) hearing.deafen(callId, 'customer');
    media.read(callId, {
      sides,
      onVoice: (speaker, { payload, level }) => hearing.voice(callId, speaker, { opus: payload, level }),
    });
  };

  const follow = async ({ kind, about, data }: Fact, callId: string) => {
    const found = await calls.byId(callId);
    const call = found && (await calls.activeOf({ kioskId: found.kioskId }));
    const before = hearing.of(callId);
    if (call?.callId !== callId || (!before && !kind.startsWith('hearing.'))) return;
    const now = await speakersIn(needs, call);
    const gone = before?.speakers.filter(({ staffId }) => !now.speakers.some((one) => one.staffId === staffId)) ?? [];
    for (const { staffId } of gone) hearing.deafen(callId, staffId as ParticipantId);
    const wants = before?.wants ?? { customer: false, staff: false };
    hearing.change({
      callId,
      change: {
        kioskId: about['kioskId'] ?? '',
        held: call.heldAt !== null,
        ...now,
        ...(kind === 'hearing.captions'
          ? { wants: { ...wants, [data?.['by'] as HearingSide]: data?.['on'] === true } }
          : {}),
        ...(kind === 'hearing.speak-up' ? { speakUpAt: data?.['at'] as number } : {}),
      },
    });
    for (const { staffId } of gone) refresh.staff(staffId, 'hearing');
    attune(callId);
  };

  const stop = bus.onAnywhere((fact) => {
    const { callId } = fact.about;
    if (!callId) return;
    if (fact.kind === 'call.ended') {
      const call = hearing.of(callId);
      hearing.ended(callId);
      media.read(callId, null);
      if (call?.kioskId) refresh.kiosk(call.kioskId, 'hearing');
      for (const { staffId } of call?.speakers ?? []) refresh.staff(staffId, 'hearing');
      return;
    }
    if (fact.kind === 'call.started') {
      if (fact.about['kioskId']) refresh.kiosk(fact.about['kioskId'], 'hearing');
      if (fact.about['staffId']) refresh.staff(fact.about['staffId'], 'hearing');
      return;
    }
    // Nobody is read while the customer is on hold: what was being said is over, before anything else is asked.
    if (fact.kind === 'call.held' && hearing.of(callId)) {
      hearing.deafen(callId);
      hearing.change({ callId, change: { held: true, lines: [] } });
      attune(callId);
    }
    if (!fact.kind.startsWith('hearing.') && !OF_VOICES.has(fact.kind)) return;
    void turns(callId, () => follow(fact, callId)).catch((error: unknown) =>
      log.error({ err: error, callId }, 'captions could not follow a call'),
    );
  });
  return () => {
    stop();
    hearing.close();
  };
}

/** What helps the customer of a kiosk to hear; null: in no call. */
export async function kioskHearing(
  { calls, hearing }: Pick<Parts, 'calls' | 'hearing'>,
  kioskId: string,
): Promise<HearingView | null> {
  const call = await calls.activeOf({ kioskId });
  return call && hearing.view(call.callId, 'customer');
}

/** The same at a desk: of the call that one leads, or the latest that one has joined. */
export async function deskHearing(
  { calls, hearing }: Pick<Parts, 'calls' | 'hearing'>,
  staffId: string,
): Promise<HearingView | null> {
  const own = await calls.activeOf({ staffId });
  if (own) return hearing.view(own.callId, staffId as StaffId);
  const [call] = await calls.attendedBy(staffId);
  if (!call) return null;
  const others = await calls.attendants([call.callId]);
  const joined = others.some((one) => one.staffId === staffId && one.mode === 'joined');
  return joined ? hearing.view(call.callId, staffId as StaffId) : null;
}
