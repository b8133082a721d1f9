import { writeFile } from 'node:fs/promises';

const RATE = 48_000;
const SECONDS = 12;
const SYLLABLE_HZ = 4;

/** The same noise each time. */
function noiseFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 2_147_483_648 - 1;
  };
}

/** A vowel-like tone in syllables, with a pause every third second; 0 to 1. */
function voiceAt(seconds: number): number {
  if (seconds % 3 > 2.2) return 0;
  const syllable = Math.max(0, Math.sin(2 * Math.PI * SYLLABLE_HZ * seconds));
  const pitch = 130 + 18 * Math.sin(2 * Math.PI * 0.7 * seconds);
  let sum = 0;
  for (let harmonic = 1; harmonic <= 24; harmonic += 1) {
    const at = harmonic * pitch;
    // Two formants, as of an open vowel.
    const formants = Math.exp(-(((at - 650) / 220) ** 2)) + 0.6 * Math.exp(-(((at - 1_100) / 260) ** 2));
    sum += (0.08 + formants) * Math.sin(2 * Math.PI * at * seconds);
  }
  return (syllable * sum) / 3;
}

/**
 * A file that Chromium plays as a microphone: somebody speaks in syllables and pauses (`voice`, peak 0 to 1), in a hall
 * that hums and hisses (`noise`, peak 0 to 1).
 */
export async function recordSpeech(
  file: string,
  { voice = 0.2, noise = 0 }: { voice?: number; noise?: number } = {},
): Promise<string> {
  const hiss = noiseFrom(7);
  let hum = 0;
  const samples = Array.from({ length: RATE * SECONDS }, (_, i) => {
    // Noise that falls with its pitch, as of air and many voices.
    hum = 0.97 * hum + 0.24 * hiss();
    const sample = voice * voiceAt(i / RATE) + noise * hum * 0.6;
    return Math.round(32_767 * Math.max(-1, Math.min(1, sample)));
  });
  const data = Buffer.alloc(2 * samples.length);
  for (const [i, sample] of samples.entries()) data.writeInt16LE(sample, 2 * i);
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + data.length, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(RATE, 24);
  header.writeUInt32LE(2 * RATE, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36);
  header.writeUInt32LE(data.length, 40);
  await writeFile(file, Buffer.concat([header, data]));
  return file;
}
