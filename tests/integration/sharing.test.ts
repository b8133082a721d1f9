import { expect, test } from 'vitest';
import { startLab } from './lab/index.ts';
import type { LabKiosk } from './lab/kiosk.ts';
import { finishCall, LOST_CARD, ringing, seenBy, startCall, startCase } from './lab/stories.ts';

async function inCall() {
  const lab = await startLab();
  const kiosk = await lab.kiosk();
  const agent = await lab.readyAgent('li.na');
  const { caseId, callId } = await startCall({ kiosk, agent }, { service: LOST_CARD });
  const fill = (name: string, value: string, seen: number) => kiosk.ask('case:fill', { caseId, name, value, seen });
  const correct = (name: string, value: string, seen: number) =>
    agent.ask('case:correct', { caseId, name, value, seen });
  const at = (client: LabKiosk | typeof agent, name: string, draft: string | null) =>
    client.must('sharing:at', { caseId, place: { name, typing: draft !== null, draft } });
  return { lab, kiosk, agent, caseId, callId, fill, correct, at };
}
const CONFLICT = { ok: false, error: { code: 'conflict' } };

test('each sees live where the other is and what is typed; nothing of it is kept, and it goes with who made it', async () => {
  const { lab, kiosk, agent, caseId, callId, at } = await inCall();
  await at(kiosk, 'fullName', '王小');
  expect(await agent.until(({ sharing }) => sharing?.other)).toEqual({ name: 'fullName', typing: true, draft: '王小' });
  await at(agent, 'fullName', '李大');
  expect(await kiosk.until(({ sharing }) => sharing?.other)).toMatchObject({ name: 'fullName', draft: '李大' });

  // A page that comes new sees it at once.
  await lab.lose(agent);
  await kiosk.until(({ sharing }) => sharing?.other === null);
  await agent.open();
  expect(agent.shown.sharing?.other).toMatchObject({ draft: '王小' });
  await lab.lose(kiosk);
  await agent.until(({ sharing }) => sharing?.other === null);
  await kiosk.open();

  await at(kiosk, 'fullName', '王小明');
  await agent.until(({ sharing }) => sharing?.other?.draft === '王小明');
  await kiosk.must('sharing:at', { caseId, place: null });
  await agent.until(({ sharing }) => sharing?.other === null);
  await at(agent, 'fullName', '李大');
  await kiosk.until(({ sharing }) => sharing?.other);
  await finishCall(agent, callId);
  await kiosk.until(({ sharing, call }) => call === null && sharing === null);
  expect(await kiosk.ask('sharing:at', { caseId, place: null })).toMatchObject({ error: { code: 'wrong-state' } });

  const { rows } = await lab.database.pool.query('select * from cases.value');
  expect(rows).toEqual([]);
  expect(JSON.stringify(await lab.journal()) + lab.log.join('')).not.toMatch(/王小|李大|sharing\./);
});

test('of a sensitive field the agent learns that the customer types, whatever the kiosk sends', async () => {
  const { lab, kiosk, agent, at } = await inCall();
  await at(kiosk, 'idNumber', '11010519900307005X');
  expect(await agent.until(({ sharing }) => sharing?.other)).toEqual({ name: 'idNumber', typing: true, draft: null });
  await at(kiosk, 'fullName', '王');
  await agent.until(({ sharing }) => sharing?.other?.name === 'fullName');
  expect(JSON.stringify(agent.heard)).not.toContain('11010519900307005X');
  expect(lab.log.join('')).not.toContain('11010519900307005X');
});

test('the agent asks for a field, and the kiosk is asked until it is there; others are refused', async () => {
  const { lab, kiosk, agent, caseId, at } = await inCall();
  await agent.must('sharing:ask', { caseId, name: 'phone' });
  await kiosk.until(({ sharing }) => sharing?.asked === 'phone');
  await agent.until(({ sharing }) => sharing?.asked === 'phone');
  await at(kiosk, 'phone', null);
  await agent.until(({ sharing }) => sharing?.asked === null && sharing.other?.name === 'phone');
  await kiosk.until(({ sharing }) => sharing?.asked === null);

  expect(await agent.ask('sharing:ask', { caseId, name: 'salary' })).toMatchObject({ error: { code: 'not-found' } });
  const other = await lab.readyAgent('wang.wei');
  expect(await other.ask('sharing:ask', { caseId, name: 'phone' })).toMatchObject({ error: { code: 'wrong-state' } });
  const otherKiosk = await lab.kiosk(2);
  await startCall({ kiosk: otherKiosk, agent: other });
  expect(await other.ask('sharing:ask', { caseId, name: 'phone' })).toMatchObject({ error: { code: 'not-found' } });
  expect(await otherKiosk.ask('sharing:at', { caseId, place: null })).toMatchObject({ error: { code: 'not-found' } });

  await agent.must('case:propose', { caseId, summary: 'so be it' });
  expect(await agent.ask('sharing:ask', { caseId, name: 'phone' })).toMatchObject({ error: { code: 'wrong-state' } });
});

