import { HALF_HOURS_A_DAY, type StaffingPage, type StaffingQuery } from '@openvtm/protocol';
import type { Handlers } from '../kernel/handler.ts';
import { localTime, pastDays, planDay, quietTimes, type PastDay } from '../modules/staffing/index.ts';
import type { Parts } from './parts.ts';

type Needs = Pick<Parts, 'calls' | 'clock' | 'queue'>;

/** A quarter of a year: the four to thirteen like days that a forecast rests on. */
const LOOK_BACK_DAYS = 91;
const DAY_MS = 86_400_000;
/** Past days don't change; they are read again this often for the sake of the day that has just ended. */
const KEEP_PAST_MS = 10 * 60_000;

/** What the queue's past says of the days to come: agents that a day needs, and quieter times for those who wait. */
export function planStaff({ calls, clock, queue }: Needs) {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

  const daysUntil = async (now: number): Promise<PastDay[]> => {
    const from = now - LOOK_BACK_DAYS * DAY_MS;
    const arrivals = await queue.arrivals({ from, until: now, now });
    const first = arrivals[0];
    return first
      ? pastDays(arrivals, { zone, from: localTime(first.at, zone).date, to: localTime(now, zone).date })
      : [];
  };
  /** Whole days only: neither the running one, nor the first, which is cut off by the look back or by the installation. */
  const whole = (days: PastDay[], now: number) => days.slice(1).filter(({ date }) => date < localTime(now, zone).date);

  let kept: { at: number; days: Promise<PastDay[]> } | null = null;
  const past = (now: number): Promise<PastDay[]> => {
    if (!kept || now - kept.at > KEEP_PAST_MS || now < kept.at) {
      const days = daysUntil(now).then((all) => whole(all, now));
      kept = { at: now, days };
      days.catch(() => (kept = null));
    }
    return kept.days;
  };

  return {
    /** A day's forecast and staffing, and what really came of it so far. */
    async page(query: StaffingQuery): Promise<StaffingPage> {
      const now = clock();
      const { day, ...goal } = query;
      const days = await daysUntil(now);
      const here = localTime(now, zone);
      const date = day ?? here.date;
      const handled = await calls.lasted({ from: now - LOOK_BACK_DAYS * DAY_MS, until: now });
      const known = days.find((one) => one.date === date);
      return {
        now,
        day: planDay(whole(days, now), { date, zone, goal, handled }),
        arrived: Array.from({ length: HALF_HOURS_A_DAY }, (_, slot) =>
          date < here.date || (date === here.date && slot <= here.halfHour) ? (known?.arrivals[slot] ?? 0) : null,
        ),
      };
    },

    handlers: {
      'staffing:quiet-times': async ({ caller }, { caseId }) => {
        const now = clock();
        const ticket = await queue.ticketView(caller.id);
        if (ticket?.caseId !== caseId || ticket.wait === null) return { times: [] };
        const waitMs = ((ticket.wait.from + ticket.wait.to) / 2) * 60_000;
        return { times: quietTimes(await past(now), { now, zone, waitMs, isOpen: () => true }) };
      },
    } satisfies Partial<Handlers>,
  };
}
