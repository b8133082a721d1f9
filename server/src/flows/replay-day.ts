import type { ReplayAnswer, ReplayDays } from '@openvtm/protocol';
import type { Clock } from '../kernel/clock.ts';
import { Refusal } from '../kernel/errors.ts';
import {
  checkRules,
  conditionsOf,
  isOpen,
  lacksOf,
  nextOpening,
  queueFor,
  rankOf,
  readRules,
  routeNow,
  SHIPPED_NAME,
  shippedText,
  stepBegins,
  stepInForce,
  type Queue,
} from '../modules/queue/index.ts';
import { compare, generateDay, type Day, type Routing } from '../modules/replay/index.ts';
import type { Services } from '../modules/services/index.ts';
import { localTime, midnightOf } from '../modules/staffing/index.ts';

/** The queue's own functions: what a replay does can't drift from what the queue does. */
const routing: Routing = {
  conditionsOf,
  isOpen,
  lacksOf,
  nextOpening,
  queueFor,
  rankOf,
  routeNow,
  stepBegins,
  stepInForce,
};

const DAY_MS = 86_400_000;
const LOOK_BACK_DAYS = 91;

export type ReplayNeeds = {
  /** null: there is no database to read; what was shipped is in force, and days are invented. */
  queue: Pick<Queue, 'arrivals' | 'day' | 'rulesText'> | null;
  services: Pick<Services, 'all' | 'get'>;
  clock: Clock;
};

/** Days of the past, run again through changed rules. Nothing is written. */
export function openReplays({ queue, services, clock }: ReplayNeeds) {
  const asked = services.all().map(({ id }) => ({ serviceId: id, skills: services.get(id).skills }));
  const textInForce = async () => (queue ? queue.rulesText() : shippedText());

  return {
    textInForce,

    /** The days on which anybody came, newest first. */
    async days(): Promise<ReplayDays> {
      if (!queue) return { days: [] };
      const { timeZone } = readRules(SHIPPED_NAME, await textInForce(), asked);
      const now = clock();
      const counts = new Map<string, number>();
      for (const { at, count } of await queue.arrivals({ from: now - LOOK_BACK_DAYS * DAY_MS, until: now, now })) {
        const { date } = localTime(at, timeZone);
        counts.set(date, (counts.get(date) ?? 0) + count);
      }
      const days = [...counts].map(([date, customers]) => ({ date, customers }));
      return { days: days.toSorted((a, b) => b.date.localeCompare(a.date)) };
    },

    /** A day through the rules in force and through others; without a date an invented day. `not-found`: nobody came then. */
    async run({ text, date, seed = 1 }: { text: string; date: string | null; seed?: number }): Promise<ReplayAnswer> {
      const before = readRules(SHIPPED_NAME, await textInForce(), asked);
      const checked = checkRules(text, asked);
      if ('flaws' in checked) return { is: 'flawed', flaws: checked.flaws };
      const now = clock();
      const on = date ?? localTime(now, before.timeZone).date;
      const midnight = midnightOf(on, before.timeZone);
      let day: Day;
      if (date === null) {
        const offered = services.all().map(({ id }) => {
          const { category: family, skills, priority, minutes } = services.get(id);
          return { family, skills, priority, minutes };
        });
        day = generateDay({ date: on, midnight, seed }, before, offered);
      } else {
        const range = { from: midnight, until: Math.min(midnight + DAY_MS, now), now };
        const past = queue ? await queue.day(range) : { tickets: [], duties: [] };
        if (past.tickets.length === 0) throw new Refusal('not-found', `nobody came on ${date}`);
        const { from, until } = range;
        day = { date, generated: false, from, until, comers: past.tickets, shifts: past.duties };
      }
      return { is: 'compared', report: compare(day, { before, after: checked.rules, routing }) };
    },
  };
}
