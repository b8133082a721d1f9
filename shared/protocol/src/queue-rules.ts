import { z } from 'zod';
import { Instant } from './ids.ts';
import { Category } from './services.ts';
import { Text } from './texts.ts';

/** How rules name a skill, a queue or a group. */
export const RuleName = z.string().regex(/^[a-z][a-z0-9-]{0,40}$/);
const Name = RuleName;
const upTo = (most: number) => z.number().int().min(0).max(most);
/** A weight is a head start: one point is one second waited. */
const Weight = upTo(86_400);
const HOUR = /^(?:[01]\d|2[0-3]):[0-5]\d$/;

/** One step of routing. What an earlier step does not ask, a later one does not ask either. */
export const RoutingStep = z.strictObject({
  /** How long it lasts; null: for ever, the last one only. It is skipped at once while nobody on duty could fulfil it. */
  seconds: z.number().int().min(1).max(7_200).nullable(),
  /** How many levels less is asked than by the service, but never below 1. Licences keep their level. */
  lowerBy: upTo(4).default(0),
  /** Skills that are not asked for any more; `all`: none but the licences. */
  without: z.union([z.literal('all'), z.array(Name)]).default([]),
  /** Any language will do. */
  anyLanguage: z.boolean().default(false),
});
export type RoutingStep = z.infer<typeof RoutingStep>;

const Span = z.strictObject({
  from: z.string().regex(HOUR),
  to: z.string().regex(/^(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/),
});
const Day = z.array(Span).max(6);
export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
const Week = z.strictObject({ mon: Day, tue: Day, wed: Day, thu: Day, fri: Day, sat: Day, sun: Day });
/** A day with hours of its own; none: closed. */
const Holiday = z.strictObject({ date: z.iso.date(), title: Text, hours: Day.default([]) });

/**
 * What an agent does after a call. `timed`: must write the outcome, and the clock ends it; `until-done`: must write it,
 * however long it takes; `optional`: may leave it; `optional-timed`: may leave it, and the clock ends it; `none`: ready at once.
 */
export const WrapUpMode = z.enum(['timed', 'until-done', 'optional', 'optional-timed', 'none']);
export type WrapUpMode = z.infer<typeof WrapUpMode>;
/** `seconds`: the most it may take, for the timed modes. Genesys allows 900. */
export const WrapUpRule = z.strictObject({ mode: WrapUpMode, seconds: z.number().int().min(5).max(900).nullable() });
export type WrapUpRule = z.infer<typeof WrapUpRule>;

/** What a customer can do who has waited too long, or whom nobody can serve now. */
export const WaitChoice = z.enum(['wait-on', 'self-service', 'appointment', 'call-back', 'branch-staff']);
export type WaitChoice = z.infer<typeof WaitChoice>;

/** A queue: the tickets of some branches and families of services, and how they find their agents. */
export const QueueRule = z.strictObject({
  id: Name,
  title: Text,
  /** The group of branches whose customers wait here; null: those of every branch. The first queue of the file that fits is taken. */
  group: Name.nullable(),
  /** Families of services; empty: all. */
  families: z.array(Category).default([]),
  /** Head start of all its tickets over those of other queues. */
  weight: Weight.default(0),
  /** Only agents of this group's branches; null: all agents. */
  staffedBy: Name.nullable().default(null),
  /** Asked of every agent of this queue, beside what the service asks. */
  requires: z.record(Name, z.number().int().min(1).max(5)).default({}),
  steps: z.array(RoutingStep).min(1).max(6),
  hours: z.union([z.literal('always'), Week]),
  holidays: z.array(Holiday).max(400).default([]),
  /** Where a ticket goes on, with the time it has waited: when the queue is closed, when nobody on duty could serve it, when it has waited this long. */
  overflow: z
    .strictObject({
      closed: Name.optional(),
      nobody: Name.optional(),
      waited: z.strictObject({ seconds: z.number().int().min(1).max(86_400), to: Name }).optional(),
    })
    .default({}),
  /** After this wait the customer is asked how to go on; null: never. */
  maxWaitSeconds: z.number().int().min(30).max(86_400).nullable(),
  /** What is offered then, and while the queue is closed or nobody is there. */
  choices: z.array(WaitChoice).default([]),
  /** Answered within this is in time. */
  serviceLevelSeconds: z.number().int().min(1).max(7_200),
  /** In the place of the rules' own. */
  wrapUp: WrapUpRule.optional(),
});
export type QueueRule = z.infer<typeof QueueRule>;

/** How tickets find their agents. All times in seconds. */
export const QueueRules = z.strictObject({
  /** IANA name, for the hours. */
  timeZone: z.string().min(1).max(60),
  /** Every skill that a service or a queue may ask for. A licence is never loosened. */
  skills: z.array(z.strictObject({ id: Name, title: Text, licence: z.boolean().default(false) })).max(200),
  groups: z.array(z.strictObject({ id: Name, title: Text, branches: z.array(z.uuid()).min(1) })).default([]),
  /** Points of a ticket's score beside one for each second waited. */
  weights: z.strictObject({
    /** Of the priority classes 1 to 5. */
    classes: z.tuple([Weight, Weight, Weight, Weight, Weight]),
    appointment: Weight,
    vip: Weight,
    elder: Weight,
    /** For a customer whose call broke off. */
    handBack: Weight,
  }),
  /** An appointment counts from `early` before its time, for those who came no later than `late` after it. */
  appointment: z.strictObject({ early: upTo(7_200), late: upTo(7_200) }),
  /** The preferred or last agent is asked alone for this long; 0: not. */
  preferredSeconds: upTo(3_600),
  /** A customer who comes back to the queue within this keeps the place. */
  keepPlaceSeconds: upTo(7_200),
  offers: z.strictObject({
    /** How long it rings. */
    seconds: z.number().int().min(5).max(120),
    /** Before the same agent is asked again: for this ticket after `declined`, for any after `busy` and `unanswered`. */
    backOff: z.strictObject({ declined: upTo(3_600), busy: upTo(3_600), unanswered: upTo(3_600) }),
    /** Unanswered offers in a row after which an agent is set away. */
    awayAfter: z.number().int().min(1).max(20),
  }),
  wrapUp: WrapUpRule,
  queues: z.array(QueueRule).min(1).max(200),
});
export type QueueRules = z.infer<typeof QueueRules>;

/** One thing wrong in a rules file: the line, the field (`queues.0.steps.1.seconds`), and words for the one who wrote it. */
export const RulesFlaw = z.object({ line: z.number().int().min(1), field: z.string(), words: z.string() });
export type RulesFlaw = z.infer<typeof RulesFlaw>;

/** GET /api/queue-rules (administrator, supervisor). Version 0 is what was shipped; `by` and `at` are then null. */
export const RulesInForce = z.object({
  version: z.number().int().min(0),
  /** As it was written, lines and all. */
  text: z.string(),
  at: Instant.nullable(),
  by: z.string().nullable(),
});
export type RulesInForce = z.infer<typeof RulesInForce>;
/**
 * PUT /api/queue-rules (administrator): the new rules as text, and the version that they change. 200 with the new
 * version, in force at once; 400 with `flaws`, and 409 when others were put in force meanwhile: the old ones stay.
 */
export const RulesChange = z.object({ text: z.string().min(2).max(400_000), basedOn: z.number().int().min(0) });
export const RulesChanged = z.object({ version: z.number().int().min(1) });
/** POST /api/queue-rules/check (administrator): what is wrong with a text; nothing changes. */
export const RulesCheck = z.object({ text: z.string().min(1).max(400_000) });
export const RulesChecked = z.object({ flaws: z.array(RulesFlaw) });
