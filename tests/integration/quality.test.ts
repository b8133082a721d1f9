import { randomUUID } from 'node:crypto';
import {
  MAX_QUALITY_SAMPLES,
  QUALITY_LATE_MS,
  QUALITY_SLOT_MS,
  type CallId,
  type CallQuality,
  type EndedCallsPage,
  type QualitySample,
} from '@openvtm/protocol';
import { expect, test, vi } from 'vitest';
import { startLab, type Lab } from './lab/index.ts';
import type { LabStaff } from './lab/staff.ts';
import { qualitySample } from './lab/samples.ts';
import { finishCall, startCall } from './lab/stories.ts';

const BRANCH = '00000000-0000-4000-8000-000000000001';
const SECOND = 1_000;
const BAD: Partial<QualitySample> = {
  lossIn: 25,
  concealed: 25,
  frozenMs: 2_500,
  framesPerSecond: 3,
  roundTripMs: 420,
};

async function inCall() {
  const lab = await startLab();
  const kiosk = await lab.kiosk();
  const agent = await lab.readyAgent('li.na');
  return { lab, kiosk, agent, ...(await startCall({ kiosk, agent })) };
}
/** The samples of the last `count` times five seconds. */
const lately = (lab: Lab, count: number, changes: Partial<QualitySample> = {}) => {
  const slot = Math.floor(lab.clock.now() / QUALITY_SLOT_MS);
  return Array.from({ length: count }, (_, i) => qualitySample({ slot: slot - count + i, ...changes }));
};
const rowsOf = async (lab: Lab, callId: string) => {
  const { rows } = await lab.database.pool.query<{ role: string; slot: number; score: number }>(
    'select role, slot, score from quality.sample where call_id = $1 order by role, slot',
    [callId],
  );
  return rows;
};
const read = async <T>(lab: Lab, reader: LabStaff, path: string): Promise<T> =>
  lab.http.json('GET', path, { token: await reader.token() });
const summedUp = (lab: Lab, reader: LabStaff, callId: string, samples: number) =>
  vi.waitUntil(
    async () => {
      const found = await lab.http.send('GET', `/api/quality/calls/${callId}`, { token: await reader.token() });
      const quality = found.ok ? ((await found.json()) as CallQuality) : null;
      return quality && quality.sides.reduce((sum, { summary }) => sum + summary.samples, 0) === samples && quality;
    },
    { timeout: 15_000, interval: 200 },
  );

test('each side’s samples are kept once, however often they are told, and sum up to the call’s quality', async () => {
  const { lab, kiosk, agent, callId } = await inCall();
  lab.clock.jump(40 * SECOND);
  await agent.must('call:hold', { callId });
  await agent.must('call:resume', { callId });
  const samples = [...lately(lab, 6).slice(0, 5), ...lately(lab, 1, BAD)];
  expect(await kiosk.must('quality:report', { callId, samples: samples.slice(0, 4) })).toEqual({ kept: 4 });
  // The answer was lost: the same again with the next, and once more changed, which changes nothing.
  expect(await kiosk.must('quality:report', { callId, samples })).toEqual({ kept: 2 });
  const worse = samples.map((one) => ({ ...one, ...BAD }));
  expect(await kiosk.must('quality:report', { callId, samples: worse })).toEqual({ kept: 0 });
  const both = await Promise.all([1, 2].map(() => agent.must('quality:report', { callId, samples: lately(lab, 6) })));
  expect(both.reduce((sum, { kept }) => sum + kept, 0)).toBe(6);
  expect((await rowsOf(lab, callId)).map(({ role }) => role)).toEqual([
    ...Array.from({ length: 6 }, () => 'agent'),
    ...Array.from({ length: 6 }, () => 'customer'),
  ]);
  // Nothing of it is in the journal, and no answer is kept.
  expect(await lab.journal({ kind: 'quality' })).toEqual([]);

  await finishCall(agent, callId);
  lab.clock.jump(5 * SECOND);
  const supervisor = await lab.staff('chen.jing', { line: false });
  const quality = await summedUp(lab, supervisor, callId, 12);
  const [customer, agentSide] = quality.sides;
  expect(customer?.summary).toMatchObject({ role: 'customer', name: '', samples: 6, frozenSeconds: 3, cutSeconds: 0 });
  expect(agentSide?.summary).toMatchObject({ role: 'agent', name: '李娜', lossPercent: 0, roundTripMs: 30 });
  expect(agentSide?.summary.score).toBeGreaterThan(4.2);
  expect(customer?.summary.score).toBeLessThan(agentSide?.summary.score ?? 0);
  expect(customer?.timeline.map(({ slot }) => slot)).toEqual(samples.map(({ slot }) => slot));
  expect(customer?.timeline.at(-1)?.score).toBeLessThan(2);
  expect(quality.events.map(({ is }) => is)).toEqual(['held', 'resumed']);
  expect(quality.call.scores).toEqual({
    customer: customer?.summary.score,
    agent: agentSide?.summary.score,
    call: customer?.summary.score,
  });
});

