import {
  askedFields,
  conditionHolds,
  fieldsOf,
  isOfStep,
  openFields,
  personFor,
  shownValue,
  type AloneStep,
  type Field,
  type KioskKind,
  type Language,
  type Service,
  type Step,
  type Values,
} from '@openvtm/protocol';

/** Steps that are done where the customer stands in person, never on the customer's own phone. */
export const asksPresence = (step: Step): boolean =>
  personFor(step) !== 'nobody' || step.kind === 'identify' || step.kind === 'carry-out';

/** How far a case is: the steps that are done, and what was entered. */
export type Progress = { done: ReadonlySet<string>; values: Values };

/** Where a case stands among its service's steps. Pure; whoever did a step, and wherever, it is done. */
export type Standing =
  | { at: 'step'; step: Step }
  /** What was answered does not fulfil what a step asks. */
  | { at: 'stopped'; step: Extract<Step, { until?: unknown }> }
  /** Nothing but the rating is left. */
  | { at: 'done' };

/** The value under which a risk assessment keeps its level. */
export const RISK_LEVEL = 'riskLevel';

/** The steps that these values ask for, but the consent and the rating, which have states of their own. */
export function stepsFor({ steps }: Service, values: Values): Step[] {
  return steps.filter(
    (step) =>
      step.kind !== 'consent' &&
      step.kind !== 'rate' &&
      (!('when' in step) || step.when === undefined || conditionHolds(step.when, values)),
  );
}

export function standingOf(service: Service, { done, values }: Progress): Standing {
  for (const step of stepsFor(service, values)) {
    if (!done.has(step.id)) return { at: 'step', step };
    if ('until' in step && step.until && !conditionHolds(step.until.condition, values)) return { at: 'stopped', step };
  }
  return { at: 'done' };
}

/** How many steps are done, of all that these values ask for. */
export function wayDone(service: Service, { done, values }: Progress): { done: number; all: number } {
  const steps = stepsFor(service, values);
  return { done: steps.filter(({ id }) => done.has(id)).length, all: steps.length };
}

/** Who has to be there for the step after the one the case stands at. */
export function personAfter(service: Service, progress: Progress): 'nobody' | 'agent' | 'branch-staff' {
  const standing = standingOf(service, progress);
  if (standing.at !== 'step') return 'nobody';
  const next = standingOf(service, { ...progress, done: new Set([...progress.done, standing.step.id]) });
  return next.at === 'step' ? personFor(next.step) : 'nobody';
}

/** The done steps that are done no longer when the customer goes one step back. */
export function stepsUndone(service: Service, { done, values }: Progress): string[] {
  const steps = stepsFor(service, values);
  const standing = standingOf(service, { done, values });
  const here = standing.at === 'done' ? steps.length : steps.indexOf(standing.step);
  // From where the service stopped, the answers that stopped it are given again.
  const to = standing.at === 'stopped' ? here : Math.max(0, here - 1);
  return steps.slice(to).flatMap(({ id }) => (done.has(id) ? [id] : []));
}

const firstForm = ({ steps }: Service): string | undefined => steps.find(({ kind }) => kind === 'form')?.id;

/** The fields that one of a service's form steps asks for. */
const isAskedIn = (service: Service, step: string): ((field: Field) => boolean) => {
  const first = step === firstForm(service);
  return (field) => isOfStep(field, { id: step, first });
};

/** The steps that what is entered into a field decides: the form step that asks for it and all after it. */
export function stepsFrom(service: Service, field: Field): string[] {
  const asking = field.step ?? firstForm(service);
  return service.steps.slice(service.steps.findIndex(({ id }) => id === asking)).map(({ id }) => id);
}

/** The asked fields of a form step that the bank may know and nobody has filled. */
export const fieldsToFetch = (service: Service, step: string, values: Values): Field[] =>
  askedFields(service.form, values)
    .filter(isAskedIn(service, step))
    .filter(({ from, name }) => from !== undefined && !values.has(name));

/** Whether the customer alone may leave this step behind, with what was entered. */
export const mayPass = (service: Service, step: Step, values: Values): boolean =>
  personFor(step) === 'nobody' &&
  (step.kind !== 'form' || !openFields(service.form, values).some(({ field }) => isAskedIn(service, step.id)(field)));

