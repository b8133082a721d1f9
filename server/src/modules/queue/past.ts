import type { Language } from '@openvtm/protocol';
import type { Database } from '../../kernel/db.ts';
import { arrivalsByQuarter, dutyTimes, pastTickets } from './past.store.ts';
import { shippedText } from './rules-file.ts';
import { lastRules } from './rules.store.ts';

type Range = { from: number; until: number; now: number };

/** A ticket that is over, as it came and as it went. Times in ms; what nobody knows is null. */
export type PastTicket = {
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
  was: { waitedMs: number; answered: boolean; offers: number; queueId: string };
  /** From the ring to the answer. */
  answerMs: number | null;
  talkMs: number | null;
  wrapUpMs: number | null;
  /** When the customer gave up; null for those who were answered before that. */
  patienceMs: number | null;
};
/** A stretch in which an agent was there for customers: ready, ringing, talking, wrapping up. */
export type PastDuty = {
  staffId: string;
  able: { skills: Readonly<Record<string, number>>; languages: readonly Language[]; branchId: string | null };
  from: number;
  until: number;
};

/** What the queue's past tells those who plan with it. */
export type Past = {
  /** So many tickets joined in the quarter of an hour that begins at `at`, and waited so long in all. */
  arrivals(range: Range): Promise<{ at: number; count: number; waitedMs: number }[]>;
  /** Who came in a time and is gone, in the order of coming, and who was there for them. */
  day(range: Range): Promise<{ tickets: PastTicket[]; duties: PastDuty[] }>;
  /** The rules in force, as they were written. */
  rulesText(): Promise<string>;
};

/** States that follow each other this closely are one stretch of duty. */
const SAME_MS = 1_000;

export const createPast = ({ database }: { database: Database }): Past => ({
  arrivals: (range) => arrivalsByQuarter(database, range),

  async day(range) {
    const [rows, times] = await Promise.all([pastTickets(database, range), dutyTimes(database, range)]);
    const tickets = rows.map((row): PastTicket => {
      const waitedMs = Math.max(0, row.ended_at - row.joined_at);
      const answered = row.state === 'served';
      return {
        at: row.joined_at,
        branchId: row.branch_id,
        family: row.family,
        skills: row.skills,
        language: row.language,
        priority: row.priority,
        vip: row.vip,
        elder: row.elder,
        handBack: row.hand_back,
        appointmentAt: row.appointment_at,
        preferredStaffId: row.preferred_staff_id,
        was: { waitedMs, answered, offers: row.offers, queueId: row.queue_id },
        answerMs: row.answer_ms === null ? null : Math.max(0, row.answer_ms),
        talkMs: row.talk_ms === null ? null : Number(row.talk_ms),
        wrapUpMs: row.wrap_up_ms === null ? null : Number(row.wrap_up_ms),
        patienceMs: answered ? null : waitedMs,
      };
    });
    const duties: PastDuty[] = [];
    for (const { staff_id: staffId, skills, languages, branch_id: branchId, began_at, ended_at } of times) {
      const [from, until] = [Math.max(range.from, began_at), Math.min(range.until, ended_at)];
      const last = duties.at(-1);
      if (last?.staffId === staffId && from - last.until <= SAME_MS) last.until = Math.max(last.until, until);
      else if (until > from) duties.push({ staffId, able: { skills, languages, branchId }, from, until });
    }
    return { tickets, duties };
  },

  rulesText: async () => (await lastRules(database))?.text ?? shippedText(),
});
