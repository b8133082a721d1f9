import type { Explanation, QueueRules, RulesInForce } from '@openvtm/protocol';
import { describe, expect, test } from 'vitest';
import { startLab, type Lab } from './lab/index.ts';
import { joinQueue, LOST_CARD, ringing, startCall } from './lab/stories.ts';

const SECOND = 1_000;
type Loose = ReturnType<typeof JSON.parse>;

const inForce = async (lab: Lab): Promise<RulesInForce> => {
  const admin = await lab.staff('admin', { line: false });
  return lab.http.json('GET', '/api/queue-rules', { token: await admin.token() });
};
/** An administrator puts changed rules in force. */
async function change(lab: Lab, edit: (rules: Loose) => void): Promise<Response> {
  const { text, version } = await inForce(lab);
  const rules: Loose = JSON.parse(text);
  edit(rules);
  const admin = await lab.staff('admin', { line: false });
  return lab.http.send('PUT', '/api/queue-rules', {
    token: await admin.token(),
    body: { text: JSON.stringify(rules, null, 2), basedOn: version },
  });
}
const personal = (rules: Loose): QueueRules['queues'][number] => rules.queues[1];
/** Closed today and tomorrow, whatever the hour of the test. */
const closed = (lab: Lab) => {
  const day = (offset: number) =>
    new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai' }).format(lab.clock.now() + offset * 86_400_000);
  return [0, 1].map((offset) => ({ date: day(offset), title: { 'zh-CN': '休息', en: 'Closed' }, hours: [] }));
};

describe('rules that change while customers wait', () => {
  test('hold at once, for those who wait too, and no ticket is lost', async () => {
    const lab = await startLab();
    const [first, second] = [await lab.kiosk(1), await lab.kiosk(2)];
    // Nobody who speaks English is there, and the shipped rules never give up the language.
    const chinese = await lab.readyAgent('wang.wei');
    const { ticketId } = await joinQueue(first, { language: 'en' });
    const other = await joinQueue(second, { language: 'en' });
    await first.until(({ ticket }) => ticket?.shut?.is === 'nobody');
    const answer = await change(lab, (rules) => {
      personal(rules).steps = [
        { seconds: 30, lowerBy: 0, without: [], anyLanguage: false },
        { seconds: null, lowerBy: 0, without: [], anyLanguage: true },
      ];
    });
    expect([answer.status, await answer.json()]).toEqual([200, { version: 1 }]);
    // The first step is skipped, for nobody on duty could fulfil it.
    const offer = await ringing(chinese);
    expect(offer.ticketId).toBe(ticketId);
    expect(offer.why).toMatchObject({ step: 1, fits: 1, preferred: false });
    expect(second.shown.ticket).toMatchObject({ ticketId: other.ticketId, at: 'waiting' });
    expect((await lab.journal({ kind: 'queue.rules-changed' })).at(-1)?.data).toEqual({ version: 1 });
    await lab.restart();
    expect((await inForce(lab)).version).toBe(1);
  });

  test('what is wrong is named with its line, and the old rules stay; who was too late is told', async () => {
    const lab = await startLab();
    const before = await inForce(lab);
    expect(before).toMatchObject({ version: 0, at: null, by: null });
    const flawed = await change(lab, (rules) => {
      personal(rules).overflow = { nobody: 'corporate' };
      rules.queues[0].overflow = { nobody: 'personal' };
    });
    expect(flawed.status).toBe(400);
    expect(await flawed.json()).toMatchObject({
      flaws: [{ line: expect.any(Number), words: expect.stringContaining('overflow goes round') }],
    });
    expect(await inForce(lab)).toEqual(before);
    expect((await change(lab, () => undefined)).status).toBe(200);
    const admin = await lab.staff('admin', { line: false });
    const late = await lab.http.send('PUT', '/api/queue-rules', {
      token: await admin.token(),
      body: { text: before.text, basedOn: 0 },
    });
    expect(await lab.http.refusal(late)).toEqual({ status: 409, code: 'conflict' });
    const [one, two] = await Promise.all([change(lab, () => undefined), change(lab, () => undefined)]);
    expect(new Set([one?.status, two?.status])).toEqual(new Set([200, 409]));
  });

  test('are changed by administrators only, and read by supervisors', async () => {
    const lab = await startLab();
    const status = async (who: string, method: string, path = '', body?: unknown) => {
      const person = await lab.staff(who, { line: false });
      const options = { token: await person.token(), ...(body === undefined ? {} : { body }) };
      return (await lab.http.send(method, `/api/queue-rules${path}`, options)).status;
    };
    const change = { text: '{}', basedOn: 0 };
    expect(await status('li.na', 'GET')).toBe(403);
    expect(await status('chen.jing', 'GET')).toBe(200);
    expect(await status('chen.jing', 'PUT', '', change)).toBe(403);
    expect(await status('chen.jing', 'POST', '/check', { text: '{}' })).toBe(403);
    expect(await status('admin', 'PUT', '', change)).toBe(400);
    expect(await status('admin', 'POST', '/check', { text: 'not JSON' })).toBe(200);
    expect((await lab.http.send('GET', '/api/queue-rules')).status).toBe(401);
  });
});

