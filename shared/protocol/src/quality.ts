import { z } from 'zod';
import { EndReason, ParticipantMode, ParticipantRole } from './calls.ts';
import { notice, request } from './define.ts';
import { BranchId, CallId, Instant, StaffId } from './ids.ts';
import { Text } from './texts.ts';

/** ms that one sample is about. */
export const QUALITY_SLOT_MS = 5_000;
/** Five minutes: what a participant keeps while its line is lost. */
export const MAX_QUALITY_SAMPLES = 60;
/** ms after the end of a call in which samples of it are still taken: those of a line that was lost come late. */
export const QUALITY_LATE_MS = 10 * 60_000;

const Percent = z.number().min(0).max(100);
const Kbps = z.number().int().min(0).max(1_000_000);
const Pixels = z.number().int().min(0).max(16_384);

/**
 * What a participant's browser says of five seconds of its own link. null: there was nothing to tell it from, because
 * nothing of that kind came or went (on hold), or this browser does not say.
 */
export const QualitySample = z.object({
  /** Which five seconds since 1970, by the server's clock: a sample's place, so that none counts twice. */
  slot: z.number().int().min(0).max(2_000_000_000),
  /** Media had no way at all. */
  cut: z.boolean(),
  /** Percent of the packets to here, and from here, that were lost. */
  lossIn: Percent.nullable(),
  lossOut: Percent.nullable(),
  roundTripMs: z.number().int().min(0).max(60_000).nullable(),
  jitterMs: z.number().int().min(0).max(60_000).nullable(),
  /** Percent of the sound played that was made up in place of what did not come. */
  concealed: Percent.nullable(),
  /** ms of these five seconds in which the picture stood still. */
  frozenMs: z.number().int().min(0).max(QUALITY_SLOT_MS).nullable(),
  /** Of the largest picture that came. */
  framesPerSecond: z.number().int().min(0).max(240).nullable(),
  width: Pixels.nullable(),
  height: Pixels.nullable(),
  kbpsIn: Kbps,
  kbpsOut: Kbps,
});
export type QualitySample = z.infer<typeof QualitySample>;

/** 1.0 (nobody could talk over it) to 5.0, on the scale of mean opinion scores; null: too little to tell. */
const Score = z.number().min(1).max(5).nullable();

/** What is worse at a link, in the order in which it is told. */
export const LinkTrouble = z.enum(['cut', 'loss', 'delay', 'frozen', 'picture']);
export type LinkTrouble = z.infer<typeof LinkTrouble>;

/** A branch whose kiosks' link is clearly worse than it usually is. */
export const LinkAlert = z.object({
  branchId: BranchId,
  branch: Text,
  since: Instant,
  /** By a call that was running, or by the latest that were over. */
  by: z.enum(['running', 'calls']),
  troubles: z.array(LinkTrouble),
  /** When it was raised: the score, percent lost, ms there and back, percent of the time that the picture stood still. */
  score: z.number(),
  lossPercent: z.number(),
  roundTripMs: z.number(),
  frozenPercent: z.number(),
  /** The median of its last calls before; null: too few, and the link is bad for any branch. */
  usual: z.object({ score: z.number(), calls: z.number().int() }).nullable(),
  /** Its latest calls that are over, the oldest first. */
  latest: z.array(z.object({ at: Instant, score: z.number() })),
});
export type LinkAlert = z.infer<typeof LinkAlert>;

const Samples = z
  .array(QualitySample)
  .min(1)
  .max(MAX_QUALITY_SAMPLES)
  .refine((all) => new Set(all.map(({ slot }) => slot)).size === all.length, 'a slot twice');

export const qualityRequests = {
  /**
   * What one participant's link was like, every 5 s or later in one batch; `not-allowed` for a call that the caller is
   * not in. `kept`: those that were new and within the call's time; the others are dropped without a word. It keeps no
   * answer under its id: each sample has its own place, and sending it again changes nothing.
   */
  'quality:report': request({
    from: ['kiosk', 'agent', 'branch-staff', 'supervisor'],
    stage: 'ready',
    changes: false,
    in: z.object({ callId: CallId, samples: Samples }),
    out: z.object({ kept: z.number().int() }),
  }),
};