test('only who is in a call tells of it, only of its own time, and a little after its end', async () => {
  const { lab, kiosk, agent, callId } = await inCall();
  const other = await lab.readyAgent('wang.wei');
  const otherKiosk = await lab.kiosk(2);
  const supervisor = await lab.staff('chen.jing');
  for (const one of [other, otherKiosk, supervisor])
    expect(await one.ask('quality:report', { callId, samples: lately(lab, 1) })).toMatchObject({
      error: { code: 'not-allowed' },
    });
  expect(await kiosk.ask('quality:report', { callId: randomUUID() as CallId, samples: lately(lab, 1) })).toMatchObject({
    error: { code: 'not-allowed' },
  });
  const now = Math.floor(lab.clock.now() / QUALITY_SLOT_MS);
  const outside = [now - 1_000, now + 3].map((slot) => qualitySample({ slot }));
  expect(await kiosk.must('quality:report', { callId, samples: outside })).toEqual({ kept: 0 });

  // Somebody who attends is in it, too, and as what they are.
  await supervisor.must('call:attend', { callId, mode: 'listening', reason: 'quality' });
  lab.clock.jump(10 * SECOND);
  expect(await supervisor.must('quality:report', { callId, samples: lately(lab, 1) })).toEqual({ kept: 1 });
  expect(await rowsOf(lab, callId)).toMatchObject([{ role: 'supervisor' }]);
  await supervisor.must('call:leave', { callId });

  lab.clock.jump(30 * SECOND);
  const late = lately(lab, 6);
  await finishCall(agent, callId);
  lab.clock.jump(5 * SECOND);
  const before = await summedUp(lab, supervisor, callId, 1);
  expect(before.call.scores.customer).toBeNull();
  // The kiosk's line was lost: its minutes come after the call, and count.
  lab.clock.jump(QUALITY_LATE_MS - 60 * SECOND);
  expect(await kiosk.must('quality:report', { callId, samples: late })).toEqual({ kept: 6 });
  const after = await summedUp(lab, supervisor, callId, 7);
  expect(after.call.scores.customer).toBeGreaterThan(4);
  lab.clock.jump(60 * SECOND);
  expect(await kiosk.ask('quality:report', { callId, samples: late })).toMatchObject({
    error: { code: 'not-allowed' },
  });
});

test('what is out of range is refused, whole', async () => {
  const { lab, kiosk, callId } = await inCall();
  const [one = qualitySample({ slot: 1 })] = lately(lab, 1);
  const wrong: unknown[] = [
    [],
    [one, one],
    [one, { ...one, slot: one.slot - 1, lossIn: 101 }],
    [{ ...one, lossIn: -1 }],
    [{ ...one, concealed: 'much' }],
    [{ ...one, roundTripMs: 60_001 }],
    [{ ...one, roundTripMs: 1.5 }],
    [{ ...one, frozenMs: QUALITY_SLOT_MS + 1 }],
    [{ ...one, framesPerSecond: 241 }],
    [{ ...one, kbpsIn: null }],
    [{ ...one, slot: '1' }],
    [{ ...one, cut: 0 }],
    [{ slot: one.slot }],
    Array.from({ length: MAX_QUALITY_SAMPLES + 1 }, (_, i) => ({ ...one, slot: one.slot - i })),
  ];
  for (const samples of wrong)
    expect([samples, await kiosk.say('quality:report', { callId, samples }, { id: randomUUID() })]).toMatchObject([
      samples,
      { error: { code: 'bad-request' } },
    ]);
  expect(await rowsOf(lab, callId)).toEqual([]);
});

/** Ended calls of the demonstration's branch as they are after some days: a minute each, an hour apart. */
async function past(lab: Lab, { count, score }: { count: number; score: number }) {
  await lab.database.pool.query(
    `insert into quality.call (call_id, kiosk_id, staff_id, started_at, ended_at, reason, branch_id, score, customer_score,
        agent_score, customer_samples, due)
      select gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), $1::bigint - n::bigint * 3600000 - 60000,
        $1::bigint - n::bigint * 3600000, 'agent-ended', $2, $3 + (n % 5) * 0.02, $3 + (n % 5) * 0.02, 4.4, 12, false
      from generate_series(1, $4::int) n`,
    [lab.clock.now(), BRANCH, score, count],
  );
}

