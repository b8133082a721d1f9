import { describe, expect, test } from 'vitest';
import { startLab, type Lab } from './lab/index.ts';
import { LineRefused } from './lab/line.ts';
import { joinQueue, LOST_CARD, ringing, startCall, startCase, TALK } from './lab/stories.ts';

const SECOND = 1_000;

async function inCall(lab: Lab) {
  const kiosk = await lab.kiosk();
  const agent = await lab.readyAgent('li.na');
  return { kiosk, agent, ...(await startCall({ kiosk, agent })) };
}

describe('a call whose line is lost', () => {
  test('the kiosk is back in the same call, and both see that it was away', async () => {
    const lab = await startLab();
    const { kiosk, agent, caseId, callId } = await inCall(lab);
    await lab.lose(kiosk);
    const away = await agent.until(({ call }) =>
      call?.participants.find((one) => one.role === 'customer' && !one.here),
    );
    expect(away.lostSince).toBeGreaterThan(0);
    await kiosk.open();
    expect(kiosk.shown.call?.callId).toBe(callId);
    expect(kiosk.shown.case).toMatchObject({ caseId, at: 'serving' });
    await agent.until(({ call }) => call?.participants.every(({ here }) => here));
  });

  test('the agent is back in the same call with the case on the desk', async () => {
    const lab = await startLab();
    const { kiosk, agent, caseId, callId } = await inCall(lab);
    await lab.lose(agent);
    await kiosk.until(({ call }) => call?.participants.some((one) => one.role === 'agent' && !one.here));
    lab.clock.jump(80 * SECOND);
    await agent.open();
    expect(agent.shown).toMatchObject({ call: { callId }, case: { caseId }, agent: { at: 'in-call', callId } });
    await kiosk.until(({ call }) => call?.participants.every(({ here }) => here));
  });

  test('a customer who does not come back within 90 s: the call ends and the case is closed', async () => {
    const lab = await startLab();
    const { kiosk, agent, callId } = await inCall(lab);
    await lab.lose(kiosk);
    lab.clock.jump(89 * SECOND);
    await agent.must('case:tick', { caseId: agent.shown.case!.caseId, step: 'identify', done: true });
    expect(agent.shown.agent?.at).toBe('in-call');
    lab.clock.jump(2 * SECOND);
    await agent.until(({ agent: state, call }) => state?.at === 'wrap-up' && state.callId === callId && !call);
    expect((await lab.journal({ kind: 'call.ended' }))[0]?.data).toMatchObject({ reason: 'customer-lost' });
    await kiosk.open();
    expect(kiosk.shown).toMatchObject({ call: null, case: null });
  });

  test('an agent who does not come back within 90 s: the customer is at the form again with all that was entered', async () => {
    const lab = await startLab();
    const { kiosk, agent, caseId } = await inCall(lab);
    await lab.lose(agent);
    lab.clock.jump(91 * SECOND);
    await kiosk.until(({ call, case: one }) => !call && one?.at === 'alone' && one.caseId === caseId);
    expect((await lab.journal({ kind: 'call.ended' }))[0]?.data).toMatchObject({ reason: 'agent-lost', served: false });
    await agent.open();
    expect(agent.shown.agent?.at).toBe('wrap-up');
  });

  test('a call accepted while the kiosk was away waits for it, and ends when it does not come', async () => {
    const lab = await startLab();
    const kiosk = await lab.kiosk();
    const agent = await lab.readyAgent('li.na');
    await joinQueue(kiosk);
    const { offerId } = await ringing(agent);
    await lab.lose(kiosk);
    await agent.must('call:accept', { offerId });
    await agent.until(({ call }) => call?.participants.some((one) => one.role === 'customer' && !one.here));
    lab.clock.jump(91 * SECOND);
    expect(await agent.until(({ agent: state }) => state?.at === 'wrap-up' && state)).toBeDefined();
  });

  test('ended by one side, it is over for both, and ending it again is no error', async () => {
    const lab = await startLab();
    const { kiosk, agent, callId } = await inCall(lab);
    await kiosk.must('call:end', { callId });
    await agent.until(({ agent: state }) => state?.at === 'wrap-up');
    await agent.must('call:end', { callId });
    expect(await lab.journal({ kind: 'call.ended' })).toHaveLength(1);
    // It lasted a moment only, so the customer is not asked for a rating.
    await kiosk.until(({ case: one }) => one?.at === 'alone');
  });

  test('a kiosk that is reset ends the call, its documents and its case', async () => {
    const lab = await startLab();
    const { kiosk, agent, caseId } = await inCall(lab);
    await agent.must('document:ask', { caseId, kind: 'passport', camera: 'document' });
    await kiosk.must('case:abandon', { caseId, reason: 'idle' });
    await agent.until(({ agent: state }) => state?.at === 'wrap-up');
    await kiosk.until(({ call, case: one, documents }) => !call && !one && documents.length === 0);
    expect((await lab.journal({ kind: 'document' })).map(({ kind }) => kind)).toEqual([
      'document.asked',
      'document.withdrawn',
    ]);
  });
});

