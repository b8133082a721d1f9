import type { AloneStep, CaseId, ServiceCard } from '@openvtm/protocol';
import { expect, test } from 'vitest';
import { simulatedCustomers } from '../../server/src/modules/core/simulator/customers.ts';
import { fillerValues, type Filler } from '../walk-form.ts';
import { startLab, type Lab } from './lab/index.ts';
import type { LabKiosk } from './lab/kiosk.ts';
import { startCase } from './lab/stories.ts';

/** Passes one step of a customer alone, whatever it is; false: the service or the bank stops here. */
async function passStep(kiosk: LabKiosk, caseId: CaseId, step: AloneStep, who: Filler): Promise<boolean> {
  switch (step.kind) {
    case 'form': {
      const form = kiosk.shown.case?.service.form;
      if (!form) throw new Error('no form');
      for (const [name, value] of fillerValues(form, who))
        if (step.fields.includes(name)) await kiosk.must('case:fill', { caseId, name, value });
      await kiosk.must('case:pass', { caseId, step: step.id });
      return true;
    }
    case 'explain':
    case 'receipt':
      await kiosk.must('case:pass', { caseId, step: step.id });
      return true;
    case 'confirm':
      await kiosk.must('case:pass', { caseId, step: step.id, confirms: step.text });
      return true;
    case 'risk-assessment':
      await kiosk.must('case:assess', {
        caseId,
        step: step.id,
        answers: step.questions.map(({ answers }) => answers.length - 1),
      });
      return true;
    case 'identify': {
      await kiosk.must('identity:send-code', { caseId, step: step.id });
      const text = await kiosk.until(({ case: one }) => one?.step?.kind === 'identify' && one.step.simulated);
      const code = /\d{6}/.exec(text)?.[0] ?? '';
      return (await kiosk.must('identity:check-code', { caseId, step: step.id, code })).held;
    }
    case 'carry-out':
      return (
        (await kiosk.until(({ case: one }) => {
          if (one?.step?.kind !== 'carry-out') return 'went on';
          return one.step.state.at === 'under-way' ? false : one.step.state.at;
        })) === 'went on'
      );
    default:
      return false;
  }
}

/** Walks a service to its end as this customer; null: at its end, else where it stopped. */
async function walk(kiosk: LabKiosk, service: ServiceCard, who: Filler): Promise<AloneStep | null> {
  const caseId = await startCase(kiosk, { service: service.id });
  for (let before = ''; ;) {
    const at = await kiosk.until(({ case: one }) => {
      if (one?.caseId !== caseId || one.at === 'consent') return false;
      if (one.at === 'rating') return 'end';
      return one.step && one.step.id !== before ? one.step : false;
    });
    if (at === 'end') {
      await kiosk.must('case:rate', { caseId, stars: 5 });
      await kiosk.until((shown) => shown.case === null);
      return null;
    }
    if (!(await passStep(kiosk, caseId, at, who))) return kiosk.shown.case?.step ?? at;
    before = at.id;
  }
}

const offered = async (lab: Lab, alone: boolean) => {
  const kiosk = await lab.kiosk();
  const services = kiosk.shown.services.filter(({ where }) => where.includes('alone') === alone);
  return { kiosk, services };
};

test('every service that needs nobody is walked to its end by its data file alone', async () => {
  const lab = await startLab();
  const { kiosk, services } = await offered(lab, true);
  expect(services.length).toBeGreaterThanOrEqual(6);
  for (const service of services) {
    const ends: unknown[] = [];
    // What the bank does depends on whose account it is: a dormant one is not everybody's.
    for (const who of simulatedCustomers()) {
      ends.push(await walk(kiosk, service, who));
      if (ends.at(-1) === null) break;
    }
    expect(ends, service.id).toContain(null);
  }
});

test('every other service that is offered comes to where somebody has to be there', async () => {
  const lab = await startLab();
  const { kiosk, services } = await offered(lab, false);
  const who = simulatedCustomers()[2];
  if (!who) throw new Error('no customer');
  for (const service of services) {
    if (service.id === 'talk-to-a-teller') continue;
    // What may be sent ahead offers that first, and a person beside it.
    const wanted = service.id.endsWith('-pre-review') ? 'ahead' : 'person';
    expect(await walk(kiosk, service, who), service.id).toMatchObject({ kind: wanted });
    await kiosk.must('case:abandon', { caseId: kiosk.shown.case?.caseId as CaseId, reason: 'cancelled' });
    await kiosk.until((shown) => shown.case === null);
  }
});

test('a core that is away, slow or cut off does it once all the same, and one that refuses says why', async () => {
  const lab = await startLab();
  const { kiosk, services } = await offered(lab, true);
  const simulator = lab.app.parts.coreSimulator;
  if (!simulator) throw new Error('no simulator');
  const service = services.find(({ id }) => id === 'update-address') as ServiceCard;
  const who = simulatedCustomers()[2] as Filler;
  const caseId = await startCase(kiosk, { service: service.id });
  const step = (kind: AloneStep['kind']) =>
    kiosk.until(({ case: one }) => one?.caseId === caseId && one.step?.kind === kind && one.step);
  await passStep(kiosk, caseId, await step('form'), who);

  simulator.tell({ is: 'failing' }, 1);
  lab.expectError(/request failed|broke/);
  expect(await kiosk.ask('identity:send-code', { caseId, step: 'identify' })).toMatchObject({
    error: { code: 'unavailable' },
  });
  await passStep(kiosk, caseId, await step('identify'), who);
  // What the bank knows would fill the rest of the form; here it is typed.
  await passStep(kiosk, caseId, await step('form'), who);
  simulator.tell({ is: 'cut-off' }, 2);
  await passStep(kiosk, caseId, await step('confirm'), who);
  expect(await kiosk.ask('case:fill', { caseId, name: 'address', value: '上海市一号' })).toMatchObject({
    error: { code: 'wrong-state' },
  });
  expect(await kiosk.ask('case:back', { caseId })).toMatchObject({ error: { code: 'wrong-state' } });
  lab.clock.jump(60_000);
  await kiosk.until(
    ({ case: one }) =>
      one?.step?.kind === 'carry-out' && one.step.state.at === 'under-way' && one.step.state.attempts > 1,
  );
  lab.clock.jump(60_000);
  expect(await step('receipt')).toMatchObject({ simulated: true, reference: expect.stringMatching(/^SIM-/) });
  expect([...simulator.acted.values()]).toEqual([1]);
});
