import { expect, it } from 'vitest';
import { messages } from '../../i18n/index.ts';
import { meant, shortcutNames, shortcuts } from './keys.ts';

const press = (key: string, more: Partial<Parameters<typeof meant>[0]> = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  repeat: false,
  isComposing: false,
  ...more,
});

it('finds the shortcut of a key, small or capital', () => {
  expect(meant(press('a'), 'page', true)).toEqual(['accept']);
  expect(meant(press('A'), 'page', true)).toEqual(['accept']);
  expect(meant(press('Enter'), 'page', true)).toEqual(['accept']);
  expect(meant(press('?', { shiftKey: true }), 'page', true)).toEqual(['sheet']);
  expect(meant(press('+', { shiftKey: true }), 'page', true)).toEqual(['zoomIn']);
});

it('leaves keys to a text that is being written, except Ctrl+Enter and Escape', () => {
  expect(meant(press('a'), 'text', true)).toEqual([]);
  expect(meant(press('Enter'), 'text', true)).toEqual([]);
  expect(meant(press('Enter', { ctrlKey: true }), 'text', true)).toEqual(['acceptPage']);
  expect(meant(press('Escape'), 'text', true)).toEqual(['cancel']);
});

it('leaves Enter to the button that has the focus', () => {
  expect(meant(press('Enter'), 'control', true)).toEqual([]);
  expect(meant(press('a'), 'control', true)).toEqual(['accept']);
});

it('does nothing while an input method composes, on repeats, or with other modifiers', () => {
  expect(meant(press('a', { isComposing: true }), 'page', true)).toEqual([]);
  expect(meant(press('a', { repeat: true }), 'page', true)).toEqual([]);
  expect(meant(press('r', { ctrlKey: true }), 'page', true)).toEqual([]);
  expect(meant(press('f', { altKey: true }), 'page', true)).toEqual([]);
  expect(meant(press('A', { shiftKey: true }), 'page', true)).toEqual([]);
});

it('keeps only ? and combinations when single keys are switched off', () => {
  expect(meant(press('m'), 'page', false)).toEqual([]);
  expect(meant(press('1'), 'page', false)).toEqual([]);
  expect(meant(press('?', { shiftKey: true }), 'page', false)).toEqual(['sheet']);
  expect(meant(press('Enter', { ctrlKey: true }), 'page', false)).toEqual(['acceptPage']);
  expect(meant(press('Enter'), 'page', false)).toEqual(['accept']);
});

it('gives no key to two shortcuts', () => {
  const keys = shortcutNames.flatMap((name) => [...shortcuts[name].keys]);
  expect(new Set(keys).size).toBe(keys.length);
});

it('has a word for each shortcut and its group, for the sheet', () => {
  const words = messages.en['shortcut'];
  expect(words).toMatchObject({
    name: Object.fromEntries(shortcutNames.map((name) => [name, expect.any(String)])),
    group: Object.fromEntries(shortcutNames.map((name) => [shortcuts[name].group, expect.any(String)])),
  });
});
