import type { BranchId, LinkAlert } from '@openvtm/protocol';
import type { Log } from '../kernel/log.ts';
import type { Works } from '../kernel/work.ts';
import { troublesOf } from '../modules/quality/index.ts';
import type { Parts } from './parts.ts';

/** ms between looks for calls that are to be summed up. */
const LOOK_MS = 2_000;
/** ms between two judgements of the links. */
const JUDGE_MS = 10_000;
const FORGET_MS = 600_000;

/**
 * Sums up the calls that have ended, judges the links of their branches and of running calls, and forgets old samples.
 * What is to be done stands in the database, so that what a process leaves that dies is done by the next one.
 */
export function watchQuality(
  { clock, kiosks, quality }: Pick<Parts, 'clock' | 'kiosks' | 'quality'>,
  works: Works,
  { log }: { log: Log },
): { close(): Promise<void> } {
  let closed = false;
  let judgedAt = 0;
  let forgotAt = 0;
  const branchOf = async (kioskId: string) => (await kiosks.view(kioskId))?.branchId ?? null;
  const round = async () => {
    let summed = false;
    while (!closed && (await works.bySystem((work) => quality.sumUp(work, branchOf)))) summed = true;
    if (closed) return;
    if (summed || clock() - judgedAt >= JUDGE_MS) {
      judgedAt = clock();
      await works.bySystem((work) => quality.judge(work));
    }
    if (clock() - forgotAt < FORGET_MS) return;
    forgotAt = clock();
    while (!closed && (await works.bySystem((work) => quality.forget(work))));
  };
  let running: Promise<void> = Promise.resolve();
  const loop = () => {
    running = round().catch((error: unknown) =>
      log.warn({ err: error }, 'the quality of calls could not be looked at; trying again'),
    );
    void running.then(() => {
      if (!closed) timer = setTimeout(loop, LOOK_MS);
    });
  };
  let timer = setTimeout(loop, LOOK_MS);
  return {
    async close() {
      closed = true;
      clearTimeout(timer);
      await running;
    },
  };
}

const rounded = (value: number, places: number) => Math.round(value * 10 ** places) / 10 ** places;

/** The links that are worse than usual and are this person's to see to. */
export async function alertsFor(
  { kiosks, quality, staff }: Pick<Parts, 'kiosks' | 'quality' | 'staff'>,
  staffId: string,
): Promise<LinkAlert[]> {
  const person = await staff.view(staffId);
  const all = person?.roles.includes('supervisor') ?? false;
  if (!person || (!all && !person.roles.includes('branch-staff'))) return [];
  const worse = await quality.worse(all ? null : person.branchId);
  const shown = await Promise.all(
    worse.map(async ({ branchId, since, by, was, usual, latest }): Promise<LinkAlert[]> => {
      const branch = await kiosks.branch(branchId);
      if (!branch) return [];
      return [
        {
          branchId: branchId as BranchId,
          branch,
          since,
          by,
          troubles: troublesOf(was),
          score: rounded(was.score, 1),
          lossPercent: rounded(was.lossPercent, 1),
          roundTripMs: Math.round(was.roundTripMs),
          frozenPercent: rounded(was.frozenPercent, 1),
          usual: usual && { score: rounded(usual.score, 1), calls: usual.calls },
          latest: latest.map(({ at, score }) => ({ at, score: rounded(score, 2) })),
        },
      ];
    }),
  );
  return shown.flat();
}
