import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startLab, type Lab } from './lab/index.ts';
import { confirmedCall } from './lab/papers.ts';
import { askDocument, finishCall, LOST_CARD, startCall } from './lab/stories.ts';

const FEES = 'account-fees';
const NO_CASE = { ok: false, error: { code: 'not-found' } };

async function inCall() {
  const lab = await startLab();
  const kiosk = await lab.kiosk();
  const agent = await lab.readyAgent('li.na');
  const call = await startCall({ kiosk, agent }, { service: LOST_CARD });
  const open = async (sheetId = FEES) => {
    await agent.must('explaining:open', { caseId: call.caseId, sheetId });
    await kiosk.until(({ explaining }) => explaining?.sheetId === sheetId);
    return agent.until(({ explaining }) => explaining?.sheetId === sheetId && explaining);
  };
  return { lab, kiosk, agent, open, ...call };
}
const sheetFacts = async (lab: Lab) =>
  (await lab.journal({ kind: 'explaining.' })).map(({ kind, data }) => [kind.replace('explaining.', ''), data]);

test('the agent opens a sheet on both screens; each follows the other, marks and points, and the journal says what was shown', async () => {
  const { lab, kiosk, agent, open, caseId } = await inCall();
  const { sheets } = await agent.must('explaining:list', { caseId });
  expect(sheets.map(({ id, is }) => [id, is])).toEqual([
    [FEES, 'text'],
    ['card-loss-report', 'text'],
    ['time-deposit', 'text'],
    ['deposit-calculator', 'calculator'],
    ['loan-calculator', 'calculator'],
    ['paper:replacement-form', 'paper'],
  ]);
  const { version } = await open();
  const { sheet } = await kiosk.must('explaining:read', { caseId });
  expect(sheet).toMatchObject({ id: FEES, version });
  expect(await agent.must('explaining:read', { caseId })).toEqual({ sheet });

  await kiosk.must('explaining:look', { caseId, place: { block: 3, share: 40 }, seen: 62 });
  expect(await agent.until(({ explaining }) => explaining?.place)).toEqual({ block: 3, share: 40, by: 'customer' });
  await agent.must('explaining:look', { caseId, place: { block: 5, share: 0 }, seen: 100 });
  await kiosk.until(({ explaining }) => explaining?.place?.block === 5 && explaining.place.by === 'agent');
  // What the agent saw is not what the customer saw.
  expect(kiosk.shown.explaining?.seen).toBe(62);

  await kiosk.must('explaining:point', { caseId, block: 2 });
  await agent.until(({ explaining }) => explaining?.here === 2);
  await agent.must('explaining:mark', { caseId, block: 2 });
  await kiosk.until(({ explaining }) => explaining?.marked === 2 && explaining.here === null);
  await agent.must('explaining:mark', { caseId, block: null });
  await kiosk.until(({ explaining }) => explaining?.marked === null);

  await agent.must('explaining:close', { caseId });
  await kiosk.until(({ explaining }) => explaining === null);
  await agent.until(({ explaining }) => explaining === null);
  await agent.must('explaining:close', { caseId });
  expect(await sheetFacts(lab)).toEqual([
    ['opened', { sheet: FEES, version, blocks: sheet.blocks.length }],
    ['closed', { sheet: FEES, version, why: 'agent', seen: 62, seenAt: expect.any(Number), ms: expect.any(Number) }],
  ]);
  expect(JSON.stringify(await lab.journal())).not.toContain(sheet.title.en);
});

test('a reload of either side comes back to the same sheet, place, mark and values', async () => {
  const { lab, kiosk, agent, open, caseId } = await inCall();
  await open('loan-calculator');
  const values = { amount: 50_000, months: 24, rate: 400 };
  await kiosk.must('explaining:set', { caseId, values });
  await agent.must('explaining:look', { caseId, place: { block: 1, share: 10 }, seen: 0 });
  await agent.must('explaining:mark', { caseId, block: 2 });
  const there = { sheetId: 'loan-calculator', place: { block: 1, share: 10, by: 'agent' }, marked: 2, values };
  await kiosk.until(({ explaining }) => explaining?.marked === 2);
  for (const side of [kiosk, agent]) {
    await lab.lose(side);
    await side.open();
    expect(side.shown.explaining).toMatchObject(there);
  }
  expect(await kiosk.must('explaining:read', { caseId })).toMatchObject({ sheet: { id: 'loan-calculator' } });
});

