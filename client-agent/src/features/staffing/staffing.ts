import { StaffingPage, type StaffingGoal } from '@openvtm/protocol';
import { ref, shallowRef } from 'vue';
import type { Refused } from '../../live/index.ts';
import { refusalFrom } from '../../session/answers.ts';
import { session } from '../../session/current.ts';

export type StaffingWish = { day: string | null; goal: StaffingGoal };

export function addressOf({ day, goal }: StaffingWish): string {
  const query = new URLSearchParams({
    share: String(goal.share),
    withinSeconds: String(goal.withinSeconds),
    patienceSeconds: goal.patienceSeconds === null ? 'none' : String(goal.patienceSeconds),
    occupancy: String(goal.occupancy),
    absent: String(goal.absent),
  });
  if (day !== null) query.set('day', day);
  return `/api/staffing?${query.toString()}`;
}

/** A day's forecast and the agents it needs. */
export function useStaffing() {
  const page = shallowRef<StaffingPage | null>(null);
  const busy = ref(false);
  const refused = shallowRef<Refused | null>(null);
  // Only the newest answer counts.
  let turn = 0;

  async function load(wish: StaffingWish) {
    turn += 1;
    const mine = turn;
    busy.value = true;
    try {
      const response = await session.fetch(addressOf(wish));
      const answer = response.ok ? StaffingPage.parse(await response.json()) : null;
      const problem = response.ok ? null : await refusalFrom(response);
      if (mine !== turn) return;
      if (answer !== null) page.value = answer;
      refused.value = problem;
    } catch {
      if (mine === turn) refused.value = { code: 'offline', ref: '' };
    } finally {
      if (mine === turn) busy.value = false;
    }
  }
  return { page, busy, refused, load };
}
