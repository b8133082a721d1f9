import { expect, test } from 'vitest';
import { chooseDevice, devicesFor } from './device-choice.ts';
import type { KnownDevice } from './device-choice.ts';

const camera = (deviceId: string, label: string): KnownDevice => ({ kind: 'videoinput', deviceId, label });
const face = camera('a', 'Integrated Webcam');
const paper = camera('b', '高拍仪 HD');
const none = { remembered: null, otherCamera: null };

test('with two cameras the label tells which looks at paper, in any order', () => {
  for (const devices of [
    [face, paper],
    [paper, face],
  ]) {
    expect(chooseDevice('face', devices, none)).toBe('a');
    expect(chooseDevice('document', devices, none)).toBe('b');
  }
});

test('with two cameras that look alike each role takes the one that is free', () => {
  const twins = [camera('a', 'USB Camera'), camera('b', 'USB Camera')];
  expect(chooseDevice('document', twins, { remembered: null, otherCamera: 'a' })).toBe('b');
  expect(chooseDevice('face', twins, { remembered: null, otherCamera: 'b' })).toBe('a');
});

test('with one camera both roles share it', () => {
  expect(chooseDevice('document', [face], { remembered: null, otherCamera: 'a' })).toBe('a');
});

test('what was chosen before is taken if it is still there', () => {
  expect(chooseDevice('face', [face, paper], { remembered: 'b', otherCamera: null })).toBe('b');
  expect(chooseDevice('face', [face], { remembered: 'b', otherCamera: null })).toBe('a');
});

test('a microphone is left to the system unless one was chosen', () => {
  const microphone: KnownDevice = { kind: 'audioinput', deviceId: 'm', label: 'Mic' };
  expect(chooseDevice('microphone', [microphone], none)).toBeNull();
  expect(chooseDevice('microphone', [microphone], { remembered: 'm', otherCamera: null })).toBe('m');
});

test('devices without an id, as before permission is given, are not listed', () => {
  expect(devicesFor('face', [camera('', ''), face])).toEqual([face]);
  expect(chooseDevice('face', [camera('', '')], none)).toBeNull();
});
