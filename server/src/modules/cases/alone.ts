import type { Step } from '@openvtm/protocol';
import { Refusal } from '../../kernel/errors.ts';
import type { Work } from '../../kernel/work.ts';
import type { CaseFact } from './cases-facts.ts';
import {
  lockCase,
  NOTHING_BEFORE,
  removeStepsDone,
  saveStepDone,
  saveValue,
  stepsDoneOf,
  updateCase,
  valuesOf,
  type CaseRow,
} from './cases.store.ts';
import { CUSTOMER, sealContext } from './cases.ts';
import type { Cases, CasesNeeds } from './index.ts';
import {
  confirmText,
  mayPass,
  RISK_LEVEL,
  riskLevelOf,
  standingOf,
  stepsUndone,
  type Progress,
} from './step-engine.ts';

/** The customer alone on the way through a service's steps; see `Cases` for each one's contract. */
export function createAlone({
  keys,
  services,
}: CasesNeeds): Pick<Cases, 'pass' | 'assess' | 'back' | 'toIdentify' | 'identified' | 'toCarryOut' | 'carriedOut'> {
  const record = (work: Work, row: CaseRow, what: Omit<CaseFact, 'about'>) => {
    const fact: CaseFact = { ...what, about: { caseId: row.id, kioskId: row.kiosk_id } };
    work.record(fact);
  };

  /** The case, its row locked, with the step that its customer stands at. */
  const atStep = async (work: Work, caseId: string, stepId: string | null) => {
    const row = await lockCase(work.tx, caseId);
    if (!row) throw new Refusal('not-found', 'no such case');
    if (row.at !== 'alone') throw new Refusal('wrong-state', `nothing is done alone at ${row.at}`);
    const service = services.get(row.service_id);
    const [values, done] = await Promise.all([valuesOf(work.tx, caseId), stepsDoneOf(work.tx, caseId)]);
    const progress: Progress = {
      done: new Set(done.map(({ step }) => step)),
      values: new Map(values.map(({ name, sealed }) => [name, keys.unseal(sealed, sealContext(caseId, name)).open()])),
    };
    const standing = standingOf(service, progress);
    if (stepId !== null && (standing.at !== 'step' || standing.step.id !== stepId))
      throw new Refusal('wrong-state', `the case does not stand at ${stepId}`);
    return { row, service, progress, standing };
  };

  /** Marks the step done; when it was the last one, the customer is asked for the rating. */
  const done = async (work: Work, { row, step, progress }: { row: CaseRow; step: Step; progress: Progress }) => {
    await saveStepDone(work.tx, { case_id: row.id, step: step.id, done_by: CUSTOMER, at: work.now });
    const after = standingOf(services.get(row.service_id), {
      ...progress,
      done: new Set([...progress.done, step.id]),
    });
    record(work, row, {
      kind: 'case.passed',
      data: { step: step.id, next: after.at === 'step' ? after.step.id : null },
    });
    if (after.at !== 'done') return;
    await updateCase(work.tx, row.id, { at: 'rating', since: work.now });
    record(work, row, { kind: 'case.moved', data: { from: row.at, to: 'rating' } });
  };

  return {
    async pass(work, caseId, { step: stepId, confirms }) {
      const { row, service, progress, standing } = await atStep(work, caseId, stepId);
      if (standing.at !== 'step') throw new Refusal('wrong-state', 'no step is left');
      const { step } = standing;
      if (step.kind === 'form' && !mayPass(service, step, progress.values))
        throw new Refusal('invalid-value', 'the form is not filled in');
      if (
        !mayPass(service, step, progress.values) ||
        !['form', 'explain', 'capture', 'confirm', 'receipt'].includes(step.kind)
      )
        throw new Refusal('wrong-state', `${step.kind} is not passed by the customer alone`);
      if (step.kind === 'confirm') {
        const text = confirmText(service, step, { values: progress.values, language: row.language });
        if (confirms !== text) throw new Refusal('wrong-state', 'another text is due');
        await updateCase(work.tx, row.id, { summary: keys.seal(text, sealContext(row.id, 'summary')) });
      }
      await done(work, { row, step, progress });
    },

    async assess(work, caseId, { step: stepId, answers }) {
      const { row, progress, standing } = await atStep(work, caseId, stepId);
      const step = standing.at === 'step' ? standing.step : null;
      if (step?.kind !== 'risk-assessment') throw new Refusal('wrong-state', 'no risk assessment is due');
      const level = riskLevelOf(step, answers);
      if (level === null) throw new Refusal('invalid-value', 'the answers do not fit the questions');
      await saveValue(work.tx, {
        case_id: row.id,
        name: RISK_LEVEL,
        class: 'C1',
        sealed: keys.seal(level, sealContext(row.id, RISK_LEVEL)),
        entered_by: CUSTOMER,
        origin: 'customer',
        entered_at: work.now,
        ...NOTHING_BEFORE,
      });
      const values = new Map([...progress.values, [RISK_LEVEL, level]]);
      await done(work, { row, step, progress: { ...progress, values } });
    },

    async toIdentify(work, caseId, stepId) {
      const { row, progress, standing } = await atStep(work, caseId, stepId);
      if (
        standing.at !== 'step' ||
        standing.step.kind !== 'identify' ||
        standing.step.by !== 'code' ||
        row.device === 'phone'
      )
        throw new Refusal('wrong-state', 'nobody is identified here');
      const { values } = progress;
      return { idNumber: values.get('idNumber') ?? '', name: values.get('fullName') ?? '', language: row.language };
    },

    async identified(work, caseId, { step: stepId, customerId, vip }) {
      const { row, progress, standing } = await atStep(work, caseId, stepId);
      if (standing.at !== 'step') throw new Refusal('wrong-state', 'no step is left');
      await updateCase(work.tx, row.id, { customer_id: customerId, vip, known_fetched_at: null });
      await done(work, { row, step: standing.step, progress });
    },

    async toCarryOut(work, caseId) {
      const row = await lockCase(work.tx, caseId);
      if (row?.at !== 'alone' || row.customer_id === null) return null;
      const { progress, standing } = await atStep(work, caseId, null);
      if (standing.at !== 'step' || standing.step.kind !== 'carry-out') return null;
      return {
        operation: standing.step.operation,
        customerId: row.customer_id,
        data: Object.fromEntries(progress.values),
      };
    },

    async carriedOut(work, caseId, operation) {
      // In a call the order was the step; alone it is done when the core has done it.
      if ((await lockCase(work.tx, caseId))?.at !== 'alone') return;
      const { row, progress, standing } = await atStep(work, caseId, null);
      if (standing.at !== 'step' || standing.step.kind !== 'carry-out' || standing.step.operation !== operation) return;
      await done(work, { row, step: standing.step, progress });
    },

    async back(work, caseId) {
      const { row, service, progress, standing } = await atStep(work, caseId, null);
      if (standing.at === 'step' && (standing.step.kind === 'carry-out' || standing.step.kind === 'receipt'))
        throw new Refusal('wrong-state', 'what was ordered is not taken back');
      const undone = stepsUndone(service, progress);
      if (undone.length === 0) throw new Refusal('wrong-state', 'no step is before this one');
      await removeStepsDone(work.tx, row.id, undone);
      record(work, row, { kind: 'case.went-back', data: { to: undone[0] ?? '' } });
    },
  };
}
