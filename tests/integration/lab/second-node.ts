import { randomUUID } from 'node:crypto';
import type { Answer } from '@openvtm/protocol';
import { createDispatch } from '../../../server/src/edge/dispatch.ts';
import { staffPeer } from '../../../server/src/flows/parts.ts';
import { createBus } from '../../../server/src/kernel/bus.ts';
import { keysFrom } from '../../../server/src/kernel/crypto.ts';
import type { Handlers } from '../../../server/src/kernel/handler.ts';
import { createLog } from '../../../server/src/kernel/log.ts';
import { createWorks } from '../../../server/src/kernel/work.ts';
import type { Lab } from './index.ts';

/** Asks the dispatcher of another process on the same database, which shares no turns and no memory with the first. */
export function secondNode(lab: Lab, handlers: Partial<Handlers>) {
  const log = createLog({ level: 'silent' });
  const dispatch = createDispatch({
    handlers: handlers as Handlers,
    works: createWorks({ database: lab.database, bus: createBus(log), clock: lab.clock.now }),
    keys: keysFrom(Buffer.alloc(32, 7)),
    log,
  });
  return (staffId: string, name: string, data: object): Promise<Answer<unknown>> =>
    dispatch(
      {
        caller: {
          kind: 'staff',
          id: staffId,
          subject: staffPeer(staffId),
          branchId: randomUUID(),
          sessionId: randomUUID(),
          roles: ['agent'],
        },
        stage: 'ready',
      },
      { name, data, meta: { id: randomUUID() } },
    );
}
