import type { Language } from '@openvtm/protocol';
import type { Able } from './routing.ts';

/** A customer of a recorded day, and how long serving and waiting went. Times in ms. */
export type Comer = {
  at: number;
  branchId: string | null;
  family: string;
  skills: Readonly<Record<string, number>>;
  language: Language;
  priority: number;
  vip: boolean;
  elder: boolean;
  handBack: boolean;
  appointmentAt: number | null;
  preferredStaffId: string | null;
  /** How long the customer waited then, and what became of it; null where that isn't known, as on a generated day. */
  was: { waitedMs: number; answered: boolean; offers: number; queueId: string } | null;
  /** Until whom it rang answered; null: nobody did. */
  answerMs: number | null;
  /** Talk and work after it; null where nobody answered. */
  talkMs: number | null;
  wrapUpMs: number | null;
  /** When the customer gives up; null where that isn't known, for who was served in time. */
  patienceMs: number | null;
};

/** A stretch of a day on which an agent took calls: ready, ringing, talking, wrapping up. */
export type Shift = { staffId: string; able: Able; from: number; until: number };

/** A day as a replay runs it. `generated`: invented, and said to be wherever its figures are shown. */
export type Day = { date: string; generated: boolean; from: number; until: number; comers: Comer[]; shifts: Shift[] };

/** Numbers between 0 and 1 that look like chance and are the same for the same seed (mulberry32, T. Ettinger, 2017). */
export function chance(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** A span that is over at any moment with the same probability. */
export const exponential = (random: () => number, mean: number): number => -mean * Math.log(1 - random());

const DEFAULT = { answerMs: 4_000, talkMs: 360_000, wrapUpMs: 60_000, patienceMs: 900_000 };

/**
 * Fills what a recorded day can't know: how long those would have waited, talked and been wrapped up who were served in
 * time or not at all. Patience goes on from the wait that was, by the mean of the day; the rest is the mean of those known.
 */
export function completed(
  day: Day,
): (Comer & { answerMs: number; talkMs: number; wrapUpMs: number; patienceMs: number })[] {
  const mean = (values: (number | null)[], otherwise: number) => {
    const known = values.filter((value) => value !== null);
    return known.length === 0 ? otherwise : known.reduce((sum, value) => sum + value, 0) / known.length;
  };
  const usual = {
    answerMs: mean(
      day.comers.map(({ answerMs }) => answerMs),
      DEFAULT.answerMs,
    ),
    talkMs: mean(
      day.comers.map(({ talkMs }) => talkMs),
      DEFAULT.talkMs,
    ),
    wrapUpMs: mean(
      day.comers.map(({ wrapUpMs }) => wrapUpMs),
      DEFAULT.wrapUpMs,
    ),
  };
  const gaveUp = day.comers.filter(({ was }) => was?.answered === false).length;
  const waited = day.comers.reduce((sum, { was }) => sum + (was?.waitedMs ?? 0), 0);
  // All waiting over all who gave up: the likeliest mean patience when most of it is only known to be longer.
  const patience = gaveUp === 0 || waited === 0 ? DEFAULT.patienceMs : waited / gaveUp;
  const random = chance(Math.floor(day.from / 1000));
  return day.comers.map((comer) => {
    const longer = exponential(random, patience);
    return {
      ...comer,
      answerMs: comer.answerMs ?? usual.answerMs,
      talkMs: comer.talkMs ?? usual.talkMs,
      wrapUpMs: comer.wrapUpMs ?? usual.wrapUpMs,
      patienceMs: comer.patienceMs ?? (comer.was?.waitedMs ?? 0) + longer,
    };
  });
}
