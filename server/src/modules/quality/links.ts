import { QUALITY_SLOT_MS } from '@openvtm/protocol';
import type { Database } from '../../kernel/db.ts';
import type { Work } from '../../kernel/work.ts';
import type { Quality, QualityFact } from './index.ts';
import { LATEST, nextLink, SATISFIED, USUAL_MS, usualOf, type Figures, type Link, type Seen } from './link-state.ts';
import {
  lastCalls,
  linksOf,
  saveLink,
  takeFresh,
  takeWatch,
  worseLinks,
  type LastRow,
  type LinkRow,
} from './links.store.ts';
import { runningSince, scoresSince, type RunningRow } from './samples.store.ts';

/** Calls of a branch that make its usual, and those that are compared with it. */
const USUAL_CALLS = 50;
/** A call of less than 20 s tells little of a link. */
const LEAST_SAMPLES = 4;
/** Of the last 30 s, and of the last three minutes; one may be on its way. */
const SHORT = { slots: 6, least: 5 };
const LONG = { slots: 36, least: 30 };
/** Samples of a call that still runs are not older. */
const ALIVE_SLOTS = 4;
const SHOWN_CALLS = 20;

const round = (value: number, places: number) => Math.round(value * 10 ** places) / 10 ** places;

function figuresOf(row: RunningRow): Figures | null {
  if (row.score === null) return null;
  return {
    score: row.score,
    lossPercent: row.loss ?? 0,
    roundTripMs: row.round_trip ?? 0,
    frozenPercent: (100 * (row.frozen ?? 0)) / QUALITY_SLOT_MS,
    cutPercent: 100 * row.cut,
  };
}
const figuresOfCall = (row: LastRow): Figures => ({
  score: row.score,
  lossPercent: row.loss ?? 0,
  roundTripMs: row.round_trip ?? 0,
  frozenPercent: Math.min(100, (100 * row.frozen_ms) / row.lasted_ms),
  cutPercent: Math.min(100, (100 * row.cut_ms) / row.lasted_ms),
});

/** The one in the middle, of two the better: one kiosk’s cable is not its branch’s link. */
function middleOf(all: readonly Figures[]): Figures | null {
  const sorted = all.toSorted((a, b) => a.score - b.score);
  return sorted[Math.floor(sorted.length / 2)] ?? null;
}

const linkOf = (row: LinkRow | undefined): Link => {
  if (row?.at !== 'worse') return { at: 'usual', since: row?.since ?? 0 };
  return {
    at: 'worse',
    since: row.since,
    by: row.by ?? 'calls',
    usual:
      row.usual_score === null
        ? null
        : { score: row.usual_score, spread: row.usual_spread ?? 0, calls: row.usual_calls ?? 0 },
    was: {
      score: row.score ?? 1,
      lossPercent: row.loss ?? 0,
      roundTripMs: row.round_trip ?? 0,
      frozenPercent: row.frozen ?? 0,
      cutPercent: row.cut ?? 0,
    },
  };
};
const rowOf = (branchId: string, link: Link): LinkRow => {
  const worse = link.at === 'worse' ? link : null;
  return {
    branch_id: branchId,
    at: link.at,
    since: link.since,
    by: worse?.by ?? null,
    usual_score: worse?.usual?.score ?? null,
    usual_spread: worse?.usual?.spread ?? null,
    usual_calls: worse?.usual?.calls ?? null,
    score: worse?.was.score ?? null,
    loss: worse?.was.lossPercent ?? null,
    round_trip: worse?.was.roundTripMs ?? null,
    frozen: worse?.was.frozenPercent ?? null,
    cut: worse?.was.cutPercent ?? null,
  };
};

/** Those calls that are compared with the usual ones, and the usual ones. */
function seenOf(link: Link, rows: readonly LastRow[], running: Seen['running']): Seen {
  const after = rows.filter(({ started_at }) => started_at >= link.since).slice(0, LATEST);
  const before = rows.filter((row) => !after.includes(row)).slice(0, USUAL_CALLS);
  return {
    usual: usualOf(before.map(({ score }) => score)),
    calls: after.length < LATEST ? null : middleOf(after.map(figuresOfCall)),
    running,
  };
}

