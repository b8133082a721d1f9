import { QUALITY_LATE_MS, QUALITY_SLOT_MS } from '@openvtm/protocol';
import { Refusal } from '../kernel/errors.ts';
import type { Handlers } from '../kernel/handler.ts';
import type { Parts } from './parts.ts';

/** Each participant of a call tells how its link was, also a little after it has left or the call has ended. */
export function reportQuality({ calls, clock, quality }: Pick<Parts, 'calls' | 'clock' | 'quality'>) {
  return {
    'quality:report': async ({ caller }, { callId, samples }) => {
      const isKiosk = caller.kind === 'kiosk';
      const place = await calls.placeIn(callId, isKiosk ? { kioskId: caller.id } : { staffId: caller.id });
      const now = clock();
      if (!place || (place.until !== null && now - place.until > QUALITY_LATE_MS))
        throw new Refusal('not-allowed', 'not in this call');
      const side = { callId, participant: caller.id, role: place.role, branchId: isKiosk ? caller.branchId : null };
      // A page's notion of the server's clock may be a little off.
      const until = Math.min(place.until ?? now, now) + QUALITY_SLOT_MS;
      return { kept: await quality.keep(side, samples, { from: place.since, until }) };
    },
  } satisfies Partial<Handlers>;
}
