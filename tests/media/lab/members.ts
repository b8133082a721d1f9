import type { ParticipantMode, StaffId } from '@openvtm/protocol';
import type { Members } from '../../../server/src/modules/media/index.ts';

type Member = Members extends ReadonlyMap<string, infer M> ? M : never;

/** Somebody of the staff beside the agent; `peer` is as whom the others know them. */
export const memberOf = (peer: string, mode: ParticipantMode = 'joined'): Member => ({
  participant: peer as StaffId,
  role: 'other',
  mode,
});

/** The two with whom a call begins. */
export const pair = (customer: string, agent: string): Map<string, Member> =>
  new Map<string, Member>([
    [customer, { participant: 'customer', role: 'customer', mode: 'joined' }],
    [agent, { participant: agent as StaffId, role: 'agent', mode: 'joined' }],
  ]);
