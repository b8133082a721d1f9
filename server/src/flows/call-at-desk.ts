import type { CallBrief } from '../modules/calls/index.ts';
import type { Parts } from './parts.ts';

/** The call whose case is on somebody's screen: the one they lead or wrap up, or else the latest that they attend. */
export async function callAtDesk(
  { calls, queue }: Pick<Parts, 'calls' | 'queue'>,
  staffId: string,
): Promise<CallBrief | null> {
  const agent = await queue.agent(staffId);
  if (agent?.callId && agent.at !== 'helping') return calls.byId(agent.callId);
  return (await calls.attendedBy(staffId))[0] ?? null;
}
