import { personFor, type Step } from '@openvtm/protocol';

/** A step that the agent works through in the call; consent, form and rating are the customer's alone. */
export type TalkStep = Extract<Step, { script: unknown }>;
export type ChecklistItem = { step: TalkStep; number: number; done: boolean; current: boolean };
export type Checklist = { items: ChecklistItem[]; current: TalkStep | null; done: number };

/** `chosen`: the step the agent clicked to read; otherwise the first that is not done is the current one. */
export function checklistOf(
  steps: readonly Step[],
  ticked: readonly string[],
  chosen: string | null = null,
): Checklist {
  const talk = steps.filter((step): step is TalkStep => 'script' in step && personFor(step) !== 'nobody');
  const done = new Set(ticked);
  const current = talk.find((step) => step.id === chosen) ?? talk.find((step) => !done.has(step.id)) ?? null;
  return {
    items: talk.map((step, i) => ({ step, number: i + 1, done: done.has(step.id), current: step.id === current?.id })),
    current,
    done: talk.filter((step) => done.has(step.id)).length,
  };
}