describe('the process starts anew', () => {
  test('in a call: both are back in it with the same id', async () => {
    const lab = await startLab();
    const { kiosk, agent, callId, caseId } = await inCall(lab);
    await lab.restart();
    await Promise.all([kiosk.open(), agent.open()]);
    expect(kiosk.shown).toMatchObject({ call: { callId }, case: { caseId } });
    await agent.until(({ call }) => call?.callId === callId && call.participants.every(({ here }) => here));
  });

  test('in a call: who does not come back is waited for 90 s', async () => {
    const lab = await startLab();
    const { agent, callId } = await inCall(lab);
    await lab.restart();
    await agent.open();
    lab.clock.jump(91 * SECOND);
    const state = await agent.until(({ agent: state }) => state?.at === 'wrap-up' && state);
    expect(state.callId).toBe(callId);
  });

  test('in the queue: the ticket has its place, and the offer still rings', async () => {
    const lab = await startLab();
    const [first, second] = [await lab.kiosk(1), await lab.kiosk(2)];
    const { ticketId } = await joinQueue(first);
    await joinQueue(second);
    const agent = await lab.readyAgent('li.na');
    const { offerId } = await ringing(agent);
    await lab.restart();
    await Promise.all([second.open(), first.open(), agent.open()]);
    expect(first.shown.ticket).toMatchObject({ ticketId, position: 1 });
    expect(second.shown.ticket).toMatchObject({ position: 2 });
    expect((await ringing(agent)).offerId).toBe(offerId);
    await agent.must('call:accept', { offerId });
  });
});

test('the clock jumps an hour ahead and back again: nobody loses a place or a call, and no wait is negative', async () => {
  const HOUR = 3_600 * SECOND;
  const lab = await startLab();
  const { agent, callId } = await inCall(lab);
  const waiting = await lab.kiosk(2);
  const { ticketId } = await joinQueue(waiting, { service: LOST_CARD });
  const next = await lab.readyAgent('wang.wei');
  await ringing(next);
  for (const jump of [HOUR, -2 * HOUR, HOUR]) {
    lab.clock.jump(jump);
    await agent.must('case:tick', { caseId: agent.shown.case!.caseId, step: 'identify', done: jump > 0 });
    await Promise.all([waiting.open(), agent.open()]);
    expect(waiting.shown.ticket).toMatchObject({ ticketId, position: 1 });
    expect(agent.shown.call?.callId).toBe(callId);
  }
  expect(await lab.journal({ kind: 'call.ended' })).toEqual([]);
  expect(await lab.journal({ kind: 'queue.abandoned' })).toEqual([]);
  await agent.must('call:end', { callId });
  const figures = (await lab.journal()).flatMap(({ data }) => [data.waitedMs, data.lastedMs]);
  expect(figures.filter((ms) => typeof ms === 'number' && ms < 0)).toEqual([]);
});

