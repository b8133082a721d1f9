import { expect, test } from 'vitest';
import { startLab, type Lab } from './lab/index.ts';
import type { LabKiosk } from './lab/kiosk.ts';
import { jpeg } from './lab/pictures.ts';
import { finishCall, LOST_CARD, ringing, startCase } from './lab/stories.ts';

const FORM = { fullName: '王小明', idNumber: '11010519900307005X', phone: '13900139001', howLost: 'lost' };
const fillAll = async (kiosk: LabKiosk, caseId: Awaited<ReturnType<typeof startCase>>) => {
  for (const [name, value] of Object.entries(FORM)) await kiosk.must('case:fill', { caseId, name, value });
};
const valuesAt = (kiosk: LabKiosk) =>
  Object.fromEntries(kiosk.shown.case?.values.map(({ name, value }) => [name, value]) ?? []);

async function onPhone(lab: Lab) {
  const phone = await lab.phone();
  const caseId = await startCase(phone, { service: LOST_CARD });
  await fillAll(phone, caseId);
  await phone.must('case:pass', { caseId, step: 'form' });
  await phone.until(({ case: one }) => one?.step?.kind === 'hand-over');
  const offer = () => phone.must('handover:offer', { caseId, purpose: 'continue' });
  return { phone, caseId, offer };
}

test('what was filled in and photographed on a phone goes on at a kiosk, an agent finishes it, and the receipt is on the phone', async () => {
  const lab = await startLab();
  const { phone, caseId, offer } = await onPhone(lab);
  expect(phone.shown.kiosk.kind).toBe('phone');
  const { documentId } = await phone.must('document:begin', { caseId, step: 'id-front' });
  expect((await phone.upload(documentId, await jpeg())).status).toBe(201);

  const { code } = await offer();
  const kiosk = await lab.kiosk();
  // As somebody types it who does not care.
  expect(await kiosk.must('handover:take', { code: ` ${code.toLowerCase().replace('-', ' ')} ` })).toEqual({
    is: 'taken',
    caseId,
  });
  await kiosk.until(({ case: one, documents }) => one?.caseId === caseId && documents.length === 1);
  expect(valuesAt(kiosk)).toEqual(FORM);
  expect((await kiosk.page(documentId, 1)).status).toBe(200);

  // The phone has no part in it any more, but to look on.
  const followed = await phone.until((shown) => shown.case === null && shown.followed);
  expect(followed).toMatchObject({ caseId, at: 'alone', device: { kind: 'floor' }, receipt: null });
  expect(await phone.ask('case:fill', { caseId, name: 'fullName', value: '别人' })).toMatchObject({
    error: { code: 'not-found' },
  });
  expect((await phone.page(documentId, 1)).status).toBe(404);

  const agent = await lab.readyAgent('li.na');
  await kiosk.must('queue:join', { caseId });
  const { callId } = await agent.must('call:accept', { offerId: (await ringing(agent)).offerId });
  await agent.until(({ documents }) => documents[0]?.state.at === 'captured');
  expect(await agent.ask('case:carry-out', { caseId })).toMatchObject({ error: { code: 'wrong-state' } });
  await agent.must('case:propose', { caseId, summary: '补办一张新卡' });
  await kiosk.until(({ case: one }) => one?.at === 'confirming');
  await kiosk.must('case:confirm', { caseId, agreed: true });
  expect(await agent.must('case:carry-out', { caseId })).toEqual({ found: true });
  await agent.until(({ case: one }) => one?.order?.at === 'done');
  const receipt = await phone.until((shown) => shown.followed?.receipt);
  expect(receipt).toMatchObject({ text: '补办一张新卡', simulated: true, reference: expect.stringMatching(/^SIM-/) });
  expect((await kiosk.until(({ case: one }) => one?.receipt))?.reference).toBe(receipt.reference);
  await finishCall(agent, callId);
  await kiosk.until(({ case: one }) => one?.at === 'rating');
  await kiosk.must('case:rate', { caseId, stars: 5 });
  await phone.until(({ followed: one }) => one?.at === 'closed' && one.receipt);
  await phone.must('handover:forget', { caseId });
  await phone.until(({ followed: one }) => one === null);
});

