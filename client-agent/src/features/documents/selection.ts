import { type DocumentId, documentsToTake, type DocumentView } from '@openvtm/protocol';

/** Which document is looked at, and whether the agent chose it. */
export type Selection = { documentId: DocumentId; by: 'agent' | 'itself' } | null;

/**
 * What to look at when the documents changed: a picture under review is never swapped for another, and what the agent
 * chose stays until it is gone; otherwise the picture that has waited longest comes up by itself, then the one that
 * lies under the camera now, one that is just arriving, or the last one there is.
 */
export function selectionAfter(
  selection: Selection,
  documents: readonly DocumentView[],
  { live = null }: { live?: DocumentId | null } = {},
): Selection {
  const selected = documents.find((document) => document.documentId === selection?.documentId);
  if (selection !== null && selected !== undefined && selected.state.at !== 'withdrawn') {
    if (selection.by === 'agent' || selected.state.at === 'captured') return selection;
  }
  const since = (document: DocumentView) => (document.state.at === 'captured' ? document.state.since : 0);
  const next = documents
    .filter((document) => document.state.at === 'captured')
    .toSorted((a, b) => since(a) - since(b))[0];
  if (next !== undefined) return { documentId: next.documentId, by: 'itself' };
  if (live !== null) return { documentId: live, by: 'itself' };
  const coming = documents.find(({ arriving, state }) => arriving !== null || state.at === 'collecting');
  if (coming !== undefined) return { documentId: coming.documentId, by: 'itself' };
  if (selected !== undefined && selected.state.at !== 'withdrawn') return selection;
  const last = documents.findLast((document) => document.pages.length > 0 && document.state.at !== 'withdrawn');
  return last === undefined ? null : { documentId: last.documentId, by: 'itself' };
}

/** Which document the kiosk's camera looks at: the one on the kiosk's screen, unless the face camera takes it. Pure. */
export function aimedAt(documents: readonly DocumentView[]): DocumentId | null {
  const first = documentsToTake(documents)[0];
  return first === undefined || first.camera === 'face' ? null : first.documentId;
}
