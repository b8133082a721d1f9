import type { Text, TransferTargets, TransferTo } from '@openvtm/protocol';

/** A skill or a queue to choose: `name` in the agent's language. */
export type Target = {
  to: Exclude<TransferTo, { is: 'agent' }>;
  key: string;
  name: string;
  onDuty: number;
  ready: number;
  closed: boolean;
};

/** Those with somebody there first, each group in the order of the rules. `inWords`: a title in the agent's language. */
export function targetsIn(
  shown: TransferTargets,
  inWords: (title: Text) => string,
): { skills: Target[]; queues: Target[] } {
  const thereFirst = (targets: Target[]) => targets.toSorted((a, b) => Number(isShut(a)) - Number(isShut(b)));
  return {
    skills: thereFirst(
      shown.skills.map(({ id, title, onDuty, ready }) => ({
        to: { is: 'skill', skill: id },
        key: `skill:${id}`,
        name: inWords(title),
        onDuty,
        ready,
        closed: false,
      })),
    ),
    queues: thereFirst(
      shown.queues.map(({ id, title, onDuty, ready, closed }) => ({
        to: { is: 'queue', queueId: id },
        key: `queue:${id}`,
        name: inWords(title),
        onDuty,
        ready,
        closed: closed !== null,
      })),
    ),
  };
}

/** Nobody serves the customer there just now. */
export const isShut = ({ onDuty, closed }: Pick<Target, 'onDuty' | 'closed'>): boolean => closed || onDuty === 0;
