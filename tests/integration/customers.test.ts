import { expect, test } from 'vitest';
import type { CustomerView, ServiceCard } from '@openvtm/protocol';
import { startLab, type Lab } from './lab/index.ts';
import { finishCall, LOST_CARD, startCall, startCase } from './lab/stories.ts';

const WHO = { fullName: '王小明', idNumber: '11010519900307005X' };
const UPDATE_ADDRESS = 'update-address' as ServiceCard['id'];
const UPDATE_PHONE = 'update-phone-number' as ServiceCard['id'];

/** A call about a service, its form filled with these values. */
async function inCall(values: Record<string, string> = WHO, service = UPDATE_PHONE, lab?: Lab) {
  const here = lab ?? (await startLab());
  const kiosk = await here.kiosk();
  const agent = await here.readyAgent('li.na');
  const ids = await startCall({ kiosk, agent }, { service });
  const { caseId } = ids;
  for (const [name, value] of Object.entries(values)) await kiosk.must('case:fill', { caseId, name, value });
  await agent.until(({ case: one }) => one?.values.length === Object.keys(values).length);
  const view = () => agent.must('customer:view', { caseId });
  return { lab: here, kiosk, agent, view, ...ids };
}
const known = (view: CustomerView) => {
  if (view.is !== 'known') throw new Error(`the customer is ${view.is}`);
  return view;
};
const simulatorOf = (lab: Lab) => {
  const { coreSimulator } = lab.app.parts;
  if (!coreSimulator) throw new Error('no simulator');
  return coreSimulator;
};

test('an agent sees one view of the customer, masked, and each piece in plain only with a reason in the journal', async () => {
  const { lab, agent, view, caseId } = await inCall();
  const customer = known(await view());
  expect(customer).toMatchObject({
    proved: false,
    simulated: true,
    since: '2012-07-30',
    birthYear: '1990',
    riskLevel: { level: 2, assessedOn: '2025-08-19', expired: true },
    preferences: null,
    past: [],
    accounts: { is: 'here', list: [{ class: '1', state: 'open', cards: [{ kind: 'debit', state: 'active' }] }] },
  });
  expect(customer.products).toMatchObject({
    is: 'here',
    list: [{ kind: 'time-deposit' }, { kind: 'electronic-banking' }],
  });
  const told = JSON.stringify(customer);
  for (const secret of [
    '王小明',
    '13900139001',
    '11010519900307005X',
    '6222021001110003990',
    '金融大街17号',
    '20000.00',
  ])
    expect(told).not.toContain(secret);
  expect(customer.masked).toMatchObject({
    name: expect.stringMatching(/^王•+$/),
    phone: expect.stringMatching(/^•+9001$/),
  });

  const reveal = (piece: 'phone' | 'balances' | 'cards') =>
    agent.must('customer:reveal', { caseId, piece, reason: 'verify-identity' });
  expect(await reveal('phone')).toEqual({ values: [{ key: 'value', value: '13900139001' }] });
  expect((await reveal('balances')).values).toEqual([
    expect.objectContaining({ value: '20000.00' }),
    { key: 'TD-2025-307', value: '20000.00' },
  ]);
  expect((await reveal('cards')).values).toEqual([expect.objectContaining({ value: '6222021001110003990' })]);
  const journal = await lab.journal({ kind: 'customer' });
  expect(journal.map(({ kind, data }) => [kind, data['piece'] ?? null, data['reason'] ?? null])).toEqual([
    ['customer.viewed', null, null],
    ['customer.revealed', 'phone', 'verify-identity'],
    ['customer.revealed', 'balances', 'verify-identity'],
    ['customer.revealed', 'cards', 'verify-identity'],
  ]);
  expect(JSON.stringify(journal)).not.toMatch(/13900139001|20000|6222/);
});

test('nothing of the view is kept, no other agent gets it, and none after the call', async () => {
  const { lab, agent, view, caseId, callId } = await inCall();
  await view();
  await agent.must('customer:reveal', { caseId, piece: 'address', reason: 'customer-asks' });
  const other = await lab.readyAgent('wang.wei');
  expect(await other.ask('customer:view', { caseId })).toMatchObject({ error: { code: 'not-found' } });
  expect(await other.ask('customer:reveal', { caseId, piece: 'phone', reason: 'customer-asks' })).toMatchObject({
    error: { code: 'not-found' },
  });
  expect(await other.ask('customer:take-over', { caseId })).toMatchObject({ error: { code: 'not-found' } });
  await finishCall(agent, callId);
  expect(await agent.ask('customer:view', { caseId })).toMatchObject({ error: { code: 'not-found' } });
  const { rows } = await lab.database.pool.query(`select * from cases.case left join cases.value on case_id = id`);
  expect(JSON.stringify(rows)).not.toMatch(/金融大街|13900139001|6222021001110003990/);
  expect(lab.log.join('')).not.toMatch(/金融大街|13900139001|6222021001110003990/);
});

