import { sql } from 'kysely';
import type { ParticipantRole, QualitySample } from '@openvtm/protocol';
import { prepared, type Queryable, type Tx } from '../../kernel/db.ts';

export type SampleRow = {
  call_id: string;
  participant: string;
  slot: number;
  role: ParticipantRole;
  branch_id: string | null;
  cut: boolean;
  score: number | null;
  loss_in: number | null;
  loss_out: number | null;
  round_trip: number | null;
  jitter: number | null;
  concealed: number | null;
  frozen: number | null;
  frames: number | null;
  width: number | null;
  height: number | null;
  kbps_in: number;
  kbps_out: number;
};

/**
 * Keeps what is new of them, and has the call summed up anew if it is over: one statement, whose text is the same for
 * any number of samples. Answers how many were new.
 */
export async function keepSamples(
  reader: Queryable,
  of: { callId: string; participant: string; role: ParticipantRole; branchId: string | null },
  samples: readonly (QualitySample & { score: number | null })[],
): Promise<number> {
  const { rows } = await sql<{ kept: number }>`${prepared('quality.keep')}
    with put as (
      insert into quality.sample (call_id, participant, role, branch_id, slot, cut, score, loss_in, loss_out, round_trip,
        jitter, concealed, frozen, frames, width, height, kbps_in, kbps_out)
      select ${of.callId}::uuid, ${of.participant}::uuid, ${of.role}, ${of.branchId}::uuid, one.slot, one.cut, one.score,
        one."lossIn", one."lossOut", one."roundTripMs", one."jitterMs", one.concealed, one."frozenMs",
        one."framesPerSecond", one.width, one.height, one."kbpsIn", one."kbpsOut"
      from jsonb_to_recordset(${JSON.stringify(samples)}::jsonb) as one (slot integer, cut boolean, score real,
        "lossIn" real, "lossOut" real, "roundTripMs" integer, "jitterMs" integer, concealed real, "frozenMs" integer,
        "framesPerSecond" integer, width integer, height integer, "kbpsIn" integer, "kbpsOut" integer)
      on conflict do nothing
      returning call_id
    ), anew as (
      update quality.call set due = true where call_id in (select call_id from put)
    )
    select count(*)::int as kept from put`.execute(reader.as());
  return rows[0]?.kept ?? 0;
}

/** All samples of a call, each participant's in their order. */
export const samplesOf = (reader: Queryable, callId: string) =>
  reader
    .as<{ 'quality.sample': SampleRow }>()
    .selectFrom('quality.sample')
    .selectAll()
    .where('call_id', '=', callId)
    .orderBy('participant')
    .orderBy('slot')
    .execute();

export type RunningRow = {
  branch_id: string;
  call_id: string;
  samples: number;
  score: number | null;
  loss: number | null;
  round_trip: number | null;
  frozen: number | null;
  cut: number;
};
/** The customers' sides of the calls that reported since `alive`, by their samples since `from`. */
export const runningSince = async (reader: Queryable, { from, alive }: { from: number; alive: number }) =>
  (
    await sql<RunningRow>`select branch_id, call_id, count(score)::int as samples, avg(score)::real as score,
        avg(case when not cut then greatest(loss_in, loss_out) end)::real as loss,
        avg(case when not cut then round_trip end)::real as round_trip, avg(frozen)::real as frozen,
        avg(cut::int)::real as cut
      from quality.sample where slot >= ${from} and role = 'customer' and branch_id is not null
      group by branch_id, call_id having max(slot) >= ${alive}`.execute(reader.as())
  ).rows;

/** The mean score of each side since then, of all calls. */
export const scoresSince = async (reader: Queryable, from: number) =>
  (
    await sql<{ role: ParticipantRole; score: number }>`select role, avg(score)::real as score from quality.sample
      where slot >= ${from} and score is not null and role in ('customer', 'agent') group by role`.execute(reader.as())
  ).rows;

/** Forgets samples of before `slot`, at most `limit`; answers whether there may be more. */
export async function forgetSamples(tx: Tx, slot: number, limit: number): Promise<boolean> {
  const { numAffectedRows } = await sql`delete from quality.sample where ctid = any (array(
    select ctid from quality.sample where slot < ${slot} limit ${limit}))`.execute(tx.as());
  return (numAffectedRows ?? 0n) >= BigInt(limit);
}
