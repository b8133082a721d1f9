/** The machine's clock, moved ahead by as much as a test asks for: deadlines come without anybody waiting for them. */
export type LabClock = { now(): number; jump(ms: number): void };

export function createLabClock(): LabClock {
  let ahead = 0;
  return {
    now: () => Date.now() + ahead,
    jump(ms) {
      ahead += ms;
    },
  };
}