describe('a queue', () => {
  test('that is closed says so at once with its next opening, and serves when it opens', async () => {
    const lab = await startLab();
    await change(lab, (rules) => {
      personal(rules).holidays = closed(lab);
    });
    const agent = await lab.readyAgent('li.na');
    const kiosk = await lab.kiosk();
    await joinQueue(kiosk);
    const { shut, choices, wait } = await kiosk.until(({ ticket }) => ticket);
    expect(shut).toMatchObject({ is: 'closed' });
    expect(shut?.is === 'closed' && (shut.opensAt ?? 0)).toBeGreaterThan(lab.clock.now());
    expect(wait).toBeNull();
    expect(choices).toEqual(['self-service', 'appointment', 'call-back', 'branch-staff']);
    expect(agent.shown.agent?.at).toBe('ready');
    await change(lab, (rules) => {
      personal(rules).holidays = [];
    });
    await ringing(agent);
  });

  test('that nobody can serve overflows into another, which is told to who asks why', async () => {
    const lab = await startLab();
    await change(lab, (rules) => {
      rules.queues.push({
        ...personal(rules),
        id: 'anybody',
        families: [],
        steps: [{ seconds: null, without: 'all', anyLanguage: true }],
      });
      personal(rules).overflow = { nobody: 'anybody' };
    });
    const agent = await lab.readyAgent('wang.wei');
    const kiosk = await lab.kiosk();
    const { ticketId } = await joinQueue(kiosk, { language: 'en' });
    await ringing(agent);
    const explained: Explanation = await agent.must('queue:explain', { ticketId });
    expect(explained.left).toEqual([{ queue: expect.objectContaining({ en: 'Personal banking' }), why: 'nobody' }]);
    expect((await lab.journal({ kind: 'queue.overflowed' }))[0]?.data).toMatchObject({
      from: 'personal',
      to: 'anybody',
    });
  });

  test('in which a customer waits too long offers other ways, and is quiet again when the customer waits on', async () => {
    const lab = await startLab();
    await change(lab, (rules) => {
      personal(rules).maxWaitSeconds = 60;
    });
    const kiosk = await lab.kiosk();
    const busy = await lab.readyAgent('li.na');
    await startCall({ kiosk: await lab.kiosk(2), agent: busy });
    const { caseId } = await joinQueue(kiosk);
    expect(await kiosk.until(({ ticket }) => ticket)).toMatchObject({ overdue: false, choices: [], shut: null });
    lab.clock.jump(61 * SECOND);
    const { choices } = await kiosk.until(({ ticket }) => ticket?.overdue && ticket);
    expect(choices).toContain('wait-on');
    await kiosk.must('queue:wait-on', { caseId });
    await kiosk.until(({ ticket }) => ticket && !ticket.overdue && ticket.choices.length === 0);
    lab.clock.jump(61 * SECOND);
    await kiosk.until(({ ticket }) => ticket?.overdue);
  });
});