test('a code holds once, at its own branch and for ten minutes, and a new one ends the one before', async () => {
  const lab = await startLab();
  const { offer } = await onPhone(lab);
  const late = await onPhone(lab);
  const kiosk = await lab.kiosk(1);
  const first = await offer();
  const second = await offer();
  expect(await kiosk.must('handover:take', { code: first.code })).toEqual({ is: 'expired' });
  lab.clock.jump(10 * 60_000);
  expect(await kiosk.must('handover:take', { code: second.code })).toEqual({ is: 'expired' });
  const third = await offer();
  expect(await kiosk.must('handover:take', { code: third.code })).toMatchObject({ is: 'taken' });
  const other = await lab.kiosk(2);
  expect(await other.must('handover:take', { code: third.code })).toEqual({ is: 'used' });

  // The code of the case at the other phone belongs to another branch.
  await lab.database.pool.query(
    `insert into kiosks.branch values ('00000000-0000-4000-8000-0000000000b2', '{"zh-CN":"另一家","en":"Another"}')`,
  );
  const { code } = await late.offer();
  await lab.database.pool.query(`update handovers.code set branch_id = '00000000-0000-4000-8000-0000000000b2'`);
  expect(await other.must('handover:take', { code })).toMatchObject({ is: 'elsewhere', branch: { en: 'Another' } });
  expect(JSON.stringify(await lab.journal())).not.toContain(code);
  expect(lab.log.join('\n')).not.toContain(code);
});

test('guessing ends after five wrong codes, also with the right one, also over a restart', async () => {
  const lab = await startLab();
  const { phone, offer } = await onPhone(lab);
  const kiosk = await lab.kiosk();
  for (const triesLeft of [4, 3, 2, 1])
    expect(await kiosk.must('handover:take', { code: '2222-2222' })).toEqual({ is: 'unknown', triesLeft });
  expect(await kiosk.must('handover:take', { code: "' or true --" })).toMatchObject({ is: 'locked' });
  await lab.restart();
  await kiosk.open();
  await phone.open();
  const { code } = await offer();
  expect(await kiosk.must('handover:take', { code })).toMatchObject({ is: 'locked' });
  lab.clock.jump(5 * 60_000);
  expect(await kiosk.must('handover:take', { code })).toMatchObject({ is: 'taken' });
});

test('a phone meets no teller, is sent no code, and a case with a teller does not move', async () => {
  const lab = await startLab();
  const { phone, caseId, offer } = await onPhone(lab);
  for (const refused of [
    phone.ask('queue:join', { caseId }),
    phone.ask('help:call', {}),
    phone.ask('identity:send-code', { caseId, step: 'identify' }),
    phone.ask('document:begin', { caseId, step: 'form' }),
  ])
    expect(await refused).toMatchObject({ ok: false });
  const kiosk = await lab.kiosk();
  await kiosk.must('handover:take', await offer().then(({ code }) => ({ code })));
  await kiosk.must('queue:join', { caseId });
  expect(await kiosk.ask('handover:offer', { caseId, purpose: 'continue' })).toMatchObject({
    error: { code: 'wrong-state' },
  });
  // The other way: it may be looked at from the phone again while it waits.
  const { code } = await kiosk.must('handover:offer', { caseId, purpose: 'follow' });
  const second = await lab.phone();
  expect(await second.must('handover:take', { code })).toEqual({ is: 'following', caseId });
  await second.until(({ followed }) => followed?.at === 'waiting');
});

test('a case begun at a kiosk goes on at the phone and back; nothing is lost, and the kiosk is free at once', async () => {
  const lab = await startLab();
  const kiosk = await lab.kiosk();
  const caseId = await startCase(kiosk, { service: LOST_CARD });
  await fillAll(kiosk, caseId);
  const { code } = await kiosk.must('handover:offer', { caseId, purpose: 'continue' });
  const phone = await lab.phone();
  expect(await phone.must('handover:take', { code })).toMatchObject({ is: 'taken' });
  await kiosk.until((shown) => shown.case === null && shown.followed === null);
  await phone.until(({ case: one }) => one?.caseId === caseId);
  expect(valuesAt(phone)).toEqual(FORM);
  // Days later, the line long gone, it is still there.
  await lab.lose(phone);
  lab.clock.jump(3 * 24 * 3_600_000);
  await phone.open();
  expect(valuesAt(phone)).toEqual(FORM);
});
