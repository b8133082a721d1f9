const READ_EVERY_MS = 100;
// Speech at arm's length peaks near -20 dBFS, which reads 1.
const FULL_SCALE = 0.1;

/**
 * Tells the sound level of a track, 0 to 1, ten times a second; returns what stops it. A far side's track reads 0
 * until it also plays in a media element (Chromium feeds it to Web Audio only then).
 */
export function watchLevel(track: MediaStreamTrack, handler: (level: number) => void): () => void {
  const audio = new AudioContext();
  const source = audio.createMediaStreamSource(new MediaStream([track]));
  const analyser = audio.createAnalyser();
  analyser.fftSize = 1024;
  source.connect(analyser);
  void audio.resume();
  const samples = new Float32Array(analyser.fftSize);
  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    let sum = 0;
    for (const sample of samples) sum += sample * sample;
    handler(Math.min(1, Math.sqrt(sum / samples.length) / FULL_SCALE));
  }, READ_EVERY_MS);
  let stopped = false;
  return () => {
    if (stopped) return;
    stopped = true;
    clearInterval(timer);
    source.disconnect();
    void audio.close();
  };
}
