import type { DocumentId, DocumentView } from '@openvtm/protocol';

/** What a page is compared with: the customer's live face, its own picture as it was taken, or another page. */
export type Beside = { is: 'face' } | { is: 'taken' } | { is: 'page'; documentId: DocumentId; number: number };
export type Looked = { documentId: DocumentId; number: number };

/** All that may stand beside a page, in the order in which it is likely wanted; the newest round of each document only. */
export function besides(looked: Looked, documents: readonly DocumentView[], has: { face: boolean }): Beside[] {
  const own = documents.find(({ documentId }) => documentId === looked.documentId);
  const straightened = own?.pages.find(({ number }) => number === looked.number)?.straightened ?? false;
  const pages = documents
    .filter(({ state }) => state.at !== 'withdrawn')
    .flatMap(({ documentId, pages: all }) =>
      all
        .filter(({ round }) => round === all.at(-1)?.round)
        .filter(({ number }) => documentId !== looked.documentId || number !== looked.number)
        .map(({ number }): Beside => ({ is: 'page', documentId, number })),
    );
  return [
    ...(has.face ? [{ is: 'face' } as const] : []),
    ...(straightened ? [{ is: 'taken' } as const] : []),
    ...pages,
  ];
}

export const keyOf = (beside: Beside): string =>
  beside.is === 'page' ? `${beside.documentId} ${beside.number}` : beside.is;
