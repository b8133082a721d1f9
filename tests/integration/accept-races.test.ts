import type { CallId, OfferId } from '@openvtm/protocol';
import { expect, test } from 'vitest';
import { acceptCall } from '../../server/src/flows/accept-call.ts';
import { startLab } from './lab/index.ts';
import { secondNode } from './lab/second-node.ts';
import { joinQueue, ringing } from './lab/stories.ts';

const ROUNDS = 200;

test(`${ROUNDS} offers that five accept at once: one wins each, the others hear that it is gone`, async () => {
  const lab = await startLab();
  const kiosks = [await lab.kiosk(1), await lab.kiosk(2)];
  const agent = await lab.readyAgent('li.na');
  const other = await lab.staff('chen.jing');
  const node = secondNode(lab, acceptCall(lab.app.parts));
  const elsewhere = (id: string, offerId: OfferId) => node(id, 'call:accept', { offerId });

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