test('a branch whose running call is clearly worse than its usual raises an alert, once, which goes when the link is well again', async () => {
  const lab = await startLab();
  await past(lab, { count: 30, score: 4.3 });
  const kiosk = await lab.kiosk();
  const agent = await lab.readyAgent('li.na');
  const branch = await lab.staff('zhang.min');
  const supervisor = await lab.staff('chen.jing');
  const { callId } = await startCall({ kiosk, agent });
  lab.clock.jump(60 * SECOND);
  await kiosk.must('quality:report', { callId, samples: lately(lab, 7, BAD) });
  lab.clock.jump(1 * SECOND);
  const [alert] = await branch.until(({ alerts }) => alerts.length > 0 && alerts, { withinMs: 20_000 });
  expect(alert).toMatchObject({
    branchId: BRANCH,
    by: 'running',
    troubles: ['loss', 'delay', 'frozen'],
    lossPercent: 25,
    roundTripMs: 420,
    frozenPercent: 50,
    usual: { score: 4.3, calls: 27 },
  });
  expect(alert?.score).toBeLessThan(2.5);
  expect(alert?.latest).toHaveLength(20);
  await supervisor.until(({ alerts }) => alerts.length > 0);
  expect(supervisor.shown.alerts).toEqual(branch.shown.alerts);
  expect(agent.shown.alerts).toEqual([]);
  branch.leave();
  await branch.open();
  expect(branch.shown.alerts).toHaveLength(1);
  const metrics = await (await lab.http.send('GET', '/metrics')).text();
  expect(metrics).toMatch(/^openvtm_links_worse 1$/m);
  expect(metrics).toMatch(/^openvtm_call_quality_score\{side="customer"\} [12]\./m);

  // Half a minute that is better is no end of it; three minutes are.
  lab.clock.jump(60 * SECOND);
  await kiosk.must('quality:report', { callId, samples: lately(lab, 7) });
  lab.clock.jump(11 * SECOND);
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  expect(branch.shown.alerts).toHaveLength(1);
  lab.clock.jump(200 * SECOND);
  await kiosk.must('quality:report', { callId, samples: lately(lab, 36) });
  await branch.until(({ alerts }) => alerts.length === 0, { withinMs: 20_000 });
  await supervisor.until(({ alerts }) => alerts.length === 0);

  const told = await lab.journal({ kind: 'quality' });
  expect(told.map(({ kind, about }) => [kind, about])).toEqual([
    ['quality.alert-raised', { branchId: BRANCH }],
    ['quality.alert-cleared', { branchId: BRANCH }],
  ]);
  expect(told[0]?.data).toMatchObject({ by: 'running', usual: 4.34, usualCalls: 27, lossPercent: 25 });
  expect(Number(told[1]?.data['lastedMs'])).toBeGreaterThan(200 * SECOND);
});

test('a branch without a past is told of only below what is bad for any branch', async () => {
  const lab = await startLab();
  const kiosk = await lab.kiosk();
  const agent = await lab.readyAgent('li.na');
  const branch = await lab.staff('zhang.min');
  const { callId } = await startCall({ kiosk, agent });
  lab.clock.jump(60 * SECOND);
  await kiosk.must('quality:report', { callId, samples: lately(lab, 7, { lossIn: 6, concealed: 6, frozenMs: 400 }) });
  lab.clock.jump(11 * SECOND);
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  expect(branch.shown.alerts).toEqual([]);
  lab.clock.jump(60 * SECOND);
  await kiosk.must('quality:report', { callId, samples: lately(lab, 7, { cut: true }) });
  const [alert] = await branch.until(({ alerts }) => alerts.length > 0 && alerts, { withinMs: 20_000 });
  expect(alert).toMatchObject({ usual: null, score: 1, troubles: ['cut'], latest: [] });
});

test('two bad ones of the latest three calls raise an alert, too, and a call that ends with a dying process is summed up by the next one', async () => {
  const lab = await startLab();
  await past(lab, { count: 12, score: 4.3 });
  const kiosk = await lab.kiosk();
  const agent = await lab.readyAgent('li.na');
  const branch = await lab.staff('zhang.min');
  for (let n = 0; n < 2; n += 1) {
    const { caseId, callId } = await startCall({ kiosk, agent });
    lab.clock.jump(40 * SECOND);
    await kiosk.must('quality:report', { callId, samples: lately(lab, 4, BAD) });
    await finishCall(agent, callId);
    await kiosk.until(({ case: one }) => one?.at === 'rating');
    await kiosk.must('case:abandon', { caseId, reason: 'cancelled' });
    await kiosk.until(({ case: one }) => one === null);
    lab.clock.jump(40 * SECOND);
    // The last one is not summed up before the end of the process.
    if (n === 1) await lab.restart();
  }
  await branch.open();
  const [alert] = await branch.until(({ alerts }) => alerts.length > 0 && alerts, { withinMs: 20_000 });
  expect(alert).toMatchObject({ by: 'calls', usual: { calls: 11 } });
});

