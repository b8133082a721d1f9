import { expect, test } from 'vitest';
import type { ServiceCard } from '@openvtm/protocol';
import { startLab } from './lab/index.ts';
import { LOST_CARD, seenBy, startCall, startCase } from './lab/stories.ts';

test('the agent sees where each value comes from: the customer, a card, or the agent', async () => {
  const lab = await startLab();
  const kiosk = await lab.kiosk();
  const agent = await lab.readyAgent('li.na');
  const { caseId } = await startCall({ kiosk, agent }, { service: LOST_CARD });
  await kiosk.must('case:fill', { caseId, name: 'fullName', value: '王小明', origin: 'reader' });
  await kiosk.must('case:fill', { caseId, name: 'phone', value: '13900139001' });
  await agent.until(({ case: one }) => one?.values.length === 2);
  const origins = () => Object.fromEntries((agent.shown.case?.values ?? []).map(({ name, origin }) => [name, origin]));
  expect(origins()).toEqual({ fullName: 'reader', phone: 'customer' });
  await agent.must('case:correct', { caseId, name: 'fullName', value: '王晓明', seen: seenBy(agent, 'fullName') });
  await agent.until(() => origins()['fullName'] === 'agent');
  // What the customer does not agree to goes back to what the card said, as the card's.
  const { revision } = await kiosk.until(({ case: one }) => one?.values.find(({ changed }) => changed));
  await kiosk.must('case:settle', { caseId, name: 'fullName', agreed: false, seen: revision });
  await agent.until(() => origins()['fullName'] === 'reader');
  expect(kiosk.shown.case?.values.find(({ name }) => name === 'fullName')).toMatchObject({ value: '王小明' });
  expect((await lab.journal({ kind: 'case.filled' })).map(({ data }) => data['origin'])).toEqual([
    'reader',
    'customer',
  ]);
});

test('only what a reader of this kiosk can read is taken as read', async () => {
  const lab = await startLab();
  const admin = await lab.staff('admin', { line: false });
  const token = await admin.token();
  const kiosk = await lab.kiosk(1, { line: false });
  const setReaders = (readers: object, who = token) =>
    lab.http.send('PUT', `/api/kiosks/${kiosk.kioskId}/readers`, { token: who, body: readers });
  expect((await setReaders({ idCard: 'none', bankCard: 'keyboard' })).status).toBe(200);
  expect((await setReaders({ idCard: 'telepathy', bankCard: 'none' })).status).toBe(400);
  const agent = await lab.staff('li.na', { line: false });
  expect((await setReaders({ idCard: 'none', bankCard: 'none' }, await agent.token())).status).toBe(403);
  await kiosk.open();
  expect(kiosk.shown.kiosk.readers).toEqual({ idCard: 'none', bankCard: 'keyboard' });
  const caseId = await startCase(kiosk, { service: 'release-loss' as ServiceCard['id'] });
  const fill = (name: string, value: string) => kiosk.ask('case:fill', { caseId, name, value, origin: 'reader' });
  expect(await fill('fullName', '王小明')).toMatchObject({ error: { code: 'not-allowed' } });
  expect(await fill('phone', '13900139001')).toMatchObject({ error: { code: 'not-allowed' } });
  expect(await fill('cardLast4', '3990')).toMatchObject({ ok: true });
  const phone = await lab.phone();
  const onPhone = await startCase(phone, { service: LOST_CARD });
  expect(
    await phone.ask('case:fill', { caseId: onPhone, name: 'fullName', value: '王小明', origin: 'reader' }),
  ).toMatchObject({ error: { code: 'not-allowed' } });
});