test('who has said nothing is unnamed, who is not in the core is unknown', async () => {
  const { view, kiosk, caseId } = await inCall({});
  expect(await view()).toEqual({ is: 'unnamed' });
  await kiosk.must('case:fill', { caseId, name: 'fullName', value: '欧阳文心' });
  expect(await view()).toEqual({ is: 'unnamed' });
  await kiosk.must('case:fill', { caseId, name: 'idNumber', value: WHO.idNumber });
  expect(await view()).toEqual({ is: 'unknown' });
});

test('what the bank knows fills the form when the identity is proved, marked as the bank’s, and the customer settles each', async () => {
  const { lab, agent, kiosk, view, caseId } = await inCall();
  expect(known(await view())).toMatchObject({ proved: false, fills: 1 });
  expect(await agent.ask('customer:take-over', { caseId })).toMatchObject({ error: { code: 'wrong-state' } });
  await agent.must('case:tick', { caseId, step: 'identify', done: true });
  expect(known(await view())).toMatchObject({ proved: true, fills: 1 });
  expect(await agent.must('customer:take-over', { caseId })).toEqual({ filled: 1 });
  const atDesk = await agent.until(({ case: one }) => one?.values.find(({ name }) => name === 'oldPhone'));
  // Class C2 stays masked at the desk, whoever entered it.
  expect(atDesk).toMatchObject({
    origin: 'bank',
    masked: true,
    shown: expect.stringMatching(/^•+9001$/),
    settled: false,
  });
  expect(await agent.ask('case:propose', { caseId, summary: 'so be it' })).toMatchObject({
    error: { code: 'wrong-state' },
  });
  const atKiosk = await kiosk.until(({ case: one }) => one?.values.find(({ name }) => name === 'oldPhone'));
  expect(atKiosk).toMatchObject({ value: '13900139001', origin: 'bank', changed: { before: '' } });
  // What the customer does not agree to is not kept.
  await kiosk.must('case:settle', { caseId, name: 'oldPhone', agreed: false, seen: atKiosk.revision });
  await kiosk.until(({ case: one }) => one?.values.every(({ name }) => name !== 'oldPhone'));
  await agent.must('customer:take-over', { caseId });
  const again = await kiosk.until(({ case: one }) => one?.values.find(({ name }) => name === 'oldPhone'));
  await kiosk.must('case:settle', { caseId, name: 'oldPhone', agreed: true, seen: again.revision });
  await agent.until(({ case: one }) => one?.values.find(({ name }) => name === 'oldPhone')?.settled);
  expect(known(await view()).fills).toBe(0);
  expect(JSON.stringify(await lab.journal({ about: caseId }))).not.toContain('13900139001');
});

test('a core that is slow, fails or talks nonsense is said to be away, one list may be missing, and asking again helps', async () => {
  const { lab, agent, view, caseId } = await inCall();
  lab.expectError(/request failed|broke/);
  const simulator = simulatorOf(lab);
  for (const behaviour of [{ is: 'failing' }, { is: 'talking-nonsense' }] as const) {
    simulator.tell(behaviour);
    expect(await agent.ask('customer:view', { caseId })).toMatchObject({ error: { code: 'unavailable' } });
  }
  simulator.tell({ is: 'silent' }, Infinity, 'products');
  const partly = known(await view());
  expect([partly.accounts.is, partly.products.is]).toEqual(['here', 'away']);
  simulator.tell({ is: 'usual' });
  const whole = known(await view());
  expect([whole.accounts.is, whole.products.is]).toEqual(['here', 'here']);
});

test('past cases and how the kiosk was used come with the next case of the same customer', async () => {
  const first = await inCall({ ...WHO, newPhone: '13911112222' });
  await first.agent.must('case:tick', { caseId: first.caseId, step: 'identify', done: true });
  await first.view();
  await finishCall(first.agent, first.callId);
  await first.kiosk.must('case:rate', { caseId: first.caseId, stars: 5 });
  await first.kiosk.until(({ case: one }) => one === null);
  const second = await startCall({ kiosk: first.kiosk, agent: first.agent }, { service: LOST_CARD });
  for (const [name, value] of Object.entries(WHO))
    await first.kiosk.must('case:fill', { caseId: second.caseId, name, value });
  const customer = known(await first.agent.must('customer:view', { caseId: second.caseId }));
  expect(customer.past).toEqual([
    expect.objectContaining({
      caseId: first.caseId,
      outcome: 'complete',
      title: { 'zh-CN': '变更手机号码', en: 'Update phone number' },
    }),
  ]);
  expect(customer.preferences).toEqual({ language: 'zh-CN', print: 'normal' });
});