test('who is not in the call, or sends what the sheet has not, is refused and changes nothing', async () => {
  const { lab, kiosk, agent, open, caseId } = await inCall();
  const refused = { ok: false, error: { code: 'invalid-value' } };
  expect(await agent.ask('explaining:open', { caseId, sheetId: 'no-such-sheet' })).toMatchObject(NO_CASE);
  expect(await agent.ask('explaining:open', { caseId, sheetId: 'paper:no-such-paper' })).toMatchObject(NO_CASE);
  for (const answer of [
    await kiosk.ask('explaining:read', { caseId }),
    await kiosk.ask('explaining:point', { caseId, block: 0 }),
    await agent.ask('explaining:mark', { caseId, block: 0 }),
  ])
    expect(answer).toMatchObject({ ok: false, error: { code: 'wrong-state' } });

  const other = await lab.readyAgent('wang.wei');
  const otherKiosk = await lab.kiosk(2);
  const otherCall = await startCall({ kiosk: otherKiosk, agent: other });
  await open('deposit-calculator');
  for (const answer of [
    await other.ask('explaining:list', { caseId }),
    await other.ask('explaining:open', { caseId, sheetId: FEES }),
    await other.ask('explaining:close', { caseId }),
    await other.ask('explaining:read', { caseId }),
    await other.ask('explaining:mark', { caseId, block: 0 }),
    await otherKiosk.ask('explaining:read', { caseId }),
    await otherKiosk.ask('explaining:point', { caseId, block: 0 }),
    await otherKiosk.ask('explaining:look', { caseId, place: null, seen: 100 }),
  ])
    expect(answer).toMatchObject(NO_CASE);
  // In a call of one's own, another's case is still not there.
  await other.must('explaining:open', { caseId: otherCall.caseId, sheetId: FEES });
  expect(await other.ask('explaining:mark', { caseId, block: 0 })).toMatchObject({ ok: false });
  expect(await otherKiosk.ask('explaining:read', { caseId })).toMatchObject(NO_CASE);

  expect(await agent.ask('explaining:mark', { caseId, block: 40 })).toMatchObject(refused);
  expect(await kiosk.ask('explaining:point', { caseId, block: 3 })).toMatchObject(refused);
  const look = { caseId, place: { block: 3, share: 0 }, seen: 0 };
  expect(await kiosk.ask('explaining:look', look)).toMatchObject(refused);
  for (const wrong of [{ amount: 501_000 }, { amount: 1_500 }, { months: 4 }, { rate: 401 }, { rate: -5 }]) {
    const values = { amount: 50_000, months: 12, rate: 135, ...wrong };
    expect([wrong, await kiosk.ask('explaining:set', { caseId, values })]).toMatchObject([wrong, refused]);
  }
  await open();
  const values = { amount: 50_000, months: 12, rate: 135 };
  expect(await kiosk.ask('explaining:set', { caseId, values })).toMatchObject(refused);
  expect(kiosk.shown.explaining).toMatchObject({ marked: null, here: null, values: null, place: null });
});

test('a scroll storm is refused, and reaches the other screen as few notices, the last of it among them', async () => {
  const { lab, kiosk, agent, open, caseId } = await inCall();
  await open();
  const before = agent.heard.length;
  const began = performance.now();
  const storm = Array.from({ length: 90 }, (_, i) =>
    kiosk.ask('explaining:look', { caseId, place: { block: 4, share: i }, seen: i }),
  );
  const answers = await Promise.all(storm);
  const taken = answers.filter(({ ok }) => ok).length;
  expect(taken).toBeGreaterThanOrEqual(60);
  expect(taken).toBeLessThan(90);
  expect(answers.find(({ ok }) => !ok)).toMatchObject({ error: { code: 'too-fast' } });
  const last = answers.findLastIndex(({ ok }) => ok);
  await agent.until(({ explaining }) => explaining?.place?.share === last);
  const told = agent.heard.slice(before).filter(({ name }) => name === 'explaining:changed').length;
  expect(told).toBeLessThanOrEqual(3 + (performance.now() - began) / 100);
  lab.clock.jump(2_000);
  await kiosk.must('explaining:look', { caseId, place: { block: 1, share: 0 }, seen: 0 });
  expect(kiosk.up).toBe(true);
});

