import { RECALL_KEPT_MS, RECALL_RINGS_MS, type CallId } from '@openvtm/protocol';
import { expect, test, vi } from 'vitest';
import { startLab, type Lab } from './lab/index.ts';
import type { LabKiosk } from './lab/kiosk.ts';
import type { LabStaff } from './lab/staff.ts';
import { joinQueue, LOST_CARD, ringing, startCall, startCase } from './lab/stories.ts';

/** Longer than a call waits for a participant (ms). */
const GONE_MS = 91_000;
const codeOf = async (answer: Promise<unknown>) => ((await answer) as { error?: { code: string } }).error?.code ?? 'ok';

/** A call whose kiosk dropped out and is back on line; its agent wraps up. */
async function dropped() {
  const lab = await startLab();
  const kiosk = await lab.kiosk();
  const agent = await lab.readyAgent('li.na');
  const call = await startCall({ kiosk, agent }, { service: LOST_CARD, language: 'en' });
  await kiosk.must('case:fill', { caseId: call.caseId, name: 'fullName', value: "O'Neil" });
  await lab.lose(kiosk);
  lab.clock.jump(GONE_MS);
  const [kept] = await agent.until(({ dropped: all }) => all.length > 0 && all);
  return { lab, kiosk, agent, kept, ...call };
}
const rung = async (kiosk: LabKiosk, agent: LabStaff, callId: CallId) => {
  expect(await agent.must('recall:ring', { callId })).toEqual({ is: 'rings' });
  await agent.until(({ dropped: all }) => all[0]?.ring?.at === 'ringing');
  return kiosk.until(({ recall }) => recall);
};
const ended = (agent: LabStaff) => agent.until(({ dropped: all }) => all[0]?.ring?.at === 'ended' && all[0].ring.how);
const facts = async (lab: Lab) => (await lab.journal({ kind: 'recall.' })).map(({ kind, data }) => [kind, data]);

test('the kiosk is back, asks for the customer, and the same case goes on with the same agent', async () => {
  const { lab, kiosk, agent, kept, callId, caseId } = await dropped();
  expect(kept).toMatchObject({ callId, ring: null, service: { title: { en: 'Replace a lost card' } } });
  expect(agent.shown.agent).toMatchObject({ at: 'wrap-up', callId });
  expect(await agent.must('recall:ring', { callId })).toEqual({ is: 'away' });

  await kiosk.open();
  // Anybody may stand there: nothing of the case is on it.
  expect([kiosk.shown.case, kiosk.shown.recall, kiosk.shown.documents]).toEqual([null, null, []]);
  const asked = await rung(kiosk, agent, callId);
  expect(asked).toMatchObject({ agent: '李娜', language: 'en', print: 'normal' });
  expect(JSON.stringify(asked)).not.toMatch(/card|Neil/i);
  // Pressed twice it rings once.
  expect(await agent.must('recall:ring', { callId })).toEqual({ is: 'rings' });
  await kiosk.must('recall:answer', { recallId: asked.recallId, comes: true });

  const { offerId } = await ringing(agent);
  const next = await agent.must('call:accept', { offerId });
  await kiosk.until(({ call, case: one }) => call?.callId === next.callId && one?.at === 'serving');
  expect(next.callId).not.toBe(callId);
  expect(kiosk.shown.case).toMatchObject({ caseId, consented: true, values: [{ name: 'fullName', value: "O'Neil" }] });
  expect([agent.shown.dropped, kiosk.shown.recall]).toEqual([[], null]);
  expect(await facts(lab)).toEqual([
    ['recall.kept', {}],
    ['recall.rang', {}],
    ['recall.ended', { how: 'came' }],
    ['recall.gone-on', {}],
  ]);
});

test('who declines, or does not answer, is asked again; what is not asked for in time is closed', async () => {
  const { lab, kiosk, agent, callId, caseId } = await dropped();
  await kiosk.open();
  const first = await rung(kiosk, agent, callId);
  await kiosk.must('recall:answer', { recallId: first.recallId, comes: false });
  expect(await ended(agent)).toBe('declined');
  await kiosk.until(({ recall }) => recall === null);
  expect(await codeOf(kiosk.ask('recall:answer', { recallId: first.recallId, comes: true }))).toBe('expired');

  const second = await rung(kiosk, agent, callId);
  await agent.must('recall:stop', { callId });
  expect(await ended(agent)).toBe('stopped');
  expect(await codeOf(kiosk.ask('recall:answer', { recallId: second.recallId, comes: true }))).toBe('expired');

  const third = await rung(kiosk, agent, callId);
  lab.clock.jump(RECALL_RINGS_MS);
  expect(await ended(agent)).toBe('no-answer');
  expect(await codeOf(kiosk.ask('recall:answer', { recallId: third.recallId, comes: true }))).toBe('expired');

  lab.clock.jump(RECALL_KEPT_MS);
  await agent.until(({ dropped: all }) => all.length === 0);
  expect(await codeOf(agent.ask('recall:ring', { callId }))).toBe('expired');
  await vi.waitUntil(async () => (await lab.journal({ about: caseId })).some(({ kind }) => kind === 'case.closed'));
});

