import { Router, type Request } from 'express';
import { ChangePlanIn, NewPlanIn, type ChangePlanOut, type PlansOut } from '@openvtm/protocol';
import { z } from 'zod';
import { ProtocolError, Refusal } from '../../kernel/errors.ts';
import type { StaffCaller } from '../../kernel/handler.ts';
import { bodyOf, requireCaller, type CallerOf } from './answers.ts';

export type AppointmentsHttp = {
  plans(by: StaffCaller): Promise<PlansOut>;
  addPlan(by: StaffCaller, wish: z.infer<typeof NewPlanIn>): Promise<string>;
  changePlan(by: StaffCaller, planId: string, wish: z.infer<typeof ChangePlanIn>): Promise<ChangePlanOut>;
};

/** The staff planned for appointments, read and changed by administrators and branch staff. */
export function appointmentRoutes(appointments: AppointmentsHttp, { callerOf }: { callerOf: CallerOf }): Router {
  const router = Router();
  const staff = async (request: Request): Promise<StaffCaller> => {
    const caller = await requireCaller(request, callerOf);
    if (caller.kind !== 'staff') throw new Refusal('not-allowed', 'for staff');
    return caller;
  };
  router.get('/plans', async (request, response) => void response.json(await appointments.plans(await staff(request))));
  router.post('/plans', async (request, response) => {
    const by = await staff(request);
    response.status(201).json({ planId: await appointments.addPlan(by, bodyOf(request, NewPlanIn)) });
  });
  router.put('/plans/:planId', async (request, response) => {
    const by = await staff(request);
    const planId = z.uuid().safeParse(request.params.planId);
    if (!planId.success) throw new ProtocolError('bad-request', 'no plan id');
    response.json(await appointments.changePlan(by, planId.data, bodyOf(request, ChangePlanIn)));
  });
  return router;
}
