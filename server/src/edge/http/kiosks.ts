import { Router } from 'express';
import {
  ChallengeIn,
  EnrolIn,
  KioskId,
  KioskPrinter,
  KioskReaders,
  type PrinterVia,
  NewKioskIn,
  TokenIn,
  VisitIn,
  type KioskView,
} from '@openvtm/protocol';
import type { z } from 'zod';
import { Refusal } from '../../kernel/errors.ts';
import type { StaffCaller } from '../../kernel/handler.ts';
import type { Limit } from '../limits.ts';
import { bodyOf, requireRole, type CallerOf } from './answers.ts';
import { limitBy } from './limit.ts';

export type KiosksHttp = {
  enrol(wish: z.infer<typeof EnrolIn>): Promise<KioskView>;
  visit(wish: z.infer<typeof VisitIn>): Promise<KioskView>;
  challenge(kioskId: string): Promise<string>;
  token(proof: z.infer<typeof TokenIn>): Promise<{ accessToken: string; expiresAt: number }>;
  add(by: StaffCaller, wish: z.infer<typeof NewKioskIn>): Promise<{ kioskId: string; code: string; expiresAt: number }>;
  setPrinter(by: StaffCaller, kioskId: string, printer: PrinterVia): Promise<void>;
  setReaders(by: StaffCaller, kioskId: string, readers: KioskReaders): Promise<void>;
};

/** How a device becomes a kiosk and shows that it is one. */
export function kioskRoutes(kiosks: KiosksHttp, options: { callerOf: CallerOf; credentials: Limit }): Router {
  const router = Router();
  const limited = limitBy(options.credentials, 'kiosk');
  router.post(
    '/enrol',
    limited,
    async (request, response) => void response.json({ kiosk: await kiosks.enrol(bodyOf(request, EnrolIn)) }),
  );
  router.post(
    '/visit',
    limited,
    async (request, response) => void response.json({ kiosk: await kiosks.visit(bodyOf(request, VisitIn)) }),
  );
  router.post(
    '/challenge',
    limited,
    async (request, response) =>
      void response.json({ challenge: await kiosks.challenge(bodyOf(request, ChallengeIn).kioskId) }),
  );
  router.post(
    '/token',
    limited,
    async (request, response) => void response.json(await kiosks.token(bodyOf(request, TokenIn))),
  );
  router.post('/', async (request, response) => {
    const caller = await requireRole(request, options.callerOf, { roles: ['administrator'] });
    response.status(201).json(await kiosks.add(caller, bodyOf(request, NewKioskIn)));
  });
  router.put('/:kioskId/readers', async (request, response) => {
    const caller = await requireRole(request, options.callerOf, { roles: ['administrator'] });
    const kioskId = KioskId.safeParse(request.params.kioskId);
    if (!kioskId.success) throw new Refusal('not-found', 'no such kiosk');
    await kiosks.setReaders(caller, kioskId.data, bodyOf(request, KioskReaders));
    response.json({});
  });
  router.put('/:kioskId/printer', async (request, response) => {
    const caller = await requireRole(request, options.callerOf, { roles: ['administrator'] });
    const kioskId = KioskId.safeParse(request.params.kioskId);
    if (!kioskId.success) throw new Refusal('not-found', 'no such kiosk');
    await kiosks.setPrinter(caller, kioskId.data, bodyOf(request, KioskPrinter).printer);
    response.json({});
  });
  return router;
}
