import { randomUUID } from 'node:crypto';
import type { CallId, OfferId } from '@openvtm/protocol';
import { expect, test } from 'vitest';
import { createDispatch, type Dispatch } from '../../server/src/edge/dispatch.ts';
import { acceptCall } from '../../server/src/flows/accept-call.ts';
import { staffPeer } from '../../server/src/flows/parts.ts';
import { createBus } from '../../server/src/kernel/bus.ts';
import { keysFrom } from '../../server/src/kernel/crypto.ts';
import type { Handlers, StaffCaller } from '../../server/src/kernel/handler.ts';
import { createLog } from '../../server/src/kernel/log.ts';
import { createWorks } from '../../server/src/kernel/work.ts';
import { startLab, type Lab } from './lab/index.ts';
import { joinQueue, ringing } from './lab/stories.ts';

const ROUNDS = 200;

/** The dispatcher of another process on the same database, which shares no turns and no memory with the first. */
function secondNode(lab: Lab): Dispatch {
  const log = createLog({ level: 'silent' });
  return createDispatch({
    handlers: acceptCall(lab.app.parts) as unknown as Handlers,
    works: createWorks({ database: lab.database, bus: createBus(log), clock: lab.clock.now }),
    keys: keysFrom(Buffer.alloc(32, 7)),
    log,
  });
}

const callerOf = (id: string): StaffCaller => ({
  kind: 'staff',
  id,
  subject: staffPeer(id),
  branchId: randomUUID(),
  sessionId: randomUUID(),
  roles: ['agent'],
});

test(`${ROUNDS} offers that five accept at once: one wins each, the others hear that it is gone`, async () => {
  const lab = await startLab();
  const kiosks = [await lab.kiosk(1), await lab.kiosk(2)];
  const agent = await lab.readyAgent('li.na');
  const other = await lab.staff('chen.jing');
  const dispatch = secondNode(lab);
  const elsewhere = (id: string, offerId: OfferId) =>
    dispatch(
      { caller: callerOf(id), stage: 'ready' },
      { name: 'call:accept', data: { offerId }, meta: { id: randomUUID() } },
    );

  const outcomes: { won: number; told: string[]; sameCall: boolean; ms: number }[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const kiosk = kiosks[round % kiosks.length]!;
    // A line may ask 200 times in four seconds; a new one begins its count anew.
    if (round % 40 === 39) await agent.open();
    await joinQueue(kiosk);
    const { offerId, callId } = await ringing(agent);
    const began = performance.now();
    const answers = await Promise.all([
      elsewhere(agent.staffId, offerId),
      agent.ask('call:accept', { offerId }),
      elsewhere(agent.staffId, offerId),
      agent.ask('call:accept', { offerId }),
      other.ask('call:accept', { offerId }),
    ]);
    outcomes.push({
      won: answers.filter(({ ok }) => ok).length,
      told: answers.flatMap((answer) => (answer.ok ? [] : [answer.error.code])),
      sameCall: answers.every((answer) => !answer.ok || (answer.data as { callId: CallId }).callId === callId),
      ms: performance.now() - began,
    });
    await agent.must('call:end', { callId });
    await agent.must('queue:wrap-up', { callId, outcome: 'complete', note: '', then: 'ready' });
  }

  expect(outcomes.filter(({ won, sameCall }) => won !== 1 || !sameCall)).toEqual([]);
  expect(new Set(outcomes.flatMap(({ told }) => told))).toEqual(new Set(['offer-gone']));
  const calls = (await lab.journal({ kind: 'call.started' })).map(({ about }) => about.callId);
  expect(calls).toHaveLength(ROUNDS);
  expect(new Set(calls).size).toBe(ROUNDS);
  const median = outcomes.map(({ ms }) => ms).sort((a, b) => a - b)[ROUNDS / 2];
  expect(median).toBeLessThan(500);
}, 120_000);
