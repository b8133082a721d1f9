import type { InvitationView } from '@openvtm/protocol';
import { computed, type ComputedRef } from 'vue';
import { useLive, useServerNow } from '../../live/index.ts';
import { myself } from '../call/index.ts';
import { openFor } from './invitations.ts';

/** The invitations that this person may answer now; who has joined a call needs no more asking. */
export function useInvitationsToMe(): ComputedRef<InvitationView[]> {
  const live = useLive();
  const now = useServerNow();
  return computed(() => {
    const me = live.staff?.staffId ?? null;
    const joined = live.attending.filter((call) => myself(call, me)?.mode === 'joined').map(({ callId }) => callId);
    return openFor(live.invitations, { now: now.value, joined: new Set<string>(joined) });
  });
}
