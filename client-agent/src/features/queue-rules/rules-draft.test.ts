import { expect, it } from 'vitest';
import { createRulesDrafts } from './rules-draft.ts';

function storage() {
  const kept = new Map<string, string>();
  return {
    kept,
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  };
}
const draft = { staffId: 'one', basedOn: 3, text: '{}' };

it('is there again after a reload, with the version that it changes', () => {
  const tab = storage();
  createRulesDrafts(tab).write(draft);
  expect(createRulesDrafts(tab).read('one')).toEqual(draft);
});

it('is nobody else’s, and gone once it is forgotten', () => {
  const tab = storage();
  const drafts = createRulesDrafts(tab);
  drafts.write(draft);
  expect(drafts.read('two')).toBeNull();
  drafts.forget();
  expect(tab.kept.size).toBe(0);
});

it('ignores what it can not read, and does not stop the typing when the storage is full', () => {
  const tab = storage();
  tab.setItem('openvtm.queue-rules', '{broken');
  expect(createRulesDrafts(tab).read('one')).toBeNull();
  const full = {
    ...tab,
    setItem: () => {
      throw new Error('quota');
    },
  };
  expect(() => createRulesDrafts(full).write(draft)).not.toThrow();
});
