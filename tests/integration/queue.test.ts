import { describe, expect, test } from 'vitest';
import { startLab } from './lab/index.ts';
import { joinQueue, ringing, startCase } from './lab/stories.ts';

const SECOND = 1_000;

test('the only agent declines: the customer keeps the place, and after a pause the agent is asked again', async () => {
  const lab = await startLab();
  const kiosk = await lab.kiosk();
  const agent = await lab.readyAgent('li.na');
  const { ticketId } = await joinQueue(kiosk);
  const { offerId } = await ringing(agent);
  const { joinedAt } = await kiosk.until(({ ticket }) => ticket?.at === 'coming' && ticket);
  await agent.must('queue:decline', { offerId, reason: 'need-a-minute' });
  await agent.until(({ agent: state }) => state?.at === 'ready');
  expect(await kiosk.until(({ ticket }) => ticket?.at === 'waiting' && ticket)).toMatchObject({
    ticketId,
    joinedAt,
    position: 1,
  });
  lab.clock.jump(31 * SECOND);
  await ringing(agent, offerId);
});

test('one agent declines: the next one is asked at once', async () => {
  const lab = await startLab();
  const kiosk = await lab.kiosk();
  const first = await lab.readyAgent('li.na');
  await joinQueue(kiosk);
  const { offerId } = await ringing(first);
  const second = await lab.readyAgent('wang.wei');
  await first.must('queue:decline', { offerId, reason: 'conflict-of-interest' });
  expect((await ringing(second)).offerId).not.toBe(offerId);
});

test('an offer that nobody answers expires: the agent is on a visible break, the customer keeps the place', async () => {
  const lab = await startLab();
  const kiosk = await lab.kiosk();
  const agent = await lab.readyAgent('li.na');
  const { ticketId } = await joinQueue(kiosk);
  const { offerId, deadline, madeAt } = await ringing(agent);
  expect(deadline - madeAt).toBe(20 * SECOND);
  lab.clock.jump(21 * SECOND);
  expect(await agent.ask('call:accept', { offerId })).toMatchObject({ ok: false, error: { code: 'offer-gone' } });
  expect(await agent.until(({ agent: state }) => state?.at === 'break' && state)).toMatchObject({
    reason: 'missed-offer',
  });
  await kiosk.until(({ ticket }) => ticket?.at === 'waiting' && ticket.ticketId === ticketId);
  await agent.must('queue:ready', {});
  lab.clock.jump(31 * SECOND);
  await ringing(agent, offerId);
});

test('a customer who leaves while it rings takes the offer away: the agent is ready again', async () => {
  const lab = await startLab();
  const kiosk = await lab.kiosk();
  const agent = await lab.readyAgent('li.na');
  const { caseId } = await joinQueue(kiosk);
  const { offerId } = await ringing(agent);
  await kiosk.must('queue:leave', { caseId });
  await agent.until(({ agent: state }) => state?.at === 'ready');
  await kiosk.until(({ ticket, case: one }) => !ticket && one?.at === 'alone');
  expect(await agent.ask('call:accept', { offerId })).toMatchObject({ error: { code: 'offer-gone' } });
  const ended = (await lab.journal({ kind: 'queue.offer-ended' })).at(-1);
  expect(ended?.data).toMatchObject({ how: 'rescinded' });
});

test('a customer who leaves in the very moment in which the offer is made leaves no offer behind', async () => {
  const lab = await startLab();
  const kiosk = await lab.kiosk();
  const agent = await lab.readyAgent('li.na');
  const caseId = await startCase(kiosk);
  for (let round = 0; round < 40; round += 1) {
    const joined = kiosk.must('queue:join', { caseId });
    const left = kiosk.must('queue:leave', { caseId });
    await Promise.all([joined, left]);
  }
  await agent.until(({ agent: state }) => state?.at === 'ready');
  const { rows } = await lab.database.pool.query(
    `select o.id from queue.offer o join queue.ticket t on t.id = o.ticket_id where o.state = 'open' and t.state <> 'offered'`,
  );
  expect(rows).toEqual([]);
});

describe('the order', () => {
  test('who came first is offered first, and sees it by the position', async () => {
    const lab = await startLab();
    const [first, second] = [await lab.kiosk(1), await lab.kiosk(2)];
    await joinQueue(first);
    await joinQueue(second);
    await first.until(({ ticket }) => ticket?.position === 1);
    await second.until(({ ticket }) => ticket?.position === 2);
    const agent = await lab.readyAgent('li.na');
    const { kiosk } = await ringing(agent);
    expect(kiosk.name).toBe(first.shown.kiosk.name);
  });

  test('a ticket goes to an agent who has the skill and speaks the language', async () => {
    const lab = await startLab();
    const kiosk = await lab.kiosk();
    const chinese = await lab.readyAgent('wang.wei');
    await joinQueue(kiosk, { language: 'en' });
    await kiosk.until(({ ticket }) => ticket && ticket.wait === null);
    const english = await lab.readyAgent('emma.brown');
    await ringing(english);
    expect(chinese.shown.agent?.at).toBe('ready');
  });

  test('the agent who has been ready longest is asked first', async () => {
    const lab = await startLab();
    const longest = await lab.readyAgent('wang.wei');
    lab.clock.jump(SECOND);
    const later = await lab.readyAgent('li.na');
    await joinQueue(await lab.kiosk());
    await ringing(longest);
    expect(later.shown.agent?.at).toBe('ready');
  });
});

test('nobody on duty: the ticket says so at once instead of naming minutes', async () => {
  const lab = await startLab();
  const kiosk = await lab.kiosk();
  await joinQueue(kiosk);
  const ticket = await kiosk.until(({ ticket }) => ticket);
  expect(ticket).toMatchObject({ at: 'waiting', position: 1, wait: null });
  await lab.readyAgent('li.na');
  await kiosk.until(({ ticket }) => ticket?.at === 'coming' && ticket.wait !== null);
});

