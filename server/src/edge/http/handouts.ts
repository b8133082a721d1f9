import { Router } from 'express';
import {
  HandoutLookIn,
  HandoutOpenIn,
  HandoutToken,
  MessengerSimulator,
  type HandoutLookOut,
  type HandoutOpenOut,
  type MessengerBehaviour,
} from '@openvtm/protocol';
import { z } from 'zod';
import { Refusal } from '../../kernel/errors.ts';
import type { Limit } from '../limits.ts';
import { bodyOf, requireOurPage, requireRole, type CallerOf } from './answers.ts';
import { limitBy } from './limit.ts';

export type HandoutsHttp = {
  look(token: string): Promise<HandoutLookOut>;
  open(token: string, digits: string): Promise<HandoutOpenOut>;
  paper(key: string, number: number): Promise<Uint8Array>;
  /** It was sent to its last byte. */
  taken(key: string, number: number): Promise<void>;
};
/** null: the bank's own message service. */
export type MessengerSimulatorHttp = {
  readonly behaviour: MessengerBehaviour;
  tell(behaviour: MessengerBehaviour): void;
} | null;

const ItemNumber = z.coerce.number().int().min(1).max(100);

/** The customer's side of a hand-out: no login, but the link, what proves the customer, and then a key for a few minutes. */
export function handoutRoutes(
  handouts: HandoutsHttp,
  options: { credentials: Limit; callerOf: CallerOf; simulator: MessengerSimulatorHttp },
): Router {
  const router = Router();
  router.use(['/look', '/open', '/papers'], limitBy(options.credentials, 'handout'), requireOurPage);

  router.post('/look', async (request, response) => {
    response.json(await handouts.look(bodyOf(request, HandoutLookIn).token));
  });
  router.post('/open', async (request, response) => {
    const { token, digits } = bodyOf(request, HandoutOpenIn);
    response.setHeader('Cache-Control', 'no-store');
    response.json(await handouts.open(token, digits));
  });
  router.get('/papers/:number', async (request, response, next) => {
    const key = HandoutToken.safeParse(/^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1]);
    const number = ItemNumber.safeParse(request.params['number']);
    if (!key.success || !number.success) throw new Refusal('not-found', 'no such paper');
    const pdf = await handouts.paper(key.data, number.data);
    // Only what left to its last byte counts as taken: a phone in a lift asks again.
    response.on('finish', () => void handouts.taken(key.data, number.data).catch(next));
    response.setHeader('Cache-Control', 'no-store');
    response.type('application/pdf').send(Buffer.from(pdf));
  });

  router.use('/simulator', async (request, _response, next) => {
    await requireRole(request, options.callerOf, { roles: ['administrator'] });
    next(
      options.simulator ? undefined : new Refusal('not-found', 'no simulator is in the place of the message service'),
    );
  });
  router.get('/simulator', (_request, response) => void response.json({ behaviour: options.simulator?.behaviour }));
  router.put('/simulator', (request, response) => {
    options.simulator?.tell(bodyOf(request, MessengerSimulator).behaviour);
    response.json({ behaviour: options.simulator?.behaviour });
  });
  return router;
}
