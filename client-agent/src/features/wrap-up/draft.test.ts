import { CallId } from '@openvtm/protocol';
import { expect, it } from 'vitest';
import { createDrafts } from './draft.ts';

const call = CallId.parse('6b1f2a0e-8f0a-4c62-9d58-0f6a5d1c9e01');
const other = CallId.parse('6b1f2a0e-8f0a-4c62-9d58-0f6a5d1c9e02');
const empty = { outcome: null, note: '' };

function storage() {
  const kept = new Map<string, string>();
  return {
    kept,
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  };
}

it('is there again after a reload', () => {
  const tab = storage();
  createDrafts(tab).write(call, { outcome: 'complete', note: 'called back' });
  expect(createDrafts(tab).read(call)).toEqual({ outcome: 'complete', note: 'called back' });
});

it('never shows one call what was written about another', () => {
  const drafts = createDrafts(storage());
  drafts.write(call, { outcome: 'rejected', note: 'about the first' });
  expect(drafts.read(other)).toEqual(empty);
});

it('leaves nothing behind when it is forgotten', () => {
  const tab = storage();
  const drafts = createDrafts(tab);
  drafts.write(call, { outcome: null, note: 'x' });
  drafts.forget();
  expect(tab.kept.size).toBe(0);
  expect(drafts.read(call)).toEqual(empty);
});

it('ignores what it cannot read', () => {
  const tab = storage();
  tab.setItem('openvtm.wrap-up', '{broken');
  expect(createDrafts(tab).read(call)).toEqual(empty);
  tab.setItem('openvtm.wrap-up', JSON.stringify({ callId: call, outcome: 'nonsense', note: 7 }));
  expect(createDrafts(tab).read(call)).toEqual(empty);
});

it('does not stop the typing when the storage is full', () => {
  const full = {
    ...storage(),
    setItem: () => {
      throw new Error('quota');
    },
  };
  expect(() => createDrafts(full).write(call, { outcome: null, note: 'long' })).not.toThrow();
});
