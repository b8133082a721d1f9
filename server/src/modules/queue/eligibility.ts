import type { Language, QueueRules } from '@openvtm/protocol';
import type { Conditions } from './conditions.ts';

/** What an agent can do, as the conditions look at it. */
export type Able = {
  skills: Readonly<Record<string, number>>;
  languages: readonly Language[];
  branchId: string | null;
};

/** Why an agent can't take a ticket under these conditions; `has` 0: not at all. */
export type Lacks =
  | { is: 'skill'; skill: string; needs: number; has: number }
  | { is: 'language'; needs: Language }
  | { is: 'branch'; group: string };

/** Everything that an agent lacks; nothing: the agent may serve. */
export function lacksOf(rules: QueueRules, agent: Able, conditions: Conditions): Lacks[] {
  const lacks: Lacks[] = [];
  for (const [skill, needs] of Object.entries(conditions.skills)) {
    const has = agent.skills[skill] ?? 0;
    if (has < needs) lacks.push({ is: 'skill', skill, needs, has });
  }
  if (conditions.language !== null && !agent.languages.includes(conditions.language))
    lacks.push({ is: 'language', needs: conditions.language });
  if (conditions.staffedBy !== null) {
    const branches = rules.groups.find(({ id }) => id === conditions.staffedBy)?.branches ?? [];
    if (agent.branchId === null || !branches.includes(agent.branchId))
      lacks.push({ is: 'branch', group: conditions.staffedBy });
  }
  return lacks;
}

/** The first of a ticket's steps that the agent fulfils; null: none. */
export function firstStepOf(rules: QueueRules, agent: Able, steps: readonly Conditions[]): number | null {
  const step = steps.findIndex((conditions) => lacksOf(rules, agent, conditions).length === 0);
  return step === -1 ? null : step;
}
