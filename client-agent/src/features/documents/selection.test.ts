import { CaseId, DocumentId, type DocumentView } from '@openvtm/protocol';
import { expect, it } from 'vitest';
import { selectionAfter } from './selection.ts';

const caseId = CaseId.parse('6b1f2a0e-8f0a-4c62-9d58-0f6a5d1c9e02');
const id = (n: number) => DocumentId.parse(`6b1f2a0e-8f0a-4c62-9d58-0f6a5d1c9e1${n}`);
const page = { number: 1, width: 1, height: 1, bytes: 1, sha256: '', capturedAt: 1 };
const document = (n: number, state: DocumentView['state']): DocumentView => ({
  documentId: id(n),
  caseId,
  kind: 'other',
  camera: 'document',
  askedAt: n,
  state,
  pages: state.at === 'accepted' ? [page] : [],
});

it('shows nothing until there is a picture, then the one that has waited longest', () => {
  expect(selectionAfter(null, [document(1, { at: 'asked' })])).toBeNull();
  expect(
    selectionAfter(null, [document(1, { at: 'captured', since: 20 }), document(2, { at: 'captured', since: 10 })]),
  ).toEqual({ documentId: id(2), by: 'itself' });
});

it('never swaps a picture under review for a newer one', () => {
  const under = { documentId: id(1), by: 'itself' } as const;
  expect(
    selectionAfter(under, [document(1, { at: 'captured', since: 20 }), document(2, { at: 'captured', since: 10 })]),
  ).toEqual(under);
});

it('goes on to the next picture when one is done', () => {
  const under = { documentId: id(1), by: 'itself' } as const;
  const done = document(1, { at: 'accepted', since: 30 });
  expect(selectionAfter(under, [done, document(2, { at: 'captured', since: 10 })])).toEqual({
    documentId: id(2),
    by: 'itself',
  });
  expect(selectionAfter(under, [done])).toEqual(under);
});

it('comes back to the last picture when there is nothing to review', () => {
  expect(selectionAfter(null, [document(1, { at: 'accepted', since: 5 }), document(2, { at: 'asked' })])).toEqual({
    documentId: id(1),
    by: 'itself',
  });
});

it('stays with what the agent chose until it is withdrawn or gone', () => {
  const chosen = { documentId: id(1), by: 'agent' } as const;
  const accepted = document(1, { at: 'accepted', since: 30 });
  const other = document(2, { at: 'captured', since: 10 });
  expect(selectionAfter(chosen, [accepted, other])).toEqual(chosen);
  expect(selectionAfter(chosen, [document(1, { at: 'withdrawn', since: 40 }), other])?.documentId).toBe(id(2));
  expect(selectionAfter(chosen, [])).toBeNull();
});