test('joining again while waiting is answered with the same ticket', async () => {
  const lab = await startLab();
  const kiosk = await lab.kiosk();
  const { caseId, ticketId } = await joinQueue(kiosk);
  expect(await kiosk.must('queue:join', { caseId })).toEqual({ ticketId });
});

describe('somebody is away', () => {
  test('a kiosk without a line is offered to nobody, keeps its place, and is offered when it is back', async () => {
    const lab = await startLab();
    const [away, other] = [await lab.kiosk(1), await lab.kiosk(2)];
    const { ticketId } = await joinQueue(away);
    const { joinedAt } = await away.until(({ ticket }) => ticket);
    await lab.lose(away);
    await joinQueue(other);
    const agent = await lab.readyAgent('li.na');
    const offer = await ringing(agent);
    expect(offer.kiosk.name).toBe(other.shown.kiosk.name);
    lab.clock.jump(80 * SECOND);
    await away.open();
    expect(away.shown.ticket).toMatchObject({ ticketId, joinedAt, position: 1 });
    await agent.until(({ agent: state }) => state?.at === 'break');
    await agent.must('queue:ready', {});
    expect((await ringing(agent)).kiosk.name).toBe(away.shown.kiosk.name);
  });

  test('a kiosk that does not come back within 90 s gives its ticket up, and its case is closed', async () => {
    const lab = await startLab();
    const kiosk = await lab.kiosk();
    await joinQueue(kiosk);
    await lab.lose(kiosk);
    lab.clock.jump(91 * SECOND);
    await expect.poll(async () => (await lab.journal({ kind: 'case.closed' })).length).toBe(1);
    expect((await lab.journal({ kind: 'queue.abandoned' }))[0]?.data).toMatchObject({ reason: 'line-lost' });
    await kiosk.open();
    expect(kiosk.shown).toMatchObject({ case: null, ticket: null });
  });

  test('an agent who vanishes while it rings: the next one is asked within 10 s, at the same place', async () => {
    const lab = await startLab();
    const [kiosk, behind] = [await lab.kiosk(1), await lab.kiosk(2)];
    const vanishing = await lab.readyAgent('li.na');
    const { ticketId } = await joinQueue(kiosk);
    await ringing(vanishing);
    await joinQueue(behind);
    const lostAt = lab.clock.now();
    await lab.lose(vanishing);
    const next = await lab.readyAgent('wang.wei');
    const other = await ringing(next);
    expect(other.kiosk.name).toBe(behind.shown.kiosk.name);
    await next.must('queue:decline', { offerId: other.offerId, reason: 'technical-problem' });
    lab.clock.jump(8 * SECOND);
    const offer = await ringing(next, other.offerId);
    expect(offer.kiosk.name).toBe(kiosk.shown.kiosk.name);
    expect(offer.madeAt - lostAt).toBeLessThanOrEqual(10 * SECOND);
    expect(kiosk.shown.ticket).toMatchObject({ ticketId, position: 1 });
  });

  test('an agent who comes back within the 8 s still has the offer', async () => {
    const lab = await startLab();
    const agent = await lab.readyAgent('li.na');
    await joinQueue(await lab.kiosk());
    const { offerId } = await ringing(agent);
    await lab.lose(agent);
    await agent.open();
    expect((await ringing(agent)).offerId).toBe(offerId);
    await agent.must('call:accept', { offerId });
  });

  test('an agent who was given up for lost is off duty, and is asked again once ready again', async () => {
    const lab = await startLab();
    const agent = await lab.readyAgent('li.na');
    await lab.lose(agent);
    lab.clock.jump(9 * SECOND);
    await expect.poll(async () => (await lab.app.parts.queue.agent(agent.staffId))?.at).toBe('offline');
    await agent.open();
    expect(agent.shown.agent?.at).toBe('offline');
    await agent.must('queue:ready', {});
    await joinQueue(await lab.kiosk());
    await ringing(agent);
  });
});

describe("an agent's states", () => {
  test('a break with its reason, back to ready, and off duty', async () => {
    const lab = await startLab();
    const agent = await lab.readyAgent('li.na');
    await agent.must('queue:break', { reason: 'meal' });
    await agent.until(({ agent: state }) => state?.at === 'break' && state.reason === 'meal');
    await joinQueue(await lab.kiosk());
    await agent.must('queue:ready', {});
    const { offerId } = await ringing(agent);
    for (const ask of [
      agent.ask('queue:ready', {}),
      agent.ask('queue:break', { reason: 'break' }),
      agent.ask('queue:sign-off', {}),
    ]) {
      expect(await ask).toMatchObject({ error: { code: 'wrong-state' } });
    }
    await agent.must('queue:decline', { offerId, reason: 'wrong-skill' });
    await agent.must('queue:sign-off', {});
    await agent.until(({ agent: state }) => state?.at === 'offline');
  });

  test('the board counts who waits, who is ready and who talks', async () => {
    const lab = await startLab();
    const agent = await lab.readyAgent('li.na');
    const supervisor = await lab.staff('chen.jing');
    await supervisor.until(({ board }) => board?.ready === 1 && board.waiting === 0);
    await joinQueue(await lab.kiosk());
    await supervisor.until(({ board }) => board?.ready === 0 && board.waiting === 1 && board.longestWaitSince !== null);
    await agent.must('call:accept', { offerId: (await ringing(agent)).offerId });
    const board = await supervisor.until(({ board }) => board?.inCall === 1 && board);
    expect(board).toEqual({ waiting: 0, longestWaitSince: null, ready: 0, inCall: 1 });
  });
});