test('a kiosk where another customer is asks for nobody, and shows nobody’s case', async () => {
  const { kiosk, agent, callId, caseId } = await dropped();
  await kiosk.open();
  const { recallId } = await rung(kiosk, agent, callId);
  const other = await startCase(kiosk);
  expect(await ended(agent)).toBe('taken');
  await kiosk.until(({ recall }) => recall === null);
  expect(await codeOf(kiosk.ask('recall:answer', { recallId, comes: true }))).toBe('expired');
  expect(await agent.must('recall:ring', { callId })).toEqual({ is: 'busy' });
  await kiosk.must('queue:join', { caseId: other });
  expect(kiosk.shown.case?.caseId).toBe(other);
  expect(JSON.stringify(kiosk.heard)).not.toContain(caseId);
});

test('answers at the same moment count once; the kiosk may drop again meanwhile', async () => {
  const { kiosk, agent, callId, caseId } = await dropped();
  await kiosk.open();
  const { recallId } = await rung(kiosk, agent, callId);
  kiosk.leave();
  await kiosk.open();
  expect(kiosk.shown.recall?.recallId).toBe(recallId);
  const codes = await Promise.all(
    Array.from({ length: 4 }, () => codeOf(kiosk.ask('recall:answer', { recallId, comes: true }))),
  );
  expect(codes.toSorted()).toEqual(['expired', 'expired', 'expired', 'ok']);
  // It drops once more before the agent has accepted: the place in the queue is kept.
  kiosk.leave();
  await kiosk.open();
  expect(kiosk.shown.case).toMatchObject({ caseId, at: 'waiting' });
  const { offerId } = await ringing(agent);
  await agent.must('call:accept', { offerId });
});

test.for([1, 2, 3])(
  'the agent goes ready at the moment of the answer, with another customer waiting (%i)',
  async () => {
    const { lab, kiosk, agent, callId, caseId } = await dropped();
    await kiosk.open();
    const other = await lab.kiosk(2);
    await joinQueue(other);
    const { recallId } = await rung(kiosk, agent, callId);
    const codes = await Promise.all([
      codeOf(kiosk.ask('recall:answer', { recallId, comes: true })),
      codeOf(agent.ask('queue:wrap-up', { callId, outcome: 'incomplete', note: '', then: 'ready' })),
    ]);
    expect(codes[0]).toBe('ok');
    expect(['ok', 'wrong-state']).toContain(codes[1]);
    // Whichever came first, both customers are in the queue or asked for, and each is served in the end.
    const { offerId } = await ringing(agent);
    const first = await agent.must('call:accept', { offerId });
    await agent.until(({ call }) => call?.callId === first.callId);
    lab.clock.jump(15_000);
    await agent.must('call:end', { callId: first.callId });
    await agent.must('queue:wrap-up', { callId: first.callId, outcome: 'complete', note: '', then: 'ready' });
    const next = await ringing(agent, offerId);
    const second = await agent.must('call:accept', { offerId: next.offerId });
    await agent.until(({ call }) => call?.callId === second.callId);
    const served = (await lab.journal({ kind: 'call.started' })).map(({ about }) => about['caseId']);
    expect(served.filter((one) => one === caseId)).toHaveLength(2);
  },
);

test('nobody else asks or answers, and who is in a call asks for nobody', async () => {
  const { lab, kiosk, agent, callId } = await dropped();
  await kiosk.open();
  const other = await lab.readyAgent('wang.wei');
  const otherKiosk = await lab.kiosk(2);
  expect(await codeOf(other.ask('recall:ring', { callId }))).toBe('not-found');
  expect(await codeOf(other.ask('recall:stop', { callId }))).toBe('not-found');
  const { recallId } = await rung(kiosk, agent, callId);
  for (const comes of [true, false])
    expect(await codeOf(otherKiosk.ask('recall:answer', { recallId, comes }))).toBe('not-found');
  await agent.must('recall:stop', { callId });
  await other.must('queue:break', { reason: 'meal' });
  await agent.must('queue:wrap-up', { callId, outcome: 'technical-problem', note: '', then: 'ready' });
  await startCall({ kiosk: otherKiosk, agent });
  expect(await codeOf(agent.ask('recall:ring', { callId }))).toBe('wrong-state');
});