function factOf(branchId: string, before: Link, link: Link, now: number): QualityFact {
  if (link.at === 'usual')
    return { kind: 'quality.alert-cleared', about: { branchId }, data: { lastedMs: Math.max(0, now - before.since) } };
  const { was, usual, by } = link;
  return {
    kind: 'quality.alert-raised',
    about: { branchId },
    data: {
      by,
      score: round(was.score, 2),
      usual: usual && round(usual.score, 2),
      usualCalls: usual?.calls ?? null,
      lossPercent: round(was.lossPercent, 1),
      roundTripMs: Math.round(was.roundTripMs),
      frozenPercent: round(was.frozenPercent, 1),
    },
  };
}

type Links = Pick<Quality, 'judge' | 'worse' | 'figures'>;

/** Whether branches' links are as usual. See `Quality` for each one's contract. */
export function createLinks({ database }: { database: Database }): Links {
  const lastOf = (
    reader: Parameters<typeof lastCalls>[0],
    branchIds: string[],
    { now, most }: { now: number; most: number },
  ) => lastCalls(reader, branchIds, { since: now - USUAL_MS, leastSamples: LEAST_SAMPLES, most });

  /** How the running calls of each branch are. */
  const runningOf = async (work: Work, { slots, least }: { slots: number; least: number }) => {
    const slot = Math.floor(work.now / QUALITY_SLOT_MS);
    const rows = await runningSince(work.tx, { from: slot - slots, alive: slot - ALIVE_SLOTS });
    const found = new Map<string, Figures[]>();
    for (const row of rows) {
      const figures = row.samples >= least ? figuresOf(row) : null;
      if (figures) found.set(row.branch_id, [...(found.get(row.branch_id) ?? []), figures]);
    }
    return new Map([...found].flatMap(([branchId, all]) => [[branchId, middleOf(all)] as const]));
  };

  return {
    async judge(work) {
      if (!(await takeWatch(work.tx))) return;
      const fresh = await takeFresh(work.tx);
      const worse = (await worseLinks(work.tx, null)).map(({ branch_id }) => branch_id);
      const short = await runningOf(work, SHORT);
      const long = worse.length > 0 ? await runningOf(work, LONG) : new Map<string, Figures>();
      // A link whose users are satisfied is never worse: nobody need look up what is usual there.
      const bad = [...short].flatMap(([branchId, one]) => (one && one.score < SATISFIED ? [branchId] : []));
      const branchIds = [...new Set([...fresh, ...worse, ...bad])];
      if (branchIds.length === 0) return;
      const links = await linksOf(work.tx, branchIds);
      const last = await lastOf(work.tx, branchIds, { now: work.now, most: USUAL_CALLS + LATEST });
      for (const branchId of branchIds) {
        const link = linkOf(links.find(({ branch_id }) => branch_id === branchId));
        const rows = last.filter(({ branch_id }) => branch_id === branchId);
        const seen = seenOf(link, rows, { short: short.get(branchId) ?? null, long: long.get(branchId) ?? null });
        const next = nextLink(link, seen, work.now);
        if (next === link) continue;
        await saveLink(work.tx, rowOf(branchId, next));
        work.record(factOf(branchId, link, next, work.now));
      }
    },

    async worse(branchId) {
      const rows = await worseLinks(database, branchId);
      if (rows.length === 0) return [];
      const now = Math.max(...rows.map(({ since }) => since));
      const last = await lastOf(
        database,
        rows.map(({ branch_id }) => branch_id),
        { now, most: SHOWN_CALLS },
      );
      return rows.flatMap((row) => {
        const link = linkOf(row);
        const latest = last
          .filter(({ branch_id }) => branch_id === row.branch_id)
          .map(({ ended_at: at, score }) => ({ at, score }))
          .toReversed();
        return link.at === 'worse' ? [{ ...link, branchId: row.branch_id, latest }] : [];
      });
    },

    async figures(now) {
      const [worse, scores] = await Promise.all([
        worseLinks(database, null),
        scoresSince(database, Math.floor(now / QUALITY_SLOT_MS) - 60_000 / QUALITY_SLOT_MS),
      ]);
      return { worse: worse.length, scores };
    },
  };
}
