import type { Language, QueueRules } from '@openvtm/protocol';
import { chance, exponential, type Comer, type Day, type Shift } from './day.ts';

/** A service as a generated day needs it. */
export type ServiceAsked = {
  family: string;
  skills: Readonly<Record<string, number>>;
  priority: number;
  minutes: number;
};

const HOUR = 3_600_000;
const MINUTE = 60_000;
/** Customers an hour of a middling branch group through the day, from 8 to 18 o'clock: a morning and an afternoon peak. */
const RHYTHM = [14, 34, 52, 46, 26, 22, 34, 44, 38, 20];
const OPENS = 8;

/**
 * An invented day for replays where none was recorded: Poisson arrivals with two peaks, the catalogue's services, a dozen
 * agents in shifts. The same seed gives the same day.
 */
export function generateDay(
  { date, midnight, seed = 1 }: { date: string; midnight: number; seed?: number },
  rules: QueueRules,
  services: readonly ServiceAsked[],
): Day {
  const random = chance(seed);
  const between = (low: number, high: number) => low + random() * (high - low);
  const comers: Comer[] = [];
  const most = Math.max(...RHYTHM);
  for (let at = midnight + OPENS * HOUR; ;) {
    at += exponential(random, HOUR / most);
    const hour = Math.floor((at - midnight) / HOUR) - OPENS;
    const rate = RHYTHM[hour];
    if (rate === undefined) break;
    // Thinning: of the busiest hour's stream each hour keeps its own share.
    if (random() > rate / most) continue;
    const service = services[Math.floor(random() * services.length)];
    if (!service) break;
    // Talks of one kind differ by a factor; most are short, some are long.
    const length = Math.exp(between(-0.7, 0.7)) * service.minutes * MINUTE;
    comers.push({
      at: Math.round(at),
      branchId: null,
      family: service.family,
      skills: service.skills,
      language: random() < 0.92 ? 'zh-CN' : 'en',
      priority: service.priority,
      vip: random() < 0.06,
      elder: random() < 0.3,
      handBack: false,
      appointmentAt: random() < 0.08 ? Math.round(at + between(-5, 10) * MINUTE) : null,
      preferredStaffId: null,
      was: null,
      answerMs: random() < 0.05 ? 60_000 : Math.round(between(2_000, 8_000)),
      talkMs: Math.round(length),
      wrapUpMs: Math.round(between(20_000, 120_000)),
      patienceMs: Math.round(exponential(random, 15 * MINUTE)),
    });
  }
  return {
    date,
    generated: true,
    from: midnight,
    until: midnight + 24 * HOUR,
    comers,
    shifts: shiftsFor({ midnight, random }, rules, comers),
  };
}

/** As many agents as the work takes at nine tenths of their time, with the skills that the rules know. */
function shiftsFor(
  { midnight, random }: { midnight: number; random: () => number },
  rules: QueueRules,
  comers: readonly Comer[],
): Shift[] {
  const work = comers.reduce((sum, { talkMs, wrapUpMs }) => sum + (talkMs ?? 0) + (wrapUpMs ?? 0), 0);
  const count = Math.max(3, Math.ceil(work / (0.9 * 8 * HOUR)));
  const skills = rules.skills.map(({ id }) => id);
  return Array.from({ length: count }, (_, i) => {
    const begins = midnight + (OPENS + (i % 3) * 0.75) * HOUR;
    const lunch = begins + (3.5 + (i % 4) * 0.5) * HOUR;
    const languages: Language[] = i % 4 === 0 ? ['zh-CN', 'en'] : ['zh-CN'];
    const able = {
      // Every skill has somebody at the top; the others are good at some and fair at the rest.
      skills: Object.fromEntries(
        skills.flatMap((skill, n) => {
          const level = (i + n) % 3 === 0 ? 5 : Math.floor(random() * 5);
          return level > 0 ? [[skill, level]] : [];
        }),
      ),
      languages: i % 7 === 6 ? ['zh-CN' as const, 'en' as const] : languages,
      branchId: null,
    };
    const staffId = `agent-${i + 1}`;
    return [
      { staffId, able, from: begins, until: lunch },
      { staffId, able, from: lunch + HOUR / 2, until: begins + 9 * HOUR },
    ];
  }).flat();
}
