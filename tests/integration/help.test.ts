import { expect, test } from 'vitest';
import { startLab } from './lab/index.ts';
import { LOST_CARD, startCase } from './lab/stories.ts';

async function lostCustomer() {
  const lab = await startLab();
  const kiosk = await lab.kiosk();
  const staff = await lab.staff('zhang.min');
  const caseId = await startCase(kiosk, { service: LOST_CARD });
  await kiosk.until(({ case: one }) => one?.at === 'alone');
  const notice = () => kiosk.must('help:notice', { why: 'field-problems', field: 'idNumber' });
  const { helpId } = await notice();
  if (!helpId) throw new Error('nothing was noticed');
  const onList = () => staff.until(({ help }) => help.find((one) => one.helpId === helpId));
  const offList = () => staff.until(({ help }) => help.length === 0);
  return { lab, kiosk, staff, caseId, helpId, notice, onList, offList };
}

test('who is lost is offered help and is on the branch list with service, step and field; the customer asks, staff come', async () => {
  const { lab, kiosk, staff, helpId, onList } = await lostCustomer();
  expect(await onList()).toMatchObject({
    state: { at: 'noticed' },
    why: 'field-problems',
    place: { at: 'alone', service: { en: 'Replace a lost card' }, field: { en: 'ID number' } },
  });
  await kiosk.until(({ help }) => help?.state.at === 'noticed');
  // Over a reload the offer stands.
  await lab.lose(kiosk);
  await kiosk.open();
  expect(kiosk.shown.help).toMatchObject({ helpId, state: { at: 'noticed' } });
  expect(await kiosk.must('help:call', {})).toEqual({ helpId });
  await staff.until(({ help }) => help[0]?.state.at === 'called');
  await staff.must('help:answer', { helpId });
  await kiosk.until(({ help }) => help?.state.at === 'coming');
  await staff.must('help:close', { helpId });
  await kiosk.until(({ help }) => help === null);
  const journal = await lab.journal({ kind: 'help' });
  expect(journal.map(({ kind, data }) => [kind, data['why'], data['by']])).toEqual([
    ['help.noticed', 'field-problems', undefined],
    ['help.called', 'field-problems', undefined],
    ['help.coming', 'field-problems', undefined],
    ['help.closed', 'field-problems', 'staff'],
  ]);
});

test('it goes by itself when the customer gets on, and is not offered again too soon', async () => {
  const { kiosk, caseId, notice, offList, onList } = await lostCustomer();
  await onList();
  await kiosk.must('case:fill', { caseId, name: 'fullName', value: '王小明' });
  await offList();
  await kiosk.until(({ help }) => help === null);
  expect(await notice()).toEqual({ helpId: null });
});

test('it goes when the customer leaves, also when somebody is on the way; "no thank you" takes it off at once', async () => {
  const { lab, kiosk, staff, caseId, helpId, onList, offList } = await lostCustomer();
  await onList();
  await staff.must('help:answer', { helpId });
  await kiosk.must('case:abandon', { caseId, reason: 'idle' });
  await offList();

  const other = await lab.kiosk(2);
  const noticed = await other.must('help:notice', { why: 'slow' });
  await staff.until(({ help }) => help[0]?.place.at === 'choosing');
  await other.must('help:cancel', { helpId: noticed.helpId! });
  await offList();
  expect((await lab.journal({ kind: 'help.closed' })).map(({ data }) => data['by'])).toEqual(['left', 'customer']);
});

test('nobody comes to a phone', async () => {
  const lab = await startLab();
  const phone = await lab.phone();
  expect(await phone.ask('help:notice', { why: 'slow' })).toMatchObject({ error: { code: 'wrong-state' } });
});
