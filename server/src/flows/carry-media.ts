import type { Bus } from '../kernel/bus.ts';
import type { Handlers } from '../kernel/handler.ts';
import type { OfferAbout } from '../modules/queue/index.ts';
import { kioskPeer, staffPeer, type Parts } from './parts.ts';

/** A line's own media requests: each reaches only the peer of the line that asks. */
export function carryMedia({ media }: Pick<Parts, 'media'>) {
  return {
    'media:join': ({ caller }) => media.join(caller.subject),
    'media:connect': ({ caller }, data) => media.connect(caller.subject, data),
    'media:produce': ({ caller }, data) => media.produce(caller.subject, data),
    'media:unproduce': ({ caller }, data) => media.unproduce(caller.subject, data),
    'media:receive': ({ caller }, data) => media.receive(caller.subject, data),
    'media:resume': ({ caller }, data) => media.resume(caller.subject, data),
    'media:restart-ice': ({ caller }, data) => media.restartIce(caller.subject, data),
  } satisfies Partial<Handlers>;
}

/** The media follow the committed facts: an offer that rings is set up behind the curtain, an accepted one flows, an ended one stops. */
export function followCalls({ media }: Pick<Parts, 'media'>, bus: Bus): () => void {
  return bus.on((fact) => {
    const { callId, kioskId, staffId } = fact.about as Partial<OfferAbout>;
    if (!callId) return;
    const peers = () => ({ customer: kioskPeer(kioskId ?? ''), agent: staffPeer(staffId ?? '') });
    if (fact.kind === 'queue.offer-made') media.ring(callId, peers());
    else if (fact.kind === 'call.started') media.startCall(callId, peers());
    else if (fact.kind === 'queue.offer-ended' || fact.kind === 'call.ended') media.endCall(callId);
  });
}

/** After a start of the process: what rings and what runs is set up again, and waits for its participants to come back. */
export async function restoreMedia({ calls, media, queue }: Pick<Parts, 'calls' | 'media' | 'queue'>): Promise<void> {
  for (const offer of await queue.allRinging())
    media.ring(offer.callId, { customer: kioskPeer(offer.kioskId), agent: staffPeer(offer.staffId) });
  for (const call of await calls.active())
    media.startCall(call.callId, { customer: kioskPeer(call.kioskId), agent: staffPeer(call.staffId) });
}