test('a customer alone whom a code has proved finds the template filled; before that the bank is not asked', async () => {
  const lab = await startLab();
  const kiosk = await lab.kiosk();
  const caseId = await startCase(kiosk, { service: UPDATE_ADDRESS });
  const form = (step: string) =>
    kiosk.until(({ case: one }) => one?.step?.kind === 'form' && one.step.id === step && one.step);
  expect(await form('form')).toMatchObject({ fields: ['fullName', 'idNumber'], known: false });
  expect(await kiosk.ask('case:fetch-known', { caseId, step: 'form' })).toMatchObject({
    error: { code: 'wrong-state' },
  });
  for (const [name, value] of Object.entries(WHO)) await kiosk.must('case:fill', { caseId, name, value });
  await kiosk.must('case:pass', { caseId, step: 'form' });
  expect(await kiosk.ask('case:fetch-known', { caseId, step: 'details' })).toMatchObject({
    error: { code: 'wrong-state' },
  });
  await kiosk.must('identity:send-code', { caseId, step: 'identify' });
  const text = await kiosk.until(({ case: one }) => one?.step?.kind === 'identify' && one.step.simulated);
  await kiosk.must('identity:check-code', { caseId, step: 'identify', code: /\d{6}/.exec(text)?.[0] ?? '' });
  expect(await form('details')).toMatchObject({ fields: ['address'], known: true });
  // A core that is away is told, and asked again when the customer wants it.
  lab.expectError(/request failed|broke/);
  simulatorOf(lab).tell({ is: 'failing' });
  expect(await kiosk.ask('case:fetch-known', { caseId, step: 'details' })).toMatchObject({
    error: { code: 'unavailable' },
  });
  simulatorOf(lab).tell({ is: 'usual' });
  expect(await kiosk.must('case:fetch-known', { caseId, step: 'details' })).toEqual({ filled: 1 });
  const address = await kiosk.until(({ case: one }) => one?.values.find(({ name }) => name === 'address'));
  expect(address).toMatchObject({ origin: 'bank', value: '北京市西城区金融大街17号' });
  await kiosk.until(({ case: one }) => one?.step?.kind === 'form' && !one.step.known);
  // Changed by the customer it is the customer's; the identity stays proved.
  await kiosk.must('case:fill', { caseId, name: 'address', value: '上海市黄浦区人民大道1号' });
  const changed = await kiosk.until(({ case: one }) =>
    one?.values.find(({ name, value }) => name === 'address' && value.startsWith('上海')),
  );
  expect(changed).toMatchObject({ origin: 'customer' });
  expect(await form('details')).toMatchObject({ known: false });
  // Another name is another person: that is proved anew.
  await kiosk.must('case:pass', { caseId, step: 'details' });
  await kiosk.must('case:fill', { caseId, name: 'fullName', value: '张伟' });
  await form('form');
});

test('administrators tell the simulated core how to behave, and nobody else', async () => {
  const lab = await startLab();
  const path = '/api/core/simulator';
  const admin = await lab.staff('admin', { line: false });
  const token = await admin.token();
  expect((await lab.http.send('GET', path)).status).toBe(401);
  const agent = await lab.staff('li.na', { line: false });
  const behaviour = { is: 'slow', ms: 50 } as const;
  expect((await lab.http.send('PUT', path, { token: await agent.token(), body: { behaviour } })).status).toBe(403);
  expect(await lab.http.json('PUT', path, { token, body: { behaviour, times: 2 } })).toEqual({ behaviour });
  expect(await lab.http.json('GET', path, { token })).toEqual({ behaviour });
  for (const body of [{}, { behaviour: { is: 'slow' } }, { behaviour: { is: 'lazy' } }, { behaviour, times: 0 }])
    expect((await lab.http.send('PUT', path, { token, body })).status).toBe(400);
});

test('whom the bank serves before others goes before others in the queue, once it is proved who it is', async () => {
  const lab = await startLab();
  const kiosk = await lab.kiosk();
  const caseId = await startCase(kiosk, { service: UPDATE_ADDRESS });
  const gold = { fullName: '张伟', idNumber: '110101198802140034' };
  for (const [name, value] of Object.entries(gold)) await kiosk.must('case:fill', { caseId, name, value });
  await kiosk.must('case:pass', { caseId, step: 'form' });
  await kiosk.must('identity:send-code', { caseId, step: 'identify' });
  const text = await kiosk.until(({ case: one }) => one?.step?.kind === 'identify' && one.step.simulated);
  await kiosk.must('identity:check-code', { caseId, step: 'identify', code: /\d{6}/.exec(text)?.[0] ?? '' });
  const { ticketId } = await kiosk.must('queue:join', { caseId });
  const supervisor = await lab.staff('chen.jing');
  const { score } = await supervisor.must('queue:explain', { ticketId });
  expect(score.parts.vip).toBe(180);
});
