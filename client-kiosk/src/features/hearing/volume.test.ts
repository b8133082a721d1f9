import type { Loudness } from '@openvtm/rtc/loudness';
import { expect, test } from 'vitest';
import { effectScope, nextTick, ref, shallowRef } from 'vue';
import { useLoudTrack, USUAL_VOLUME, volumeBeside, VOLUMES } from './volume.ts';

test('goes up and down in steps, and stays at either end', () => {
  expect(volumeBeside(100, 1)).toBe(150);
  expect(volumeBeside(100, -1)).toBe(75);
  expect(volumeBeside(VOLUMES.at(-1)!, 1)).toBe(VOLUMES.at(-1));
  expect(volumeBeside(VOLUMES[0], -1)).toBe(VOLUMES[0]);
});

const trackOf = (id: string) => ({ id }) as MediaStreamTrack;
const settled = async () => {
  for (let i = 0; i < 5; i += 1) await nextTick();
};

function scene({ fails = false } = {}) {
  const opened: { of: string; gain: number; closed: boolean }[] = [];
  const far = shallowRef<MediaStreamTrack | null>(trackOf('far'));
  const volume = ref<number>(USUAL_VOLUME);
  const scope = effectScope();
  const load = async () => ({
    async openLoudness(track: MediaStreamTrack, gain: number): Promise<Loudness> {
      if (fails) throw new Error('no sound here');
      const one = { of: track.id, gain, closed: false };
      opened.push(one);
      return {
        track: trackOf(`loud ${track.id}`),
        setGain: (next) => (one.gain = next),
        close: () => (one.closed = true),
      };
    },
  });
  const played = scope.run(() =>
    useLoudTrack(
      () => far.value,
      () => volume.value,
      { load },
    ),
  )!;
  return { opened, far, volume, scope, played };
}

test('the sound is the far side’s own until another volume is wanted, and again at the usual one', async () => {
  const { opened, volume, played } = scene();
  expect(played.value?.id).toBe('far');
  volume.value = 200;
  await settled();
  expect(played.value?.id).toBe('loud far');
  volume.value = 300;
  await settled();
  expect(opened).toEqual([{ of: 'far', gain: 3, closed: false }]);
  volume.value = USUAL_VOLUME;
  await settled();
  expect([played.value?.id, opened[0]?.closed]).toEqual(['far', true]);
});

test('what cannot be made louder is heard as it comes', async () => {
  const { volume, played } = scene({ fails: true });
  volume.value = 200;
  await settled();
  expect(played.value?.id).toBe('far');
});

test('another teller is as loud, and what was made louder is let go', async () => {
  const { opened, far, volume, scope, played } = scene();
  volume.value = 200;
  await settled();
  far.value = trackOf('next');
  await settled();
  expect(played.value?.id).toBe('loud next');
  expect(opened.map(({ of, closed }) => [of, closed])).toEqual([
    ['far', true],
    ['next', false],
  ]);
  far.value = null;
  await settled();
  expect(played.value).toBeNull();
  volume.value = 300;
  far.value = trackOf('last');
  await settled();
  scope.stop();
  expect(opened.every(({ closed }) => closed)).toBe(true);
});
