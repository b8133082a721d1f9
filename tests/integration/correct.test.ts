import { expect, test } from 'vitest';
import { startLab } from './lab/index.ts';
import { finishCall, LOST_CARD, seenBy, startCall } from './lab/stories.ts';

async function inCall() {
  const lab = await startLab();
  const kiosk = await lab.kiosk();
  const agent = await lab.readyAgent('li.na');
  const { caseId, callId } = await startCall({ kiosk, agent }, { service: LOST_CARD });
  await kiosk.must('case:fill', { caseId, name: 'fullName', value: '王小名' });
  const atKiosk = (name: string, value: string) =>
    kiosk.until(({ case: one }) => one?.values.find((each) => each.name === name && each.value === value));
  const atDesk = (name: string, settled: boolean) =>
    agent.until(({ case: one }) => one?.values.find((each) => each.name === name && each.settled === settled));
  await atKiosk('fullName', '王小名');
  await atDesk('fullName', true);
  let latest = 0;
  const correct = async (name: string, value: string) => {
    const seen = Math.max(latest, seenBy(agent, name));
    latest = (await agent.must('case:correct', { caseId, name, value, seen })).revision;
  };
  const settle = (name: string, agreed: boolean) =>
    kiosk.must('case:settle', { caseId, name, agreed, seen: seenBy(kiosk, name) });
  return { lab, kiosk, agent, caseId, callId, atKiosk, atDesk, correct, settle };
}

test("what the agent changed waits for the customer's word, and says who entered it", async () => {
  const { lab, agent, caseId, atKiosk, atDesk, correct, settle } = await inCall();
  await correct('fullName', '王小明');
  expect(await atKiosk('fullName', '王小明')).toMatchObject({ changed: { before: '王小名' } });
  expect(await atDesk('fullName', false)).toMatchObject({ origin: 'agent', shown: '王小明' });
  // Nothing is put to the customer for good while one of its parts is open.
  expect(await agent.ask('case:propose', { caseId, summary: 'as said' })).toMatchObject({
    error: { code: 'wrong-state' },
  });

  await settle('fullName', true);
  expect(await atDesk('fullName', true)).toMatchObject({ origin: 'agent', shown: '王小明' });
  await agent.must('case:propose', { caseId, summary: 'as said' });
  expect(await agent.ask('case:correct', { caseId, name: 'fullName', value: '王大明', seen: 9 })).toMatchObject({
    error: { code: 'wrong-state' },
  });
  const journal = await lab.journal({ about: caseId });
  expect(journal.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['case.corrected', 'case.settled']));
  expect(JSON.stringify(journal)).not.toContain('王小');
});

test("not agreed, the customer's own value comes back: after several changes, and where there was none", async () => {
  const { kiosk, caseId, atKiosk, atDesk, correct, settle } = await inCall();
  await correct('fullName', '王小明');
  await correct('fullName', '王大明');
  expect(await atKiosk('fullName', '王大明')).toMatchObject({ changed: { before: '王小名' } });
  await settle('fullName', false);
  expect(await atKiosk('fullName', '王小名')).toMatchObject({ changed: null });
  expect(await atDesk('fullName', true)).toMatchObject({ origin: 'customer' });

  await correct('howLost', 'stolen');
  expect(await atKiosk('howLost', 'stolen')).toMatchObject({ changed: { before: '' } });
  await settle('howLost', false);
  expect(await kiosk.until(({ case: one }) => one?.values.length === 1 && one.values)).toMatchObject([
    { name: 'fullName' },
  ]);
  expect(await kiosk.ask('case:settle', { caseId, name: 'howLost', agreed: true, seen: 9 })).toMatchObject({
    error: { code: 'wrong-state' },
  });
});

test('a value that does not fit is refused, nobody outside the call changes any, and a call that ends keeps only what was confirmed', async () => {
  const { lab, kiosk, agent, caseId, callId, atKiosk, correct } = await inCall();
  for (const [name, value] of [
    ['idNumber', '123'],
    ['fullName', ''],
    ['fullName', '王\u202e明'],
    ['howLost', 'eaten'],
  ] as const)
    expect(await agent.ask('case:correct', { caseId, name, value, seen: 9 })).toMatchObject({
      error: { code: 'invalid-value' },
    });
  const other = await lab.staff('wang.wei');
  expect(await other.ask('case:correct', { caseId, name: 'fullName', value: '王大明', seen: 9 })).toMatchObject({
    ok: false,
  });

  await correct('fullName', '王小明');
  await atKiosk('fullName', '王小明');
  await finishCall(agent, callId);
  await kiosk.until(({ case: one }) => one?.values[0]?.value === '王小名');
});
