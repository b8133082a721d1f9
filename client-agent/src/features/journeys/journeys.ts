import { JourneysShown, type JourneyStep, type Print } from '@openvtm/protocol';
import { ref, shallowRef } from 'vue';
import type { Refused } from '../../live/index.ts';
import { refusalFrom } from '../../session/answers.ts';
import { session } from '../../session/current.ts';

/** Days back that can be chosen. */
export const PERIODS = [1, 7, 30, 90] as const;
export type JourneyWish = {
  days: (typeof PERIODS)[number];
  service: string | null;
  print: Print | null;
};
const DAY_MS = 86_400_000;

export function addressOf({ days, service, print }: JourneyWish, now: number): string {
  const query = new URLSearchParams({ from: String(now - days * DAY_MS) });
  if (service !== null) query.set('service', service);
  if (print !== null) query.set('print', print);
  return `/api/journeys?${query.toString()}`;
}

export type FunnelStep = {
  node: string;
  entered: number;
  wentOn: number;
  stopped: number;
  here: number;
  /** Of those who entered, in whole percent. */
  stoppedShare: number;
};
/** What came of those who entered each place: they went on, stopped there, or are there now. Pure. */
export const funnelOf = (steps: readonly JourneyStep[]): FunnelStep[] =>
  steps.map(({ node, reached, stopped: { cancelled, idle, replaced }, here }) => {
    const stopped = cancelled + idle + replaced;
    return {
      node,
      entered: reached,
      wentOn: Math.max(0, reached - stopped - here),
      stopped,
      here,
      stoppedShare: reached === 0 ? 0 : Math.round((stopped / reached) * 100),
    };
  });

/** The place where most stopped; null while nobody has. Pure. */
export const worstOf = (steps: readonly FunnelStep[]): FunnelStep | null =>
  steps.reduce<FunnelStep | null>((worst, one) => (one.stopped > (worst?.stopped ?? 0) ? one : worst), null);

/** Where customers' ways led, as the server has read it. */
export function useJourneys() {
  const shown = shallowRef<JourneysShown | null>(null);
  /** Whose steps are shown. */
  const service = ref<string | null>(null);
  const busy = ref(false);
  const refused = shallowRef<Refused | null>(null);
  // Only the newest answer counts.
  let turn = 0;

  async function load(wish: JourneyWish) {
    turn += 1;
    const mine = turn;
    busy.value = true;
    try {
      const response = await session.fetch(addressOf(wish, Date.now()));
      const answer = response.ok ? JourneysShown.parse(await response.json()) : null;
      const problem = response.ok ? null : await refusalFrom(response);
      if (mine !== turn) return;
      refused.value = problem;
      if (answer === null) return;
      shown.value = answer;
      service.value = wish.service;
    } catch {
      if (mine === turn) refused.value = { code: 'offline', ref: '' };
    } finally {
      if (mine === turn) busy.value = false;
    }
  }
  return { shown, service, busy, refused, load };
}
