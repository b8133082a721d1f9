import type { Language, QueueRule, QueueRules } from '@openvtm/protocol';

/** What a step asks of an agent. */
export type Conditions = {
  /** Levels that are needed, all of them. */
  skills: Readonly<Record<string, number>>;
  /** null: any. */
  language: Language | null;
  /** The group whose branches' agents may take it; null: all. */
  staffedBy: string | null;
};
/** What a ticket asks for by its service and its customer. */
export type Wanted = { skills: Readonly<Record<string, number>>; language: Language };

/** What each of the queue's steps asks for a ticket: from the first, the strictest, to the last. */
export function conditionsOf(rules: QueueRules, queue: QueueRule, wanted: Wanted): Conditions[] {
  const licences = new Set(rules.skills.filter(({ licence }) => licence).map(({ id }) => id));
  const asked = new Map(Object.entries(wanted.skills));
  for (const [skill, level] of Object.entries(queue.requires)) asked.set(skill, Math.max(level, asked.get(skill) ?? 0));
  return queue.steps.map(({ lowerBy, without, anyLanguage }) => ({
    skills: Object.fromEntries(
      [...asked]
        .filter(([skill]) => licences.has(skill) || (without !== 'all' && !without.includes(skill)))
        .map(([skill, level]) => [skill, licences.has(skill) ? level : Math.max(1, level - lowerBy)]),
    ),
    language: anyLanguage ? null : wanted.language,
    staffedBy: queue.staffedBy,
  }));
}

/** The step by the time alone, after waiting this long. */
export function stepByTime({ steps }: QueueRule, waitedMs: number): number {
  let end = 0;
  for (const [i, { seconds }] of steps.entries()) {
    if (seconds === null) return i;
    end += seconds * 1000;
    if (waitedMs < end) return i;
  }
  return steps.length - 1;
}

/** ms of waiting at which a step begins by the time alone. */
export const stepBegins = ({ steps }: QueueRule, step: number): number =>
  steps.slice(0, step).reduce((sum, { seconds }) => sum + (seconds ?? 0) * 1000, 0);

/**
 * The step in force after waiting this long: one that nobody on duty could fulfil is skipped at once. When nobody
 * could fulfil any, it stays the one by the time.
 */
export function stepInForce(queue: QueueRule, waitedMs: number, canSucceed: (step: number) => boolean): number {
  const byTime = stepByTime(queue, waitedMs);
  for (let step = byTime; step < queue.steps.length; step += 1) if (canSucceed(step)) return step;
  return byTime;
}
