import { QUALITY_SLOT_MS, type ParticipantRole, type QualitySample } from '@openvtm/protocol';

export type ScoredSample = QualitySample & { score: number | null; role: ParticipantRole };

export type Summary = {
  role: ParticipantRole;
  samples: number;
  score: number | null;
  worst: { at: number; score: number } | null;
  lossPercent: number | null;
  roundTripMs: number | null;
  frozenMs: number;
  cutMs: number;
};

export const meanOf = (all: readonly number[]): number | null =>
  all.length === 0 ? null : all.reduce((sum, one) => sum + one, 0) / all.length;
const known = (all: readonly (number | null)[]): number[] => all.filter((one) => one !== null);

const MINUTE_MS = 60_000;
/** Samples that a minute needs to be called the worst: half of it. */
const HALF_A_MINUTE = MINUTE_MS / QUALITY_SLOT_MS / 2;

/** The minute, counted from `startedAt`, with the lowest mean score; of a short call its only one. Pure. */
export function worstMinute(samples: readonly ScoredSample[], startedAt: number): Summary['worst'] {
  const minutes = new Map<number, number[]>();
  for (const { slot, score } of samples) {
    if (score === null) continue;
    const minute = Math.max(0, Math.floor((slot * QUALITY_SLOT_MS - startedAt) / MINUTE_MS));
    minutes.set(minute, [...(minutes.get(minute) ?? []), score]);
  }
  const enough = [...minutes].filter(([, scores]) => scores.length >= HALF_A_MINUTE);
  const judged = (enough.length > 0 ? enough : [...minutes]).map(([minute, scores]) => ({
    at: startedAt + minute * MINUTE_MS,
    score: meanOf(scores) ?? 1,
  }));
  return judged.reduce<Summary['worst']>(
    (worst, one) => (worst === null || one.score < worst.score ? one : worst),
    null,
  );
}

/** What is kept of one participant's samples; null without any. Of somebody who took the lead the later part counts. Pure. */
export function summaryOf(samples: readonly ScoredSample[], startedAt: number): Summary | null {
  const role = samples.at(-1)?.role;
  if (role === undefined) return null;
  const up = samples.filter(({ cut }) => !cut);
  return {
    role,
    samples: samples.length,
    score: meanOf(known(samples.map(({ score }) => score))),
    worst: worstMinute(samples, startedAt),
    lossPercent: meanOf(
      known(
        up.map(({ lossIn, lossOut }) =>
          lossIn === null && lossOut === null ? null : Math.max(lossIn ?? 0, lossOut ?? 0),
        ),
      ),
    ),
    roundTripMs: meanOf(known(up.map(({ roundTripMs }) => roundTripMs))),
    frozenMs: samples.reduce((sum, { frozenMs }) => sum + (frozenMs ?? 0), 0),
    cutMs: samples.filter(({ cut }) => cut).length * QUALITY_SLOT_MS,
  };
}

/** The scores of a call: of its customer, of who led it (all of them, as long as each did), and the lower of both. Pure. */
export function callScores(samples: readonly ScoredSample[]) {
  const of = (role: ParticipantRole) =>
    meanOf(known(samples.filter((one) => one.role === role).map(({ score }) => score)));
  const [customer, agent] = [of('customer'), of('agent')];
  const both = known([customer, agent]);
  return { customer, agent, call: both.length === 0 ? null : Math.min(...both) };
}
