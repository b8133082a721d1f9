import { expect, test } from 'vitest';
import { chooseDevice, devicesFor } from './device-choice.ts';
import type { KnownDevice } from './device-choice.ts';

const camera = (deviceId: string, label: string): KnownDevice => ({ kind: 'videoinput', deviceId, label });
const face = camera('a', 'Integrated Webcam');
const paper = camera('b', '高拍仪 HD');
const none = { remembered: null, otherCameras: [] };

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
  expect(chooseDevice('document', twins, { remembered: null, otherCameras: ['a'] })).toBe('b');
  expect(chooseDevice('face', twins, { remembered: null, otherCameras: ['b'] })).toBe('a');
});

test('with one camera both roles share it', () => {
  expect(chooseDevice('document', [face], { remembered: null, otherCameras: ['a'] })).toBe('a');
});

test('what was chosen before is taken if it is still there', () => {
  expect(chooseDevice('face', [face, paper], { remembered: 'b', otherCameras: [] })).toBe('b');
  expect(chooseDevice('face', [face], { remembered: 'b', otherCameras: [] })).toBe('a');
});

test('the overview is a camera of its own: by its name, or the third; none is told, and never another one taken', () => {
  const over = camera('c', 'Overhead Camera');
  const taken = { remembered: null, otherCameras: ['a'] };
  expect(chooseDevice('overview', [face, over], taken)).toBe('c');
  expect(
    chooseDevice('overview', [face, paper, camera('d', 'USB Camera')], { ...taken, otherCameras: ['a', 'b'] }),
  ).toBe('d');
  expect(chooseDevice('overview', [face, paper], taken)).toBeNull();
  expect(chooseDevice('overview', [face, paper], { ...taken, remembered: 'b' })).toBe('b');
});

test('a microphone is left to the system unless one was chosen', () => {
  const microphone: KnownDevice = { kind: 'audioinput', deviceId: 'm', label: 'Mic' };
  expect(chooseDevice('microphone', [microphone], none)).toBeNull();
  expect(chooseDevice('microphone', [microphone], { remembered: 'm', otherCameras: [] })).toBe('m');
});

test('devices without an id, as before permission is given, are not listed', () => {
  expect(devicesFor('face', [camera('', ''), face])).toEqual([face]);
  expect(chooseDevice('face', [camera('', '')], none)).toBeNull();
});
