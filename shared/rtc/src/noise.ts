import { loadRnnoise, RnnoiseWorkletNode } from '@sapphi-red/web-noise-suppressor';
import simdWasm from '@sapphi-red/web-noise-suppressor/rnnoise_simd.wasm?url';
import wasm from '@sapphi-red/web-noise-suppressor/rnnoise.wasm?url';
// oxlint-disable-next-line import/default -- the file's address, which Vite gives
import worklet from '@sapphi-red/web-noise-suppressor/rnnoiseWorklet.js?url';
import type { CleanSound } from './clean-sound.ts';

const READY_WITHIN_MS = 4_000;

/**
 * Takes the noise of a hall out of a microphone's sound (RNNoise, in WebAssembly of this origin). It comes after the
 * browser's echo cancelling, which hears the microphone as it is.
 */
export const takeNoiseOut: CleanSound = async (microphone) => {
  // What it was trained on.
  const audio = new AudioContext({ sampleRate: 48_000 });
  let closed = false;
  const close = () => {
    if (closed) return;
    closed = true;
    void audio.close();
  };
  try {
    const [wasmBinary] = await Promise.all([
      loadRnnoise({ url: wasm, simdUrl: simdWasm }),
      audio.audioWorklet.addModule(worklet),
      Promise.race([audio.resume(), new Promise((resolve) => setTimeout(resolve, READY_WITHIN_MS))]),
    ]);
    if (audio.state !== 'running') throw new Error('the browser lets no sound through yet');
    const node = new RnnoiseWorkletNode(audio, { maxChannels: 1, wasmBinary });
    const out = audio.createMediaStreamDestination();
    out.channelCount = 1;
    audio
      .createMediaStreamSource(new MediaStream([microphone]))
      .connect(node)
      .connect(out);
    const track = out.stream.getAudioTracks()[0];
    if (track === undefined) throw new Error('no sound comes out');
    return {
      track,
      onBroken(handler) {
        node.addEventListener('processorerror', handler);
        audio.addEventListener('statechange', () => {
          if (!closed && audio.state !== 'running') handler();
        });
      },
      close() {
        node.destroy();
        track.stop();
        close();
      },
    };
  } catch (error) {
    close();
    throw error;
  }
};
