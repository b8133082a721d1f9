import type { Explanation, OfferWhy, ScoreView, StepView } from '@openvtm/protocol';
import { formatDuration, type Translate } from '@openvtm/ui';

export type ScorePart = keyof ScoreView['parts'];
const ORDER: ScorePart[] = ['waited', 'priority', 'queue', 'appointment', 'vip', 'elder', 'handBack'];

/** Parts with points, in whole ones that add up to the sum shown beside them, and those without. Pure. */
export function scoreSum({ parts }: Pick<ScoreView, 'parts'>) {
  const all = ORDER.map((part) => ({ part, points: Math.round(parts[part]) }));
  return {
    rows: all.filter(({ part, points }) => points !== 0 || part === 'waited'),
    without: all.filter(({ part, points }) => points === 0 && part !== 'waited').map(({ part }) => part),
    total: all.reduce((sum, { points }) => sum + points, 0),
  };
}

export type Span = { n: number; state: StepView['state']; from: number; to: number };
/** Steps on a line from 0 to 100, each from where its clock begins it, and where the wait is now. Pure. */
export function spansOf(
  steps: readonly Pick<StepView, 'begins' | 'state'>[],
  waited: number,
): { spans: Span[]; now: number } {
  const last = steps.at(-1)?.begins ?? 0;
  const whole = Math.max(60, last * 1.35, waited * 1.1);
  const at = (seconds: number) => (Math.min(whole, Math.max(0, seconds)) / whole) * 100;
  return {
    spans: steps.map(({ begins, state }, i) => ({
      n: i + 1,
      state,
      from: at(begins),
      to: at(steps[i + 1]?.begins ?? whole),
    })),
    now: at(waited),
  };
}

/** Whether it is over, so that nothing of it changes any more. */
export const isOver = ({ state }: Pick<Explanation, 'state'>): boolean =>
  state === 'served' || state === 'left' || state === 'abandoned';

/** Why an agent was asked, in a few words; `long` with how the ticket stood then. */
export function whyWords(why: OfferWhy, { t, long = false }: { t: Translate; long?: boolean }): string {
  const words = [
    why.preferred ? t('explain.preferred') : '',
    why.fits === null ? '' : why.fits === 0 ? t('explain.fit.full') : t('explain.fit.later', { n: why.fits + 1 }),
    why.idleMs < 1000 ? t('explain.idleNow') : t('explain.idle', { time: formatDuration(why.idleMs, t) }),
    long && why.step !== null ? t('explain.inForce', { n: why.step + 1 }) : '',
    long ? t('explain.atScore', { n: Math.round(why.score) }) : '',
  ];
  return words.filter((one) => one !== '').join(t('explain.comma'));
}
