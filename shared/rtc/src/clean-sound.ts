import type { DeviceRole } from './device-choice.ts';
import type { Devices, DeviceState } from './devices.ts';

/** A microphone without the noise around whoever speaks. */
export type Cleaned = {
  readonly track: MediaStreamTrack;
  /** Calls back when it gives no more sound. */
  onBroken(handler: () => void): void;
  /** Stops `track`; the microphone is the caller's. */
  close(): void;
};
export type CleanSound = (microphone: MediaStreamTrack) => Promise<Cleaned>;
/** `plain`: it was wished for and does not work here, and the microphone's own sound is taken. */
export type CleanState = 'off' | 'starting' | 'on' | 'plain';

export type CleanDevices = Devices & {
  readonly cleanSound: CleanState;
  setCleanSound(wished: boolean): void;
};

/**
 * Devices whose microphone is heard without noise while that is wished for. Until it is ready, and whenever it breaks,
 * the microphone's own sound is given: a failure costs quiet, never the voice.
 */
export function withCleanSound(inner: Devices, clean: CleanSound): CleanDevices {
  let wished = false;
  let closed = false;
  let broken = false;
  let run: { microphone: MediaStreamTrack; cleaned: Cleaned | null; end(): void } | null = null;
  const handlers = new Set<(role: DeviceRole) => void>();

  const tell = (role: DeviceRole) => {
    for (const handler of [...handlers]) handler(role);
  };

  function begin(microphone: MediaStreamTrack): NonNullable<typeof run> {
    let ended = false;
    const started: NonNullable<typeof run> = {
      microphone,
      cleaned: null,
      end() {
        if (ended) return;
        ended = true;
        started.cleaned?.close();
      },
    };
    const fail = () => {
      if (ended) return;
      started.end();
      run = null;
      broken = true;
      tell('microphone');
    };
    clean(microphone).then((cleaned) => {
      if (ended) return cleaned.close();
      started.cleaned = cleaned;
      cleaned.onBroken(fail);
      tell('microphone');
    }, fail);
    return started;
  }

  function follow(): void {
    const state = inner.state('microphone');
    const microphone = state.at === 'live' && wished && !broken && !closed ? state.track : null;
    if ((run?.microphone ?? null) === microphone) return;
    run?.end();
    run = microphone && begin(microphone);
  }

  const stopFollowing = inner.onChange((role) => {
    if (role === 'microphone') follow();
    tell(role);
  });

  function microphone(): DeviceState {
    const state = inner.state('microphone');
    if (state.at !== 'live' || run?.microphone !== state.track || !run.cleaned) return state;
    return { ...state, track: run.cleaned.track };
  }

  return {
    ...inner,
    state: (role) => (role === 'microphone' ? microphone() : inner.state(role)),
    async open(role) {
      if (role === 'microphone') broken = false;
      const state = await inner.open(role);
      if (role !== 'microphone') return state;
      follow();
      return microphone();
    },
    onChange(handler) {
      handlers.add(handler);
      return () => handlers.delete(handler);
    },
    get cleanSound(): CleanState {
      if (!wished) return 'off';
      if (broken) return 'plain';
      return run?.cleaned ? 'on' : 'starting';
    },
    setCleanSound(next) {
      if (closed || next === wished) return;
      wished = next;
      broken = false;
      follow();
      tell('microphone');
    },
    close() {
      if (closed) return;
      closed = true;
      stopFollowing();
      run?.end();
      run = null;
      inner.close();
      handlers.clear();
    },
  };
}
