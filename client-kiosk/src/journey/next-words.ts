import type { DocumentKind, DocumentView, KioskCase } from '@openvtm/protocol';

/** What the call screen says in words: a key of the `next` texts, and the document it is about. */
export type NextWords = {
  key: 'talk' | 'notRight' | 'captured' | 'provisional' | 'accepted' | 'notAtHand' | 'withdrawn' | 'confirmed';
  document: DocumentKind | null;
  /** Something is done well: shown in green. */
  good: boolean;
};

const settledAt = ({ state }: DocumentView): number => ('since' in state ? state.since : -1);

/** What the customer should know now, from what last happened. `disputed`: the summary was sent back. Pure. */
export function nextWords(
  running: KioskCase,
  documents: DocumentView[],
  { disputed }: { disputed: boolean },
): NextWords {
  if (running.at === 'confirmed') return { key: 'confirmed', document: null, good: true };
  const underReview = documents.find(({ state }) => state.at === 'captured');
  if (underReview) return { key: 'captured', document: underReview.kind, good: false };
  if (disputed) return { key: 'notRight', document: null, good: false };
  const latest = documents.toSorted((a, b) => settledAt(b) - settledAt(a))[0];
  switch (latest?.state.at) {
    case 'provisional':
      return { key: 'provisional', document: latest.kind, good: false };
    case 'accepted':
      return { key: 'accepted', document: latest.kind, good: true };
    case 'not-at-hand':
      return { key: 'notAtHand', document: latest.kind, good: false };
    case 'withdrawn':
      return { key: 'withdrawn', document: latest.kind, good: false };
    default:
      return { key: 'talk', document: null, good: false };
  }
}
