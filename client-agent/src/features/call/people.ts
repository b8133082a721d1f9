import type { CallId, CallView, ParticipantId, StaffId } from '@openvtm/protocol';
import type { Remote } from '@openvtm/rtc/call';

export type Participant = CallView['participants'][number];

/** The members of staff in a call but `me`: who has the lead first, then as they came. Pure. */
export const colleaguesIn = (call: CallView, me: StaffId | null): Participant[] =>
  call.participants
    .filter(({ id, role }) => role !== 'customer' && id !== me)
    .toSorted((a, b) => Number(b.role === 'agent') - Number(a.role === 'agent'));

/** How one is in a call oneself; null: not, or not any more. Pure. */
export const myself = (call: CallView, me: StaffId | null): Participant | null =>
  call.participants.find(({ id }) => id === me) ?? null;

/** Who has the lead. Pure. */
export const leadOf = (call: CallView): Participant | null =>
  call.participants.find(({ role }) => role === 'agent') ?? null;

/** The one of several attended calls whose sound is heard: the chosen one, or else the latest. Pure. */
export function heardCall(attending: readonly Pick<CallView, 'callId'>[], chosen: CallId | null): CallId | null {
  const found = attending.find(({ callId }) => callId === chosen) ?? attending[0];
  return found?.callId ?? null;
}

export type Voice = { key: string; participant: ParticipantId; track: MediaStreamTrack };

/** What comes out of the loudspeaker: everybody in the own call or the one that rings; of attended calls only one. Pure. */
export function voicesOf(
  remotes: readonly Remote[],
  { attending, chosen }: { attending: readonly Pick<CallView, 'callId'>[]; chosen: CallId | null },
): Voice[] {
  const heard = heardCall(attending, chosen);
  return remotes.flatMap(({ callId, participant, microphone }) => {
    if (microphone === null) return [];
    if (callId !== heard && attending.some((call) => call.callId === callId)) return [];
    return [{ key: `${callId} ${participant}`, participant, track: microphone }];
  });
}
