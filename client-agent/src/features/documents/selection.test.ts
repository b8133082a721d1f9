import { CaseId, DocumentId, type DocumentView } from '@openvtm/protocol';
import { expect, it } from 'vitest';
import { aimedAt, selectionAfter } from './selection.ts';

const caseId = CaseId.parse('6b1f2a0e-8f0a-4c62-9d58-0f6a5d1c9e02');
const id = (n: number) => DocumentId.parse(`6b1f2a0e-8f0a-4c62-9d58-0f6a5d1c9e1${n}`);
const page = {
  number: 1,
  round: 1,
  width: 1,
  height: 1,
  bytes: 1,
  sha256: '',
  capturedAt: 1,
  straightened: false,
  masks: [],
  taken: { width: 1, height: 1 },
};
const document = (n: number, state: DocumentView['state']): DocumentView => ({
  documentId: id(n),
  caseId,
  kind: 'other',
  camera: 'document',
  askedAt: n,
  state,
  arriving: null,
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

it('shows what is just arriving while nothing waits to be looked at', () => {
  const coming = { ...document(2, { at: 'asked' }), arriving: { received: 1, size: 2 } };
  const accepted = document(1, { at: 'accepted', since: 1 });
  expect(selectionAfter(null, [accepted, coming])).toEqual({ documentId: id(2), by: 'itself' });
  const waiting = document(3, { at: 'captured', since: 1 });
  expect(selectionAfter(null, [coming, waiting])).toEqual({ documentId: id(3), by: 'itself' });
});

it('what lies under the camera comes up by itself, but never in the place of a page under review', () => {
  const [first, aimed] = [document(1, { at: 'accepted', since: 5 }), document(2, { at: 'asked' })];
  const live = id(2);
  expect(selectionAfter(null, [first, aimed], { live })).toEqual({ documentId: id(2), by: 'itself' });
  const under = { documentId: id(1), by: 'itself' } as const;
  expect(selectionAfter(under, [document(1, { at: 'captured', since: 5 }), aimed], { live })).toEqual(under);
  expect(selectionAfter({ ...under, by: 'agent' }, [first, aimed], { live })?.documentId).toBe(id(1));
  // Out of sight for a moment, on hold, it keeps its place.
  const now = { documentId: id(2), by: 'itself' } as const;
  expect(selectionAfter(now, [first, aimed])).toEqual(now);
});

it('the camera looks at the page that was asked for first, and at none that the face camera takes', () => {
  const asked = (n: number, askedAt: number, camera: DocumentView['camera']) => ({
    ...document(n, { at: 'asked' }),
    askedAt,
    camera,
  });
  expect(aimedAt([])).toBeNull();
  expect(aimedAt([asked(1, 20, 'document'), asked(2, 10, 'document')])).toBe(id(2));
  expect(aimedAt([asked(1, 20, 'document'), asked(2, 10, 'face')])).toBeNull();
  expect(aimedAt([document(1, { at: 'captured', since: 5 }), asked(2, 30, 'overview')])).toBe(id(2));
});
