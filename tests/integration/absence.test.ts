import { expect, test } from 'vitest';
import { startLab } from './lab/index.ts';
import { LOST_CARD, startCase } from './lab/stories.ts';

test('a case that its customer left is closed before another customer can see it', async () => {
  const lab = await startLab();
  const kiosk = await lab.kiosk();
  const caseId = await startCase(kiosk, { service: LOST_CARD });
  await kiosk.must('case:fill', { caseId, name: 'fullName', value: '张伟' });
  await lab.lose(kiosk);
  await expect
    .poll(
      async () => {
        lab.clock.jump(30_000);
        return (await lab.journal({ kind: 'case.closed', about: caseId })).map((line) => line.data.reason);
      },
      { timeout: 15_000 },
    )
    .toEqual(['idle']);
  await kiosk.open();
  expect(kiosk.shown.case).toBeNull();
});

test('a kiosk that comes back in time finds its case as it was', async () => {
  const lab = await startLab();
  const kiosk = await lab.kiosk();
  const caseId = await startCase(kiosk, { service: LOST_CARD });
  await kiosk.must('case:fill', { caseId, name: 'fullName', value: '张伟' });
  await lab.lose(kiosk);
  lab.clock.jump(60_000);
  await kiosk.open();
  lab.clock.jump(60_000);
  // A tick later than the jump: what was due has been done by the time this change is told.
  await kiosk.must('case:present', { caseId, language: 'en', print: 'large' });
  expect(kiosk.shown.case?.values).toMatchObject([
    { name: 'fullName', value: '张伟', origin: 'customer', changed: null },
  ]);
});
