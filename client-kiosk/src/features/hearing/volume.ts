import type { Loudness } from '@openvtm/rtc/loudness';
import { onScopeDispose, shallowRef, watch, type ShallowRef } from 'vue';

/** How loud the teller can be, in percent of what comes. */
export const VOLUMES = [50, 75, 100, 150, 200, 300] as const;
export const USUAL_VOLUME = 100;

/** The next one up or down; the same at either end. Pure. */
export function volumeBeside(volume: number, step: 1 | -1): number {
  const beside = step === 1 ? VOLUMES.find((one) => one > volume) : VOLUMES.findLast((one) => one < volume);
  return beside ?? volume;
}

type Needs = { load?: () => Promise<{ openLoudness(far: MediaStreamTrack, gain: number): Promise<Loudness> }> };

/**
 * A far side's sound as loud as the customer wants it. At the usual volume, and wherever it cannot be made louder, it is
 * the far side's own: whatever fails costs loudness, never the sound.
 */
export function useLoudTrack(
  far: () => MediaStreamTrack | null,
  volume: () => number,
  { load = () => import('@openvtm/rtc/loudness') }: Needs = {},
): ShallowRef<MediaStreamTrack | null> {
  const played = shallowRef<MediaStreamTrack | null>(far());
  let louder: Loudness | null = null;
  let turn = 0;

  const letGo = () => {
    louder?.close();
    louder = null;
  };
  watch(
    [far, volume] as const,
    async ([track, percent], before) => {
      const same = before?.[0] === track;
      if (same && louder !== null && percent !== USUAL_VOLUME) return louder.setGain(percent / 100);
      turn += 1;
      const mine = turn;
      played.value = track;
      letGo();
      if (track === null || percent === USUAL_VOLUME) return;
      const opened = await load()
        .then(({ openLoudness }) => openLoudness(track, percent / 100))
        .catch(() => null);
      if (mine !== turn) return opened?.close();
      if (opened === null) return;
      louder = opened;
      louder.setGain(volume() / 100);
      played.value = opened.track;
    },
    { immediate: true },
  );
  onScopeDispose(() => {
    turn += 1;
    letGo();
  });
  return played;
}