/** The level that answers lead to, or null when they do not fit the questions. Points add up; the highest level reached counts. */
export function riskLevelOf(
  step: Extract<Step, { kind: 'risk-assessment' }>,
  answers: readonly number[],
): string | null {
  if (answers.length !== step.questions.length) return null;
  let points = 0;
  for (const [i, question] of step.questions.entries()) {
    const answer = question.answers[answers[i] ?? -1];
    if (!answer) return null;
    points += answer.points;
  }
  return step.levels.findLast(({ from }) => points >= from)?.level ?? null;
}

/** What the customer is asked to confirm: the step's template with what was entered, in the customer's words. */
export function confirmText(
  service: Service,
  step: Extract<Step, { kind: 'confirm' }>,
  { values, language }: { values: Values; language: Language },
): string {
  const fields = fieldsOf(service.form);
  const levels = service.steps.flatMap((one) => (one.kind === 'risk-assessment' ? one.levels : []));
  const words = (name: string): string => {
    const value = values.get(name) ?? '';
    const field = fields.find((one) => one.name === name);
    if (field) return shownValue(field, value, language);
    return levels.find(({ level }) => level === value)?.label[language] ?? value;
  };
  return (step.template ?? step.title)[language].replaceAll(/\{\{(.*?)\}\}/g, (_, name: string) => words(name) || '–');
}

/**
 * The step as the screen of a customer alone shows it; null while there is nothing to show. What other modules know of
 * it (the code that was sent, the core's answer) is put in by `showStep`. `proved`: it is known who the customer is.
 */
export function aloneStep(
  service: Service,
  progress: Progress,
  { language, device, proved = false }: { language: Language; device: KioskKind; proved?: boolean },
): AloneStep | null {
  const standing = standingOf(service, progress);
  if (standing.at === 'done') return null;
  const { step } = standing;
  if (standing.at === 'stopped')
    return {
      kind: 'stopped',
      id: step.id,
      title: standing.step.title,
      why: standing.step.until?.otherwise ?? standing.step.title,
    };
  if (device === 'phone' && asksPresence(step)) {
    const captures = stepsFor(service, progress.values).filter((one) => one.kind === 'capture');
    return {
      kind: 'hand-over',
      id: step.id,
      captures: captures.map(({ id, title, document }) => ({ step: id, title, document })),
    };
  }
  const needs = personFor(step);
  if (needs !== 'nobody') return { kind: 'person', id: step.id, needs, reviewedAt: null };
  switch (step.kind) {
    case 'form':
      return {
        kind: 'form',
        id: step.id,
        title: step.title ?? null,
        fields: fieldsOf(service.form)
          .filter(isAskedIn(service, step.id))
          .map(({ name }) => name),
        known: proved && fieldsToFetch(service, step.id, progress.values).length > 0,
      };
    case 'explain':
      return { kind: 'explain', id: step.id, title: step.title, script: step.script };
    case 'capture': {
      const { id, title, script, document, camera } = step;
      return { kind: 'capture', id, title, script, document, camera };
    }
    case 'risk-assessment':
      return {
        kind: 'risk-assessment',
        id: step.id,
        title: step.title,
        questions: step.questions.map(({ text, answers }) => ({ text, answers: answers.map((one) => one.text) })),
      };
    case 'confirm': {
      const text = confirmText(service, step, { values: progress.values, language });
      return { kind: 'confirm', id: step.id, title: step.title, script: step.script, text };
    }
    case 'identify':
      return { kind: 'identify', id: step.id, title: step.title, script: step.script, sent: null, simulated: null };
    case 'carry-out': {
      const state = { at: 'under-way', since: 0, attempts: 0 } as const;
      return { kind: 'carry-out', id: step.id, title: step.title, state, simulated: false };
    }
    case 'receipt':
      return {
        kind: 'receipt',
        id: step.id,
        title: step.title,
        text: '',
        reference: '',
        facts: [],
        doneAt: 0,
        simulated: false,
      };
    default:
      return null;
  }
}