test('ended calls are read by those who may, page by page without a gap, by day, branch and agent', async () => {
  const { lab, agent, callId } = await inCall();
  await past(lab, { count: 12_000, score: 4.2 });
  await lab.database.pool.query('analyze quality.call');
  await finishCall(agent, callId);
  lab.clock.jump(5 * SECOND);
  const statuses: Record<string, number> = {};
  for (const username of ['li.na', 'zhang.min', 'chen.jing', 'zhao.lei', 'liu.yang', 'admin']) {
    const token = await (await lab.staff(username, { line: false })).token();
    statuses[username] = (await lab.http.send('GET', '/api/quality/calls', { token })).status;
    expect((await lab.http.send('GET', `/api/quality/calls/${callId}`, { token })).status).toBe(statuses[username]);
  }
  expect(statuses).toEqual({
    'li.na': 403,
    'zhang.min': 403,
    'chen.jing': 200,
    'zhao.lei': 403,
    'liu.yang': 200,
    admin: 403,
  });
  const inspector = await lab.staff('liu.yang', { line: false });
  await vi.waitUntil(
    async () => {
      const { rows } = await lab.database.pool.query('select 1 from quality.call where call_id = $1 and not due', [
        callId,
      ]);
      return rows.length > 0;
    },
    { timeout: 15_000, interval: 100 },
  );

  const found: string[] = [];
  let after: string | null = '';
  for (let page = 0; page < 5 && after !== null; page += 1) {
    const query = new URLSearchParams({ limit: '200', branch: BRANCH, ...(after === '' ? {} : { after }) });
    const answer: EndedCallsPage = await read(lab, inspector, `/api/quality/calls?${query}`);
    expect(answer.choices === null).toBe(page > 0);
    found.push(...answer.calls.map((one) => one.callId));
    after = answer.next;
  }
  expect(new Set(found).size).toBe(1_000);
  expect(found[0]).toBe(callId);

  const mine: EndedCallsPage = await read(lab, inspector, `/api/quality/calls?agent=${agent.staffId}`);
  expect(mine.calls).toMatchObject([
    { callId, reason: 'agent-ended', agent: { name: '李娜' }, branch: { branchId: BRANCH }, scores: { call: null } },
  ]);
  expect(mine.next).toBeNull();
  expect(mine.choices?.agents).toContainEqual({ staffId: agent.staffId, name: '李娜' });
  const now = lab.clock.now();
  const day = 24 * 3_600_000;
  const ofDay: EndedCallsPage = await read(
    lab,
    inspector,
    `/api/quality/calls?from=${now - 2 * day}&until=${now - day}`,
  );
  expect(ofDay.calls).toHaveLength(24);
  const nobody: EndedCallsPage = await read(lab, inspector, `/api/quality/calls?branch=${randomUUID()}`);
  expect(nobody).toMatchObject({ calls: [], next: null });
  const token = await inspector.token();
  for (const query of ['limit=0', 'limit=201', 'after=x', 'branch=1', 'from=x', 'agent=%00'])
    expect([query, (await lab.http.send('GET', `/api/quality/calls?${query}`, { token })).status]).toEqual([
      query,
      400,
    ]);
  expect((await lab.http.send('GET', `/api/quality/calls/${randomUUID()}`, { token })).status).toBe(404);

  for (const where of ['', `branch_id = '${BRANCH}' and`, `staff_id = '${agent.staffId}' and`]) {
    const { rows } = await lab.database.pool.query<{ 'QUERY PLAN': string }>(
      `explain select * from quality.call where ${where} (ended_at, call_id) < ($1, $2) order by ended_at desc, call_id desc limit 50`,
      [now, randomUUID()],
    );
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
    expect(plan).toContain('Index');
    expect(plan).not.toContain('Seq Scan');
  }
});

test('samples are forgotten after four weeks, and what they summed up to stays', async () => {
  const { lab, kiosk, agent, callId } = await inCall();
  lab.clock.jump(30 * SECOND);
  await kiosk.must('quality:report', { callId, samples: lately(lab, 5) });
  await finishCall(agent, callId);
  lab.clock.jump(5 * SECOND);
  const supervisor = await lab.staff('chen.jing', { line: false });
  await summedUp(lab, supervisor, callId, 5);
  lab.clock.jump(29 * 24 * 3_600 * SECOND);
  await vi.waitUntil(async () => (await rowsOf(lab, callId)).length === 0, { timeout: 15_000, interval: 200 });
  const again = await lab.staff('liu.yang', { line: false });
  const quality: CallQuality = await read(lab, again, `/api/quality/calls/${callId}`);
  expect(quality.sides).toMatchObject([{ summary: { samples: 5 }, timeline: [] }]);
});