export const qualityNotices = {
  /** All branches' for a supervisor, the own one's for branch staff; the longest first. */
  'quality:alerts-changed': notice({
    to: ['branch-staff', 'supervisor'],
    data: z.object({ alerts: z.array(LinkAlert) }),
  }),
};

/** Where a page of ended calls goes on: after this call, the newest first. */
const Cursor = z.string().regex(/^\d{1,16}_[0-9a-f-]{36}$/);

/**
 * GET /api/quality/calls (supervisor, inspector): ended calls, the latest first. `from` and `until`: when they ended.
 * What is left out is not asked for.
 */
export const EndedCallsQuery = z.object({
  from: z.coerce.number().pipe(Instant).optional(),
  until: z.coerce.number().pipe(Instant).optional(),
  branch: BranchId.optional(),
  agent: StaffId.optional(),
  after: Cursor.optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export type EndedCallsQuery = z.infer<typeof EndedCallsQuery>;

export const EndedCall = z.object({
  callId: CallId,
  startedAt: Instant,
  endedAt: Instant,
  reason: EndReason,
  kiosk: z.string(),
  branch: z.object({ branchId: BranchId, name: Text }).nullable(),
  agent: z.object({ staffId: StaffId, name: z.string() }),
  /** Of the customer's side, of the agent's, and the lower of both. */
  scores: z.object({ customer: Score, agent: Score, call: Score }),
});
export type EndedCall = z.infer<typeof EndedCall>;

export const EndedCallsPage = z.object({
  calls: z.array(EndedCall),
  next: Cursor.nullable(),
  /** To choose from; with the first page alone. */
  choices: z
    .object({
      branches: z.array(z.object({ branchId: BranchId, name: Text })),
      agents: z.array(z.object({ staffId: StaffId, name: z.string() })),
    })
    .nullable(),
});
export type EndedCallsPage = z.infer<typeof EndedCallsPage>;

/** What is kept of one participant's link for as long as the call is. */
export const SideSummary = z.object({
  role: ParticipantRole,
  /** '' for the customer. */
  name: z.string(),
  samples: z.number().int(),
  score: Score,
  /** The minute with the lowest score. */
  worst: z.object({ at: Instant, score: z.number() }).nullable(),
  /** Means: percent lost, the worse of both ways, and ms there and back. */
  lossPercent: z.number().nullable(),
  roundTripMs: z.number().nullable(),
  frozenSeconds: z.number(),
  cutSeconds: z.number(),
});
export type SideSummary = z.infer<typeof SideSummary>;

/** What happened in a call. `changed`: is there in another way from then on; `renewed`: stays longer. */
export const CallEvent = z.object({
  at: Instant,
  is: z.enum(['held', 'resumed', 'joined', 'changed', 'renewed', 'left', 'lead-passed', 'line-lost', 'line-back']),
  /** Whom it was about, by name; '' for the customer. */
  who: z.string(),
  /** As what they were there from then on, of who joined, changed or stayed longer. */
  mode: ParticipantMode.nullable(),
  /** The reason that they gave; null: none, as who was invited gives. */
  why: z.string().nullable(),
});
export type CallEvent = z.infer<typeof CallEvent>;

/** GET /api/quality/calls/:callId (supervisor, inspector): an ended call, its sides as they were, five seconds by five seconds. */
export const CallQuality = z.object({
  call: EndedCall,
  /** The customer first, then the agent, then who else was there. `timeline` is empty once samples are no longer kept. */
  sides: z.array(z.object({ summary: SideSummary, timeline: z.array(QualitySample.extend({ score: Score })) })),
  events: z.array(CallEvent),
  keptDays: z.number().int(),
});
export type CallQuality = z.infer<typeof CallQuality>;
