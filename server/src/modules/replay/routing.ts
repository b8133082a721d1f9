import type { Language, QueueRule, QueueRules } from '@openvtm/protocol';

/** What a step asks of an agent; only the rules look inside. */
export type Conditions = {
  skills: Readonly<Record<string, number>>;
  language: Language | null;
  staffedBy: string | null;
};
export type Able = {
  skills: Readonly<Record<string, number>>;
  languages: readonly Language[];
  branchId: string | null;
};
export type Scored = {
  queueId: string;
  joinedAt: number;
  priority: number;
  vip: boolean;
  elder: boolean;
  handBack: boolean;
  appointmentAt: number | null;
};

/** The queue's own pure functions, by which a replay goes, so that it can't drift from what runs. */
export type Routing = {
  queueFor(rules: QueueRules, origin: { branchId: string | null; family: string }): QueueRule;
  routeNow(
    rules: QueueRules,
    from: QueueRule,
    at: { joinedAt: number; now: number; hasSomebody: (queue: QueueRule) => boolean },
  ): { queue: QueueRule };
  conditionsOf(
    rules: QueueRules,
    queue: QueueRule,
    wanted: { skills: Readonly<Record<string, number>>; language: Language },
  ): Conditions[];
  stepInForce(queue: QueueRule, waitedMs: number, canSucceed: (step: number) => boolean): number;
  stepBegins(queue: QueueRule, step: number): number;
  lacksOf(rules: QueueRules, agent: Able, conditions: Conditions): readonly unknown[];
  rankOf(rules: QueueRules, ticket: Scored, now: number): number;
  isOpen(queue: QueueRule, timeZone: string, now: number): boolean;
  nextOpening(queue: QueueRule, timeZone: string, now: number): number | null;
};
