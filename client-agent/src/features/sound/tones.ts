import { ref } from 'vue';

/** One note: frequency (Hz), when it begins and how long it lasts (s). */
type Note = { hertz: number; at: number; for: number };

const RING: Note[] = [
  { hertz: 784, at: 0, for: 0.35 },
  { hertz: 988, at: 0.4, for: 0.5 },
];
const CHIME: Note[] = [
  { hertz: 1047, at: 0, for: 0.2 },
  { hertz: 784, at: 0.22, for: 0.45 },
];
const KNOCK: Note[] = [
  { hertz: 587, at: 0, for: 0.25 },
  { hertz: 698, at: 0.22, for: 0.35 },
];
const TEST: Note[] = [
  { hertz: 523, at: 0, for: 0.4 },
  { hertz: 659, at: 0.5, for: 0.6 },
];
/** From one ring to the next (ms). */
const RING_EVERY = 2_400;
/** A colleague who asks is heard less often than a customer who waits, and softer. */
const KNOCK_EVERY = 4_000;
const LOUDNESS = 0.22;
const SOFT = 0.1;

let context: AudioContext | null = null;
/** true: the browser keeps the page silent until somebody clicks or types on it. */
export const soundBlocked = ref(false);

function audio(): AudioContext {
  if (context !== null) return context;
  const made = new AudioContext();
  context = made;
  const look = () => (soundBlocked.value = made.state === 'suspended');
  const wake = () => void made.resume().then(look, look);
  made.addEventListener('statechange', look);
  addEventListener('pointerdown', wake);
  addEventListener('keydown', wake);
  wake();
  look();
  return made;
}

/** Makes the sound ready, so that `soundBlocked` is known before something rings. */
export const prepareSound = () => void audio();

/** Lets the sounds come from a loudspeaker; null is the system's. A browser that can't choose keeps its own. */
export function soundFrom(deviceId: string | null): void {
  const made: AudioContext & { setSinkId?: (id: string) => Promise<void> } = audio();
  made.setSinkId?.(deviceId ?? '').catch(() => undefined);
}

function play(notes: Note[], loudness = LOUDNESS): () => void {
  const made = audio();
  const out = made.createGain();
  out.gain.value = loudness;
  out.connect(made.destination);
  const start = made.currentTime + 0.02;
  for (const note of notes) {
    const tone = made.createOscillator();
    const shape = made.createGain();
    tone.frequency.value = note.hertz;
    // Ramps at both ends, or each note begins and ends with a click.
    shape.gain.setValueAtTime(0, start + note.at);
    shape.gain.linearRampToValueAtTime(1, start + note.at + 0.02);
    shape.gain.setTargetAtTime(0, start + note.at + note.for * 0.5, note.for * 0.15);
    tone.connect(shape).connect(out);
    tone.start(start + note.at);
    tone.stop(start + note.at + note.for);
  }
  return () => out.disconnect();
}

function repeat(start: () => () => void, everyMs: number): () => void {
  let silence = start();
  const timer = setInterval(() => {
    silence();
    silence = start();
  }, everyMs);
  return () => {
    clearInterval(timer);
    silence();
  };
}

/** Rings until the returned function is called. */
export const ring = (): (() => void) => repeat(() => play(RING), RING_EVERY);

/** Knocks softly, for a colleague who asks somebody into a call, until the returned function is called. */
export const knock = (): (() => void) => repeat(() => play(KNOCK, SOFT), KNOCK_EVERY);

/** Once, for a customer at a kiosk who calls for help. */
export const chime = () => void play(CHIME);

/** Two notes for the device check. */
export const testTone = () => void play(TEST);
