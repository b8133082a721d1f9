import { ChangePlanOut, PlansOut, type AppointmentPlan } from '@openvtm/protocol';
import { ref, shallowRef } from 'vue';
import type { Refused } from '../../live/index.ts';
import { refusalFrom } from '../../session/answers.ts';
import { session } from '../../session/current.ts';

const ADDRESS = '/api/appointments/plans';
type Sent = { planId: string; version: number; plan: AppointmentPlan; keepBooked: boolean };

/** The plans of appointments, as they are in force, and the way to change one. */
export function usePlans() {
  const known = shallowRef<PlansOut | null>(null);
  const busy = ref(false);
  const refused = shallowRef<Refused | null>(null);

  async function run<T>(work: () => Promise<T | null>): Promise<T | null> {
    busy.value = true;
    refused.value = null;
    try {
      return await work();
    } catch {
      refused.value = { code: 'offline', ref: '' };
      return null;
    } finally {
      busy.value = false;
    }
  }
  const load = () =>
    run(async () => {
      const response = await session.fetch(ADDRESS);
      if (response.ok) known.value = PlansOut.parse(await response.json());
      else refused.value = await refusalFrom(response);
      return known.value;
    });
  const save = ({ planId, ...body }: Sent) =>
    run(async () => {
      const response = await session.fetch(`${ADDRESS}/${planId}`, {
        method: 'PUT',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
      });
      if (response.ok) return ChangePlanOut.parse(await response.json());
      refused.value = await refusalFrom(response);
      return null;
    });
  return { known, busy, refused, load, save };
}
