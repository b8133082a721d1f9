import type { ChangePlanIn, ChangePlanOut, PlansOut, PlanView, Text } from '@openvtm/protocol';
import { AppointmentRules } from '@openvtm/protocol';
import type { z } from 'zod';
import { Refusal } from '../kernel/errors.ts';
import type { StaffCaller } from '../kernel/handler.ts';
import type { Works } from '../kernel/work.ts';
import type { StoredPlan } from '../modules/appointments/index.ts';
import { bookableFamilies } from './book-appointment.ts';
import type { Parts } from './parts.ts';

type Needs = Pick<Parts, 'appointments' | 'clock' | 'kiosks' | 'services'>;

const isAdministrator = ({ roles }: StaffCaller) => roles.includes('administrator');

/** Branch staff plan for their own branch where no other shares the agents; administrators plan everywhere. */
const mayChange = (caller: StaffCaller, { body }: StoredPlan): boolean =>
  isAdministrator(caller) ||
  (caller.roles.includes('branch-staff') &&
    body.branches.length === 1 &&
    body.branches[0]?.branchId === caller.branchId);

function requirePlanner(caller: StaffCaller): void {
  if (!isAdministrator(caller) && !caller.roles.includes('branch-staff'))
    throw new Refusal('not-allowed', 'for administrators and branch staff');
}

/** The plans that somebody may see, with what is booked in them. */
export async function readPlans(needs: Needs, caller: StaffCaller): Promise<PlansOut> {
  requirePlanner(caller);
  const { appointments, clock, kiosks } = needs;
  const own = isAdministrator(caller) ? null : await appointments.planOf(caller.branchId, clock());
  const plans = isAdministrator(caller) ? await appointments.plans(clock()) : own ? [own] : [];
  return {
    plans: plans.map((plan): PlanView => {
      const { planId, name, version, body, load } = plan;
      return { planId, name, version, mine: mayChange(caller, plan), plan: body, load };
    }),
    families: bookableFamilies(needs),
    branches: await kiosks.branches(),
  };
}

/** An empty plan, for branches that share their agents. */
export async function addPlan(
  needs: Needs,
  works: Works,
  { caller, name, zone }: { caller: StaffCaller; name: string; zone: string },
): Promise<string> {
  if (!isAdministrator(caller)) throw new Refusal('not-allowed', 'for administrators');
  const both: Text = { 'zh-CN': name, en: name };
  const body = { zone, branches: [], shifts: [], dates: [], rules: AppointmentRules.parse({}) };
  return works.change({ kind: 'staff', id: caller.id }, (work) =>
    needs.appointments.addPlan(work, { name: both, body }),
  );
}

/** Changes a plan in force, with the slots that come of it. */
export async function changePlan(
  needs: Needs,
  works: Works,
  wish: z.infer<typeof ChangePlanIn> & { caller: StaffCaller; planId: string },
): Promise<ChangePlanOut> {
  const { caller, planId, plan, version, keepBooked } = wish;
  requirePlanner(caller);
  const { appointments, clock, kiosks } = needs;
  if (!isAdministrator(caller)) {
    const own = await appointments.planOf(caller.branchId, clock());
    if (own?.planId !== planId) throw new Refusal('not-found', "not a plan of this person's branch");
    const stays = plan.branches.length === 1 && plan.branches[0]?.branchId === caller.branchId;
    if (!mayChange(caller, own) || !stays) throw new Refusal('not-allowed', 'branch staff plan for their branch alone');
  }
  const branches = (await kiosks.branches()).map(({ branchId }) => branchId as string);
  const families = bookableFamilies(needs);
  return works.change({ kind: 'staff', id: caller.id }, (work) =>
    appointments.changePlan(work, { planId, version, body: plan, keepBooked, families, branches }),
  );
}
