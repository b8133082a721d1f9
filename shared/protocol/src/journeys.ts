import { z } from 'zod';
import { Print } from './cases.ts';
import { request } from './define.ts';
import { CaseId, Instant, ServiceId } from './ids.ts';
import { KioskKind } from './kiosks.ts';
import { Language } from './roles.ts';
import { Text } from './texts.ts';

/** Names of screens, fields and problems: never anything that a customer could type. */
const Name = z.string().regex(/^[a-zA-Z][a-zA-Z0-9-]{0,40}$/);

/** The most events of one batch; a batch stays far below what one message may have. */
export const MAX_JOURNEY_EVENTS = 40;

/**
 * What only the kiosk knows of a customer's way; steps, hand-overs and ends are taken from the journal. `agoMs`: how
 * long ago, so that a kiosk's clock does not matter.
 */
export const JourneyEvent = z.discriminatedUnion('is', [
  /** A screen was left, or one page of it (for a form: the page's first field); `back`: to where the customer came from. */
  z.object({
    is: z.literal('visit'),
    screen: Name,
    page: Name.nullable(),
    ms: z.number().int().min(0).max(3_600_000),
    back: z.boolean(),
    agoMs: z.number().int().min(0).max(3_600_000),
  }),
  /** A field was said to be wrong: which, and how, and not what was in it. */
  z.object({ is: z.literal('problem'), field: Name, problem: Name, agoMs: z.number().int().min(0).max(3_600_000) }),
]);
export type JourneyEvent = z.infer<typeof JourneyEvent>;

export const journeyRequests = {
  /**
   * A few events of one customer, with the case they belong to, if any. `kept`: how many of them; too many at once, or
   * about another kiosk's case, are dropped without a word, for nobody waits for them.
   */
  'journey:tell': request({
    from: ['kiosk'],
    stage: 'ready',
    changes: true,
    in: z.object({ caseId: CaseId.nullable(), events: z.array(JourneyEvent).min(1).max(MAX_JOURNEY_EVENTS) }),
    out: z.object({ kept: z.number().int() }),
  }),
};

/** GET /api/journeys (supervisor, administrator): which journeys; what is left out is not asked for. `from`: journeys that began since. */
export const JourneyQuery = z.object({
  from: z.coerce.number().pipe(Instant),
  service: ServiceId.optional(),
  device: KioskKind.optional(),
  language: Language.optional(),
  print: Print.optional(),
});
export type JourneyQuery = z.infer<typeof JourneyQuery>;

/** Where a journey may stand beside the service's own steps. */
export const JourneyPlace = z.enum(['consent', 'waiting', 'call', 'rating']);
export type JourneyPlace = z.infer<typeof JourneyPlace>;

/** One place of a service's way, of all journeys asked for. */
export const JourneyStep = z.object({
  /** A step's id, or `@` and a place. */
  node: z.string(),
  place: JourneyPlace.nullable(),
  /** null: a place, or a step that the service's file has no longer or never gave a title. */
  title: Text.nullable(),
  kind: z.string().nullable(),
  /** Journeys that came here, that ended here unfinished and how, that turned back from here, that are here now. */
  reached: z.number().int(),
  stopped: z.object({ cancelled: z.number().int(), idle: z.number().int(), replaced: z.number().int() }),
  wentBack: z.number().int(),
  here: z.number().int(),
  handedOver: z.number().int(),
  helpOffered: z.number().int(),
  /** How long half of them were here at most, all their visits together; null while nobody has left. */
  medianMs: z.number().int().nullable(),
});
export type JourneyStep = z.infer<typeof JourneyStep>;

/** A service's journeys at a glance. */
export const JourneyTotals = z.object({
  serviceId: z.string(),
  title: Text.nullable(),
  begun: z.number().int(),
  finished: z.number().int(),
  stopped: z.number().int(),
});
export type JourneyTotals = z.infer<typeof JourneyTotals>;

/** A field of the form: how many journeys had trouble with it, and how often, by kind of problem. */
export const FieldTrouble = z.object({
  field: z.string(),
  label: Text.nullable(),
  problem: z.string(),
  journeys: z.number().int(),
  times: z.number().int(),
});
/** A page of a screen: how often it was seen, how long (median), and how often left backwards. */
export const PageVisits = z.object({
  screen: z.string(),
  page: z.string().nullable(),
  label: Text.nullable(),
  visits: z.number().int(),
  back: z.number().int(),
  medianMs: z.number().int(),
});

/** The answer: every service's totals, and the steps, troubles and pages of the one asked for. */
export const JourneysShown = z.object({
  now: Instant,
  services: z.array(JourneyTotals),
  steps: z.array(JourneyStep),
  troubles: z.array(FieldTrouble),
  pages: z.array(PageVisits),
});
export type JourneysShown = z.infer<typeof JourneysShown>;