describe('who is asked', () => {
  test('a licence never loosens, however long the customer waits', async () => {
    const lab = await startLab();
    const unlicensed = await lab.readyAgent('li.na');
    const kiosk = await lab.kiosk();
    await joinQueue(kiosk, { service: 'explain-insurance' as typeof LOST_CARD });
    lab.clock.jump(3_600 * SECOND);
    await kiosk.until(({ ticket }) => ticket?.overdue);
    expect(unlicensed.shown.agent?.at).toBe('ready');
    const licensed = await lab.readyAgent('chen.jing');
    await ringing(licensed);
  });

  test('the agent of before is asked first when a call that broke off comes back, and it goes before others', async () => {
    const lab = await startLab();
    const kiosk = await lab.kiosk();
    const mine = await lab.readyAgent('li.na');
    const { callId, caseId } = await startCall({ kiosk, agent: mine }, { service: LOST_CARD });
    const idle = await lab.readyAgent('chen.jing');
    await lab.lose(mine);
    lab.clock.jump(91 * SECOND);
    await kiosk.until(({ case: one }) => one?.at === 'alone');
    await mine.open();
    await mine.must('queue:wrap-up', { callId, outcome: 'technical-problem', note: '', then: 'ready' });
    await kiosk.must('queue:join', { caseId });
    const offer = await ringing(mine);
    expect(offer.why).toMatchObject({ preferred: true, step: null });
    expect(idle.shown.agent?.at).toBe('ready');
    // The call broke off: the customer goes before others.
    const { score } = await mine.must('queue:explain', { ticketId: offer.ticketId });
    expect(score.parts.handBack).toBe(300);
  });

  test('a customer who comes back within two minutes has the old place', async () => {
    const lab = await startLab();
    const kiosk = await lab.kiosk();
    const { caseId } = await joinQueue(kiosk);
    const { joinedAt } = await kiosk.until(({ ticket }) => ticket);
    await kiosk.must('queue:leave', { caseId });
    lab.clock.jump(100 * SECOND);
    await kiosk.must('queue:join', { caseId });
    expect((await kiosk.until(({ ticket }) => ticket)).joinedAt).toBe(joinedAt);
    await kiosk.must('queue:leave', { caseId });
    lab.clock.jump(121 * SECOND);
    await kiosk.must('queue:join', { caseId });
    expect((await kiosk.until(({ ticket }) => ticket)).joinedAt).toBeGreaterThan(joinedAt);
  });
});