test('many drafts a second reach the other screen as few, the last among them', async () => {
  const { kiosk, agent, at } = await inCall();
  const before = agent.heard.length;
  const began = performance.now();
  await Promise.all(Array.from({ length: 40 }, (_, i) => at(kiosk, 'fullName', '王'.repeat(i + 1))));
  await agent.until(({ sharing }) => sharing?.other?.draft === '王'.repeat(40));
  const told = agent.heard.slice(before).filter(({ name }) => name === 'sharing:changed').length;
  expect(told).toBeLessThanOrEqual(3 + (performance.now() - began) / 100);
});

test('both at one field in the same moment: one wins, the other is told, and nothing is lost', async () => {
  const { kiosk, agent, caseId, fill, correct } = await inCall();
  for (let round = 0; round < 12; round += 1) {
    const letter = String.fromCharCode(97 + round);
    const seen = await kiosk.until(
      () => seenBy(kiosk, 'fullName') === seenBy(agent, 'fullName') && { at: seenBy(kiosk, 'fullName') },
    );
    const tries = [() => fill('fullName', `王${letter}`, seen.at), () => correct('fullName', `李${letter}`, seen.at)];
    const [mine, theirs] = await Promise.all((round % 2 === 0 ? tries : tries.toReversed()).map((one) => one())).then(
      (answers) => (round % 2 === 0 ? answers : answers.toReversed()),
    );
    expect(mine!.ok).not.toBe(theirs!.ok);
    expect(mine!.ok ? theirs : mine).toMatchObject(CONFLICT);
    const won = mine!.ok ? `王${letter}` : `李${letter}`;
    await kiosk.until(({ case: one }) => one?.values[0]?.value === won);
    await agent.until(({ case: one }) => one?.values[0]?.shown === won);
    if (mine!.ok) continue;
    // The customer says no: what was there before the race is there again.
    await kiosk.must('case:settle', { caseId, name: 'fullName', agreed: false, seen: seenBy(kiosk, 'fullName') });
    await kiosk.until(({ case: one }) => one?.values[0]?.value !== won);
    await agent.until(({ case: one }) => one?.values[0]?.shown !== won);
  }
});

test("who has not seen the agent's change overwrites it by no way; who has seen it does", async () => {
  const { kiosk, agent, caseId, fill, correct } = await inCall();
  const first = await kiosk.must('case:fill', { caseId, name: 'fullName', value: '王小名', seen: 0 });
  await correct('fullName', '王小明', first.revision);
  expect(await fill('fullName', '王晓明', first.revision)).toMatchObject(CONFLICT);
  // A kiosk that says nothing of what it saw saw no agent's change.
  expect(await kiosk.ask('case:fill', { caseId, name: 'fullName', value: '王晓明' })).toMatchObject(CONFLICT);
  expect(await fill('fullName', '', first.revision)).toMatchObject(CONFLICT);
  const changed = await kiosk.until(({ case: one }) => one?.values.find((each) => each.changed));
  expect(changed).toMatchObject({ value: '王小明', changed: { before: '王小名' } });
  // Both mean the same: that is the customer's word on it.
  expect(await fill('fullName', '王小明', first.revision)).toMatchObject({ ok: true });
  await kiosk.until(({ case: one }) => one?.values[0]?.changed === null);
  await agent.until(({ case: one }) => one?.values[0]?.settled);

  const seen = seenBy(agent, 'fullName');
  await correct('fullName', '王大明', seen);
  const again = await kiosk.until(({ case: one }) => one?.values.find((each) => each.changed));
  expect(await fill('fullName', '王晓明', again.revision)).toMatchObject({ ok: true });
  await agent.until(({ case: one }) => one?.values.find((each) => each.shown === '王晓明' && each.settled));
  // The agent had typed before that was there.
  expect(await correct('fullName', '王中明', again.revision)).toMatchObject(CONFLICT);
  expect(kiosk.shown.case?.values[0]).toMatchObject({ value: '王晓明' });
});

test('the customer agrees to what was on the screen, and to nothing that came after', async () => {
  const { kiosk, caseId, correct } = await inCall();
  await correct('fullName', '王小明', 0);
  const { revision } = await kiosk.until(({ case: one }) => one?.values[0]);
  await correct('fullName', '王大明', revision);
  expect(await kiosk.ask('case:settle', { caseId, name: 'fullName', agreed: true, seen: revision })).toMatchObject(
    CONFLICT,
  );
  await kiosk.until(({ case: one }) => one?.values.find((each) => each.changed && each.value === '王大明'));
});

