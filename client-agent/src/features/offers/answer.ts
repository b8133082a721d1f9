import type { AgentState, OfferId } from '@openvtm/protocol';
import { ref } from 'vue';

/** What this agent answered to which offer; kept so that the ring stops at once and the end can be explained. */
export const answered = ref<{ offerId: OfferId; how: 'accept' | 'decline' } | null>(null);

/** Why an offer went away without becoming a call; null: nothing to say. */
export type OfferEnd = 'withdrawn' | 'declined' | null;

/**
 * What to tell about the change from one agent state to the next. A missed offer says so in the state itself, and a
 * taken one is a call.
 */
export function offerEnd(
  before: AgentState | null,
  now: AgentState | null,
  own: { offerId: OfferId; how: 'accept' | 'decline' } | null,
): OfferEnd {
  if (before?.at !== 'offered' || now === null) return null;
  if (now.at === 'offered' && now.offer.offerId === before.offer.offerId) return null;
  if ('callId' in now) return null;
  if (own?.offerId === before.offer.offerId && own.how === 'decline') return 'declined';
  if (now.at === 'break' && now.reason === 'missed-offer') return null;
  return 'withdrawn';
}

export const lastEnd = ref<OfferEnd>(null);