describe('one line for each kiosk and person', () => {
  test('a second line replaces the first, which is told so, and nothing counts as lost', async () => {
    const lab = await startLab();
    const { agent, callId } = await inCall(lab);
    const tab = await lab.staff('li.na');
    await agent.until(() => !agent.up);
    expect(agent.closing).toBe('replaced');
    expect(tab.shown.call?.callId).toBe(callId);
    expect(await lab.journal({ kind: 'call.participant-lost' })).toEqual([]);
    await tab.must('call:end', { callId });
  });

  test('a hundred reloads of a waiting kiosk: one line, one ticket, the same place', async () => {
    const lab = await startLab();
    const kiosk = await lab.kiosk();
    const { ticketId } = await joinQueue(kiosk);
    await lab.readyAgent('emma.brown');
    for (let reload = 0; reload < 100; reload += 1) await kiosk.open();
    expect(kiosk.shown.ticket).toMatchObject({ ticketId, position: 1 });
    const { rows } = await lab.database.pool.query('select id, absent_since from queue.ticket');
    expect(rows).toEqual([{ id: ticketId, absent_since: null }]);
    const metrics = await (await lab.http.send('GET', '/metrics')).text();
    expect(metrics).toContain('openvtm_lines{kind="kiosk"} 1');
  });

  test('a kiosk enrolled anew elsewhere and a person who signed out: the token is worth nothing at once, the line ends within 15 s', async () => {
    const lab = await startLab();
    const kiosk = await lab.kiosk();
    const person = await lab.staff('liu.yang');
    const [kioskToken, token] = [await kiosk.token(), await person.token()];
    const newer = await lab.kiosk(1, { line: false });
    await lab.http.json('POST', '/api/staff/logout', { headers: { cookie: person.cookie } });
    expect((await lab.http.send('GET', '/api/audit', { token })).status).toBe(401);
    await Promise.all([
      kiosk.until(() => !kiosk.up, { withinMs: 15_000 }),
      person.until(() => !person.up, { withinMs: 15_000 }),
    ]);
    expect([kiosk.closing, person.closing]).toEqual(['not-allowed', 'not-allowed']);
    await expect(kiosk.open({ token: kioskToken })).rejects.toThrow(new LineRefused('not-allowed'));
    await newer.open();
    expect(newer.up).toBe(true);
  });
});

describe('snapshot and notices', () => {
  test('the snapshot is the first notice with number 0, and after a resync the count begins anew without a gap', async () => {
    const lab = await startLab();
    const kiosk = await lab.kiosk();
    await startCase(kiosk);
    expect(kiosk.heard[0]).toMatchObject({ name: 'line:kiosk-snapshot', seq: 0 });
    expect(kiosk.heard.length).toBeGreaterThan(3);
    expect(kiosk.heard.map(({ seq }) => seq)).toEqual(kiosk.heard.map((_, i) => i));

    const before = kiosk.heard.length;
    await kiosk.must('line:resync', {});
    await kiosk.until(() => kiosk.heard.slice(before).some(({ name }) => name === 'line:kiosk-snapshot'));
    await kiosk.must('help:call', {});
    await kiosk.until(({ help }) => help);
    const since = kiosk.heard.slice(kiosk.heard.findLastIndex(({ name }) => name === 'line:kiosk-snapshot'));
    expect(since.map(({ seq }) => seq)).toEqual(since.map((_, i) => i));
    expect(since[0]?.data).toMatchObject({ case: { at: 'alone' }, demo: true });
  });

  test('what is shown after many notices is what a new snapshot shows', async () => {
    const lab = await startLab();
    const { kiosk, agent, caseId } = await inCall(lab);
    await agent.must('case:propose', { caseId, summary: 'as said' });
    await kiosk.must('case:confirm', { caseId, agreed: true });
    await agent.must('case:tick', { caseId, step: 'identify', done: true });
    await agent.until(({ case: one, board }) => one?.at === 'confirmed' && one.ticked.length === 1 && board?.inCall);
    await kiosk.until(({ case: one }) => one?.at === 'confirmed');
    for (const client of [kiosk, agent]) {
      const { now: _, ...shown } = client.shown;
      await client.open();
      const { now: __, ...fresh } = client.shown;
      // The reload itself was a loss and a return; all else is as it was.
      expect({ ...fresh, call: null }).toEqual({ ...shown, call: null });
    }
  });

  test('a new case at the kiosk closes the unfinished one and takes its ticket out', async () => {
    const lab = await startLab();
    const kiosk = await lab.kiosk();
    await joinQueue(kiosk);
    await kiosk.must('case:start', { serviceId: TALK, language: 'en', print: 'large' });
    await kiosk.until(({ case: one, ticket }) => one?.at === 'consent' && !ticket);
    expect((await lab.journal({ kind: 'case.closed' }))[0]?.data).toMatchObject({ reason: 'replaced' });
    expect(await lab.journal({ kind: 'queue.left' })).toHaveLength(1);
  });
});
