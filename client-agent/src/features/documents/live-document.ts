import type { CaseId, DocumentId, DocumentView } from '@openvtm/protocol';
import { computed, type ComputedRef } from 'vue';
import { useLive } from '../../live/index.ts';
import { trackIn } from '../call/index.ts';
import { aimedAt } from './selection.ts';

/** The document that lies before the customer now, as the camera sees it. */
export type LiveDocument = { documentId: DocumentId; track: MediaStreamTrack };

/** What the document camera shows of a case, in the call that one leads or attends, while it is sent. */
export function useLiveDocument(
  caseId: () => CaseId,
  documents: () => readonly DocumentView[],
): ComputedRef<LiveDocument | null> {
  const live = useLive();
  return computed(() => {
    const call = [live.call, ...live.attending].find((one) => one?.caseId === caseId());
    const documentId = aimedAt(documents());
    if (!call || call.held !== null || documentId === null) return null;
    const track = trackIn({ callId: call.callId, participant: 'customer', source: 'document' });
    return track === null ? null : { documentId, track };
  });
}
