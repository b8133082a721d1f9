import { expect, it } from 'vitest';
import type { DocumentId, DocumentView } from '@openvtm/protocol';
import { besides, keyOf } from './beside.ts';

const page = (number: number, round: number, straightened = false) =>
  ({ number, round, straightened }) as DocumentView['pages'][number];
const documentOf = (id: string, pages: DocumentView['pages'], at: DocumentView['state']['at'] = 'captured') =>
  ({ documentId: id as DocumentId, pages, state: { at, since: 0 } }) as DocumentView;

const documents = [
  documentOf('a', [page(1, 1), page(2, 2, true), page(3, 2)]),
  documentOf('b', [page(1, 1)]),
  documentOf('c', [page(1, 1)], 'withdrawn'),
  documentOf('d', []),
];
const looked = { documentId: 'a' as DocumentId, number: 2 };

it('offers the face, the picture as taken, and the other pages of each newest round', () => {
  expect(besides(looked, documents, { face: true }).map(keyOf)).toEqual(['face', 'taken', 'a 3', 'b 1']);
});

it('offers neither a face without a camera nor a page as taken that was not straightened', () => {
  expect(besides({ ...looked, number: 3 }, documents, { face: false }).map(keyOf)).toEqual(['a 2', 'b 1']);
});