describe('wrap-up', () => {
  test('without one the agent is ready at once', async () => {
    const lab = await startLab();
    await change(lab, (rules) => {
      rules.wrapUp = { mode: 'none', seconds: null };
    });
    const agent = await lab.readyAgent('li.na');
    const { callId } = await startCall({ kiosk: await lab.kiosk(), agent });
    await agent.must('call:end', { callId });
    await agent.until(({ agent: state }) => state?.at === 'ready');
    expect((await lab.journal({ kind: 'queue.agent-moved' })).at(-1)?.data).toMatchObject({
      from: 'in-call',
      to: 'ready',
    });
  });

  test('by the clock it ends of itself; optional, it needs no outcome; else it does', async () => {
    const lab = await startLab();
    await change(lab, (rules) => {
      rules.wrapUp = { mode: 'timed', seconds: 30 };
    });
    const agent = await lab.readyAgent('li.na');
    const kiosk = await lab.kiosk();
    const first = await startCall({ kiosk, agent }, { service: LOST_CARD });
    await kiosk.must('call:end', { callId: first.callId });
    const state = await agent.until(({ agent: now }) => now?.at === 'wrap-up' && now);
    expect(state).toMatchObject({ rule: { mode: 'timed', seconds: 30 } });
    const nothing = { outcome: null, note: '', then: 'ready' } as const;
    expect(await agent.ask('queue:wrap-up', { callId: first.callId, ...nothing })).toMatchObject({
      error: { code: 'invalid-value' },
    });
    lab.clock.jump(31 * SECOND);
    await agent.until(({ agent: now }) => now?.at === 'ready');
    await change(lab, (rules) => {
      rules.wrapUp = { mode: 'optional', seconds: null };
    });
    const caseId = kiosk.shown.case?.caseId;
    if (!caseId) throw new Error('the case is gone');
    await kiosk.until(({ case: one }) => one?.at === 'alone');
    await kiosk.must('queue:join', { caseId });
    const { offerId } = await ringing(agent);
    const { callId } = await agent.must('call:accept', { offerId });
    await agent.must('call:end', { callId });
    await agent.must('queue:wrap-up', { callId, ...nothing });
    await agent.until(({ agent: now }) => now?.at === 'ready');
  });
});

test('an agent who misses two offers is away, and rests between', async () => {
  const lab = await startLab();
  await change(lab, (rules) => {
    rules.offers.awayAfter = 2;
  });
  const agent = await lab.readyAgent('li.na');
  await joinQueue(await lab.kiosk());
  const first = await ringing(agent);
  lab.clock.jump(21 * SECOND);
  await agent.until(({ agent: state }) => state?.at === 'ready');
  lab.clock.jump(31 * SECOND);
  await ringing(agent, first.offerId);
  lab.clock.jump(21 * SECOND);
  const away = await agent.until(({ agent: state }) => state?.at === 'break' && state);
  expect(away.reason).toBe('missed-offer');
});

describe('the board and the explanation', () => {
  test('show supervisors the queue, its figures and why each ticket waits; an agent learns of own offers only', async () => {
    const lab = await startLab();
    const supervisor = await lab.staff('chen.jing');
    const [kiosk, behind] = [await lab.kiosk(1), await lab.kiosk(2)];
    const agent = await lab.readyAgent('li.na');
    await startCall({ kiosk, agent });
    const { ticketId } = await joinQueue(behind, { service: LOST_CARD });
    const board = await supervisor.must('queue:board', {});
    const queue = board.queues.find(({ queueId }) => queueId === 'personal');
    expect(queue).toMatchObject({ waiting: 1, onDuty: 1, free: 0, closed: null });
    expect(board.all).toMatchObject({ came: 2, answered: 1, abandoned: 0, sl: 100, sl2: 100, reOffers: 0 });
    expect(board.tickets).toMatchObject([{ ticketId, queueId: 'personal', at: 'waiting', absent: false }]);
    expect(board.agents).toMatchObject([{ name: '李娜', at: 'in-call' }]);
    const explained = await supervisor.must('queue:explain', { ticketId });
    expect(explained).toMatchObject({ why: 'busy', state: 'waiting', ahead: 0, offers: [] });
    const { total, parts } = explained.score;
    expect(Object.values(parts).reduce((sum, part) => sum + part, 0)).toBeCloseTo(total, 6);
    expect(explained.steps.map(({ state }) => state)).toEqual(['in-force', 'to-come', 'to-come']);
    expect(explained.next[0]).toMatchObject({ is: 'step' });
    expect(await agent.ask('queue:explain', { ticketId })).toMatchObject({ error: { code: 'not-found' } });
    expect(await agent.ask('queue:board', {})).toMatchObject({ error: { code: 'bad-request' } });
    const metrics = await (await lab.http.send('GET', '/metrics')).text();
    expect(metrics).toContain('openvtm_queue_today_service_level_ratio{queue="personal"} 1');
    expect(metrics).toContain('openvtm_queue_today_came{queue="all"} 2');
  });
});