test('the end of the call, a hold, and what the agent turns to take the sheet from both screens', async () => {
  const { lab, kiosk, agent, open, caseId, callId } = await inCall();
  const gone = async () => {
    await kiosk.until(({ explaining }) => explaining === null);
    await agent.until(({ explaining }) => explaining === null);
  };
  const why = async () =>
    (await sheetFacts(lab)).filter(([kind]) => kind === 'closed').map(([, data]) => (data as { why: string }).why);
  await open();
  await agent.must('call:hold', { callId });
  await gone();
  expect(await agent.ask('explaining:open', { caseId, sheetId: FEES })).toMatchObject({
    error: { code: 'wrong-state' },
  });
  await agent.must('call:resume', { callId });
  await open();
  await open('time-deposit');
  await askDocument({ kiosk, agent }, caseId);
  await gone();
  await open();
  await finishCall(agent, callId);
  await gone();
  expect(await kiosk.ask('explaining:read', { caseId })).toMatchObject(NO_CASE);
  await expect.poll(why).toEqual(['held', 'replaced', 'turned-to-other', 'call-ended']);
});

test('whoever gets the lead takes the sheet over as it stands', async () => {
  const { lab, kiosk, agent, open, caseId, callId } = await inCall();
  const supervisor = await lab.staff('chen.jing');
  await open();
  await kiosk.must('explaining:point', { caseId, block: 2 });
  await supervisor.must('call:take-over', { callId, reason: 'quality' });
  expect(await supervisor.until(({ explaining }) => explaining)).toMatchObject({ sheetId: FEES, here: 2 });
  await agent.until(({ explaining }) => explaining === null);
  await kiosk.until(({ explaining }) => explaining?.here === 2);
  expect(await agent.ask('explaining:mark', { caseId, block: 2 })).toMatchObject({ ok: false });
});

test('a paper of the case is shown with what the customer entered, and sensitive fields masked', async () => {
  const lab = await startLab();
  const kiosk = await lab.kiosk();
  const agent = await lab.readyAgent('li.na');
  const { caseId } = await confirmedCall({ kiosk, agent });
  await agent.must('explaining:open', { caseId, sheetId: 'paper:replacement-form' });
  await kiosk.until(({ explaining }) => explaining);
  const { sheet } = await kiosk.must('explaining:read', { caseId });
  const words = JSON.stringify(sheet);
  const values = kiosk.shown.case!.values;
  const valueOf = (name: string) => values.find((one) => one.name === name)!.value;
  expect(words).toContain(valueOf('fullName'));
  expect(words).not.toContain(valueOf('idNumber'));
  expect(words).not.toContain(valueOf('phone'));
  expect(sheet.version).toMatch(/^[0-9a-f]{16}$/);
  expect((await sheetFacts(lab)).map(([, data]) => data)).toMatchObject([
    { sheet: 'paper:replacement-form', version: sheet.version },
  ]);
});

test("the bank's own sheets come by a folder, and a broken one stops the start with file, line and field", async () => {
  const folder = mkdtempSync(join(tmpdir(), 'openvtm-sheets-'));
  const text = (words: string) => ({ 'zh-CN': words, en: words });
  const own = {
    id: 'our-card',
    order: 1,
    version: '7',
    title: text('Our card'),
    lead: text('x'),
    blocks: [{ kind: 'text', text: text('y') }],
  };
  const put = (sheet: unknown) => writeFileSync(join(folder, 'our-card.json'), JSON.stringify(sheet, null, 2));
  put({ ...own, blocks: [{ kind: 'text', text: { en: 'y' } }] });
  await expect(startLab({ sheetsDir: folder })).rejects.toThrow(
    /sheet file our-card\.json, line \d+, blocks\.0\.text\.zh-CN/,
  );
  put(own);
  const lab = await startLab({ sheetsDir: folder });
  const kiosk = await lab.kiosk();
  const agent = await lab.readyAgent('li.na');
  const { caseId } = await startCall({ kiosk, agent });
  expect((await agent.must('explaining:list', { caseId })).sheets[0]).toMatchObject({ id: 'our-card', version: '7' });
  await agent.must('explaining:open', { caseId, sheetId: 'our-card' });
  await kiosk.until(({ explaining }) => explaining?.version === '7');
});
