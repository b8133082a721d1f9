import type { ServiceId } from '@openvtm/protocol';
import { expect, test } from 'vitest';
import { DROPPED_SERVICE, folderWithDroppedService } from '../dropped-service.ts';
import { startLab } from './lab/index.ts';
import { startCase } from './lab/stories.ts';

const SERVICE = DROPPED_SERVICE.id as ServiceId;

async function atForm() {
  const lab = await startLab({ servicesDir: folderWithDroppedService() });
  const kiosk = await lab.kiosk();
  const caseId = await startCase(kiosk, { service: SERVICE, language: 'en' });
  const standing = (kind: string) =>
    kiosk.until(({ case: one }) => one?.caseId === caseId && one.step?.kind === kind && one.step);
  await standing('form');
  const fill = (name: string, value: string) => kiosk.must('case:fill', { caseId, name, value });
  return { lab, kiosk, caseId, standing, fill };
}

test('a service is added by one data file, and a customer alone comes to its end', async () => {
  const { lab, kiosk, caseId, standing, fill } = await atForm();
  expect(kiosk.shown.services.map(({ id }) => id)).toContain(SERVICE);
  expect(kiosk.shown.case).toMatchObject({ way: { done: 0, all: 4 }, after: 'nobody' });

  // The form is passed when all that is asked is right: `words` only for another goal.
  await fill('goal', 'other');
  await fill('amount', '5,000');
  expect(await kiosk.ask('case:pass', { caseId, step: 'form' })).toMatchObject({ error: { code: 'invalid-value' } });
  await fill('words', '𠮷野 trip');
  await kiosk.must('case:pass', { caseId, step: 'form' });
  expect(await standing('explain')).toMatchObject({ id: 'what-it-is' });

  // No step is skipped, and none is done that another kind of request does.
  expect(await kiosk.ask('case:pass', { caseId, step: 'agree' })).toMatchObject({ error: { code: 'wrong-state' } });
  await kiosk.must('case:pass', { caseId, step: 'what-it-is' });
  await standing('risk-assessment');
  expect(await kiosk.ask('case:pass', { caseId, step: 'risk' })).toMatchObject({ error: { code: 'wrong-state' } });
  expect(await kiosk.ask('case:assess', { caseId, step: 'risk', answers: [0, 5, 0] })).toMatchObject({
    error: { code: 'invalid-value' },
  });

  // Below what the service asks for it stops, says why, and lets the answers be given again.
  await kiosk.must('case:assess', { caseId, step: 'risk', answers: [0, 0, 0] });
  expect(await standing('stopped')).toMatchObject({
    why: { en: 'Your risk level is below what the products ask for.' },
  });
  await kiosk.must('case:back', { caseId });
  await standing('risk-assessment');
  await kiosk.must('case:assess', { caseId, step: 'risk', answers: [2, 2, 2] });

  // What is confirmed is what was on screen, and nothing else.
  const agree = await standing('confirm');
  expect(agree).toMatchObject({ text: 'For Something else, CN¥5,000.00, level Balanced' });
  expect(await kiosk.ask('case:pass', { caseId, step: 'agree', confirms: 'For free' })).toMatchObject({
    error: { code: 'wrong-state' },
  });
  await kiosk.must('case:pass', { caseId, step: 'agree', ...('text' in agree ? { confirms: agree.text } : {}) });
  await kiosk.until(({ case: one }) => one?.at === 'rating');
  await kiosk.must('case:rate', { caseId, stars: 5 });
  await kiosk.until((shown) => shown.case === null);

  const journal = await lab.journal({ about: caseId });
  expect(journal.filter(({ kind }) => kind === 'case.passed').map(({ data }) => data['step'])).toEqual([
    'form',
    'what-it-is',
    'risk',
    'risk',
    'agree',
  ]);
  expect(JSON.stringify(journal)).not.toMatch(/𠮷野|5000/);
});

test('what is changed in the form is read and confirmed anew, and a reload stands at the same step', async () => {
  const { lab, kiosk, caseId, standing, fill } = await atForm();
  await fill('goal', 'home');
  await fill('amount', '5000');
  await kiosk.must('case:pass', { caseId, step: 'form' });
  await kiosk.must('case:pass', { caseId, step: 'what-it-is' });
  await standing('risk-assessment');
  await lab.lose(kiosk);
  await kiosk.open();
  expect(await standing('risk-assessment')).toMatchObject({ id: 'risk' });
  await fill('amount', '6000');
  await standing('form');
});

test('a customer alone may ask for a teller at any step, and goes on alone after leaving the queue', async () => {
  const { kiosk, caseId, standing, fill } = await atForm();
  await fill('goal', 'home');
  await fill('amount', '5000');
  await kiosk.must('case:pass', { caseId, step: 'form' });
  await standing('explain');
  await kiosk.must('queue:join', { caseId });
  await kiosk.until(({ case: one }) => one?.at === 'waiting');
  await kiosk.must('queue:leave', { caseId });
  expect(await standing('explain')).toMatchObject({ id: 'what-it-is' });
});