const LONG = '好'.repeat(10_000);
const odd: [why: string, name: string, value: string, as: string | null][] = [
  ['a rare character', 'fullName', '𠮷田 𡈽', '𠮷田 𡈽'],
  ['as many rare characters as the field has places', 'fullName', '𠮷'.repeat(60), '𠮷'.repeat(60)],
  ['one more', 'fullName', '𠮷'.repeat(61), null],
  ['letters in two ways of writing', 'fullName', 'Jose\u0301', 'José'],
  ['Arabic', 'fullName', 'محمد علي', 'محمد علي'],
  ['Hebrew beside Latin', 'fullName', 'דוד Levi', 'דוד Levi'],
  ['a turned direction', 'fullName', '王\u202e明', null],
  ['an isolate', 'fullName', '王\u2066明\u2069', null],
  ['nothing to be seen', 'fullName', '\u200b\u200f', null],
  ['a control character', 'fullName', '王\u0007明', null],
  ['an apostrophe', 'fullName', "O'Neil", "O'Neil"],
  ['tags', 'fullName', '<b>王</b>', null],
  ['half a character', 'fullName', '\ud842', null],
  ['2,000 characters', 'fullName', LONG.slice(0, 2_000), null],
];
test('odd names are kept as they are meant, or refused, for the customer and for the agent', async () => {
  const { kiosk, agent, fill, correct } = await inCall();
  const wrong: string[] = [];
  for (const [why, name, value, as] of odd) {
    const latest = Math.max(seenBy(kiosk, name), seenBy(agent, name));
    if (as === null) {
      const answers = [await fill(name, value, latest), await correct(name, value, latest)];
      wrong.push(...answers.filter((one) => one.ok || one.error.code !== 'invalid-value').map(() => why));
      continue;
    }
    if (!(await fill(name, value, latest)).ok) wrong.push(why);
    await kiosk.until(({ case: one }) => one?.values.find((each) => each.value === as));
    await agent.until(({ case: one }) => one?.values.find((each) => each.shown === as));
    await kiosk.must('case:fill', { caseId: kiosk.shown.case!.caseId, name, value: '' });
    await agent.until(({ case: one }) => one?.values.length === 0);
    if (!(await correct(name, value, 0)).ok) wrong.push(why);
    await kiosk.until(({ case: one }) => one?.values.find((each) => each.changed && each.value === as));
    const { caseId } = kiosk.shown.case!;
    await kiosk.must('case:settle', { caseId, name, agreed: false, seen: seenBy(kiosk, name) });
    await agent.until(({ case: one }) => one?.values.length === 0);
    await kiosk.until(({ case: one }) => one?.values.length === 0);
  }
  expect(wrong).toEqual([]);
});

test('10,000 characters at once are no value, no draft, and no end of the line', async () => {
  const { kiosk, agent, caseId, fill, correct } = await inCall();
  for (const answer of [
    await fill('fullName', LONG, 0),
    await correct('fullName', LONG, 0),
    await kiosk.ask('sharing:at', { caseId, place: { name: 'fullName', typing: true, draft: LONG } }),
  ])
    expect(answer).toMatchObject({ ok: false, error: { code: 'bad-request' } });
  expect(kiosk.up && agent.up).toBe(true);
  expect(await fill('fullName', '王小明', 0)).toMatchObject({ ok: true });
});

test('a case opened on two devices: the later one has it, and the earlier can neither type nor look on', async () => {
  const lab = await startLab();
  const phone = await lab.phone();
  const caseId = await startCase(phone, { service: LOST_CARD });
  const first = await phone.must('case:fill', { caseId, name: 'fullName', value: '王小名', seen: 0 });
  const { code } = await phone.must('handover:offer', { caseId, purpose: 'continue' });
  const kiosk = await lab.kiosk();
  const late = { caseId, name: 'fullName', value: '王小明', seen: first.revision };
  const [taken, typed] = await Promise.all([kiosk.must('handover:take', { code }), phone.ask('case:fill', late)]);
  expect(taken).toMatchObject({ is: 'taken' });
  const shown = await kiosk.until(({ case: one }) => one?.values.find(({ name }) => name === 'fullName'));
  // Typed in the very moment: kept and at the kiosk, or refused; never said to be kept and lost.
  await kiosk.until(({ case: one }) => one?.values[0]?.value === (typed.ok ? '王小明' : '王小名'));
  expect(shown).toBeTruthy();
  expect(await phone.ask('case:fill', late)).toMatchObject({ error: { code: 'not-found' } });

  const agent = await lab.readyAgent('li.na');
  await kiosk.must('queue:join', { caseId });
  const { offerId } = await ringing(agent);
  await agent.must('call:accept', { offerId });
  await kiosk.until(({ case: one }) => one?.at === 'serving');
  const place = { name: 'fullName', typing: true, draft: '王' };
  expect(await phone.ask('sharing:at', { caseId, place })).toMatchObject({ error: { code: 'wrong-state' } });
  await kiosk.must('sharing:at', { caseId, place });
  await agent.until(({ sharing }) => sharing?.other);
  expect(phone.shown.sharing).toBeNull();
});
