/** A far side's sound, made louder or softer. */
export type Loudness = {
  /** To be played in the place of the far side's own. */
  readonly track: MediaStreamTrack;
  /** 1: as it comes. */
  setGain(gain: number): void;
  close(): void;
};

/** From here on it is held back (dB below the loudest there can be), so that nothing is cut off however loud it is made. */
const HELD_FROM_DB = -1.5;
/** So quickly does a new gain take hold (s): at once would click. */
const SMOOTH_S = 0.03;

/**
 * Makes a far side's sound louder than it comes, with a limiter after it. Rejects where it cannot be done; then the sound
 * is played as it comes.
 */
export async function openLoudness(far: MediaStreamTrack, gain: number): Promise<Loudness> {
  const audio = new AudioContext();
  // Chromium feeds a far side's track to Web Audio only while an element plays it.
  const element = new Audio();
  element.muted = true;
  element.srcObject = new MediaStream([far]);
  void element.play().catch(() => undefined);
  let closed = false;
  const close = () => {
    if (closed) return;
    closed = true;
    element.srcObject = null;
    void audio.close();
  };
  try {
    const source = audio.createMediaStreamSource(new MediaStream([far]));
    const louder = audio.createGain();
    louder.gain.value = gain;
    const limiter = audio.createDynamicsCompressor();
    limiter.threshold.value = HELD_FROM_DB;
    limiter.knee.value = 0;
    limiter.ratio.value = 20;
    limiter.attack.value = 0.001;
    limiter.release.value = 0.15;
    // What the compressor itself adds to make up for what it takes would spoil both ends of the scale.
    const made = audio.createGain();
    made.gain.value = 10 ** ((0.6 * HELD_FROM_DB * 19) / 20 / 20);
    const out = audio.createMediaStreamDestination();
    source.connect(louder).connect(limiter).connect(made).connect(out);
    await Promise.race([audio.resume(), new Promise((resolve) => setTimeout(resolve, 1_000))]);
    const track = out.stream.getAudioTracks()[0];
    if (track === undefined || audio.state !== 'running')
      throw new Error('the browser does not let sound be made louder');
    return {
      track,
      setGain: (next) => louder.gain.setTargetAtTime(next, audio.currentTime, SMOOTH_S),
      close,
    };
  } catch (error) {
    close();
    throw error;
  }
}
