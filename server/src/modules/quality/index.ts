import type { EndReason, ParticipantRole, QualitySample } from '@openvtm/protocol';
import type { Database } from '../../kernel/db.ts';
import type { Work } from '../../kernel/work.ts';
import type { JsonScalar } from '../../kernel/bus.ts';
import type { Link } from './link-state.ts';
import { createLinks } from './links.ts';
import { createQuality } from './quality.ts';
import type { CallRow, EndedFilter, SideRow } from './quality.store.ts';
import type { SampleRow } from './samples.store.ts';

export { troublesOf } from './link-state.ts';
export type { CallRow, EndedFilter, SideRow } from './quality.store.ts';
export type { SampleRow } from './samples.store.ts';

export type QualityFact = {
  kind: 'quality.alert-raised' | 'quality.alert-cleared';
  about: { branchId: string };
  data: Record<string, JsonScalar>;
};

/** Somebody in a call: the kiosk of this branch, or a member of staff (`branchId` null). */
export type Side = { callId: string; participant: string; role: ParticipantRole; branchId: string | null };

export type WorseLink = { branchId: string; latest: { at: number; score: number }[] } & Extract<Link, { at: 'worse' }>;

/** How the media of calls were: five seconds by five seconds, as a score, and whether a branch's link is as usual. */
export type Quality = {
  /** Keeps those samples that are new and lie within the call; answers how many. One statement, no transaction of its own. */
  keep(side: Side, samples: readonly QualitySample[], time: { from: number; until: number }): Promise<number>;
  /** In the change that ends the call: it is to be summed up, whoever does it. */
  ended(
    work: Work,
    call: { callId: string; kioskId: string; staffId: string; startedAt: number; reason: EndReason },
  ): Promise<void>;
  /** Sums up one call that is due; false: none is. `branchOf` tells where a kiosk stands. */
  sumUp(work: Work, branchOf: (kioskId: string) => Promise<string | null>): Promise<boolean>;
  /** Judges the links of branches with news, unless another process does so just now. */
  judge(work: Work): Promise<void>;
  /** Links that are worse than usual, the longest first, of one branch or (null) of all. */
  worse(branchId: string | null): Promise<WorseLink[]>;
  /** How many there are, and the mean scores of all calls in the last minute. */
  figures(now: number): Promise<{ worse: number; scores: { role: ParticipantRole; score: number }[] }>;
  endedCalls(filter: EndedFilter): Promise<CallRow[]>;
  call(callId: string): Promise<{
    row: CallRow;
    sides: SideRow[];
    samples: SampleRow[];
    events: { at: number; kind: string; about: Record<string, string>; data: Record<string, JsonScalar> }[];
  } | null>;
  /** Forgets samples that are older than `SAMPLES_KEPT_DAYS`; true: there may be more. */
  forget(work: Work): Promise<boolean>;
};

export { SAMPLES_KEPT_DAYS, sampleOf } from './quality.ts';

export const qualitySchema = { schema: 'quality', dir: new URL('./migrations/', import.meta.url) };
export const openQuality = (needs: { database: Database }): Quality => ({
  ...createQuality(needs),
  ...createLinks(needs),
});
