import type { AppointmentPlan, ChangePlanOut, LoginOut, PlansOut } from '@openvtm/protocol';
import { createHttp } from '../../integration/lab/http.ts';

const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7];
const WHOLE_DAY = { days: EVERY_DAY, from: '00:00', to: '24:00' };

/** A zone in which it is about noon: a test that books and checks in may run at any hour, and its day does not end meanwhile. */
function zoneAtNoon(): string {
  const ahead = 12 - new Date().getUTCHours();
  return ahead === 0 ? 'Etc/GMT' : `Etc/GMT${ahead > 0 ? '-' : '+'}${Math.abs(ahead)}`;
}

/** The demonstration's branch is open all day, and a booked customer may check in at once. */
export async function openAllDay(url: string): Promise<void> {
  const http = createHttp(url);
  const { accessToken: token } = await http.json<LoginOut>('POST', '/api/staff/login', {
    body: { username: 'admin', password: 'openvtm-demo' },
  });
  const [shown] = (await http.json<PlansOut>('GET', '/api/appointments/plans', { token })).plans;
  if (!shown) throw new Error('the demonstration has no plan');
  const plan: AppointmentPlan = {
    ...shown.plan,
    zone: zoneAtNoon(),
    branches: shown.plan.branches.map((branch) => ({ ...branch, hours: [WHOLE_DAY] })),
    shifts: shown.plan.shifts.map((shift) => ({ ...shift, ...WHOLE_DAY })),
    rules: { ...shown.plan.rules, earlyMinutes: 240, noticeMinutes: 0 },
  };
  const saved = await http.json<ChangePlanOut>('PUT', `/api/appointments/plans/${shown.planId}`, {
    token,
    body: { version: shown.version, plan },
  });
  if (saved.is !== 'saved') throw new Error(`the plan is not taken: ${JSON.stringify(saved)}`);
}
