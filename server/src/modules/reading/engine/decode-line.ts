/** What was read of one line: its letters, how sure of them, and where in the line each stands (shares of its length). */
export type ReadLine = { text: string; confidence: number; at: number[] };

/** The reader's answer, one row of chances a step: at each step the likeliest letter, doubled ones and blanks left out (CTC). */
export function decodeLine(chances: Float32Array, steps: number, letters: readonly string[]): ReadLine {
  const classes = chances.length / steps;
  const at: number[] = [];
  let [text, sum, before] = ['', 0, 0];
  for (let step = 0; step < steps; step += 1) {
    let [best, most] = [0, 0];
    const from = step * classes;
    for (let i = 0; i < classes; i += 1) {
      const chance = chances[from + i] ?? 0;
      if (chance > most) [best, most] = [i, chance];
    }
    const letter = letters[best];
    if (letter !== undefined && letter !== '' && best !== before) {
      text += letter;
      // A letter of two code units has its place twice, so that `at` goes with the text's own count.
      for (let unit = 0; unit < letter.length; unit += 1) at.push((step + 0.5) / steps);
      sum += most;
    }
    before = best;
  }
  return { text, confidence: at.length === 0 ? 0 : sum / [...text].length, at };
}
