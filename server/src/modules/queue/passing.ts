import type { QueueRule, QueueRules, Text } from '@openvtm/protocol';
import type { Database, Queryable } from '../../kernel/db.ts';
import { kindsOnDuty } from './agents.store.ts';
import { conditionsOf, type Wanted } from './conditions.ts';
import { firstStepOf, type Able } from './eligibility.ts';
import { isOpen, nextOpening } from './hours.ts';
import { ableOf } from './lanes.ts';
import { queueFor, queueOf, routeNow, shutOf, type Origin, type Shut } from './routing.ts';
import type { RulesInForce } from './rules-in-force.ts';
import type { PassedTo } from './tickets.store.ts';

/** What a customer who is passed on asks for, by service and branch. */
export type PassWish = Origin & Wanted;
/** Agents on duty who could serve the ticket there, and those of them who are free. */
type Staffed = { onDuty: number; ready: number };
export type PassTargets = {
  anybody: Staffed;
  skills: (Staffed & { id: string; title: Text; licence: boolean })[];
  queues: (Staffed & { id: string; title: Text; closed: { opensAt: number | null } | null })[];
};

/** The skills of a ticket that is for those who have this one, too. */
export const withSkill = (skills: Readonly<Record<string, number>>, skill: string): Record<string, number> => ({
  ...skills,
  [skill]: Math.max(1, skills[skill] ?? 0),
});
export const nameOf = (to: PassedTo): string => (to.is === 'skill' ? `skill:${to.skill}` : `queue:${to.queueId}`);

/** How the rules call what was chosen; null: nothing was, or the rules have it no longer. */
export function titleOf(rules: QueueRules, to: PassedTo | null): Text | null {
  if (to === null) return null;
  const found = to.is === 'skill' ? rules.skills.find(({ id }) => id === to.skill) : queueOf(rules, to.queueId);
  return found?.title ?? null;
}

/** A queue takes customers of every branch, or of its group's. */
const takesBranch = (rules: QueueRules, { group }: QueueRule, branchId: string | null) =>
  group === null ||
  (branchId !== null && (rules.groups.find(({ id }) => id === group)?.branches.includes(branchId) ?? false));

type Kind = Able & Staffed;
/** Who of these could serve the ticket in that queue by any of its steps. */
function staffed(rules: QueueRules, kinds: readonly Kind[], at: { queue: QueueRule; wanted: Wanted }): Staffed {
  const steps = conditionsOf(rules, at.queue, at.wanted);
  const able = kinds.filter((kind) => firstStepOf(rules, kind, steps) !== null);
  return {
    onDuty: able.reduce((sum, { onDuty }) => sum + onDuty, 0),
    ready: able.reduce((sum, { ready }) => sum + ready, 0),
  };
}

export function targetsOf(rules: QueueRules, kinds: readonly Kind[], at: { wish: PassWish; now: number }): PassTargets {
  const { wish, now } = at;
  const own = queueFor(rules, wish);
  return {
    anybody: staffed(rules, kinds, { queue: own, wanted: wish }),
    skills: rules.skills.map(({ id, title, licence }) => ({
      id,
      title,
      licence,
      ...staffed(rules, kinds, { queue: own, wanted: { ...wish, skills: withSkill(wish.skills, id) } }),
    })),
    queues: rules.queues
      .filter((queue) => takesBranch(rules, queue, wish.branchId))
      .map((queue) => ({
        id: queue.id,
        title: queue.title,
        closed: isOpen(queue, rules.timeZone, now) ? null : { opensAt: nextOpening(queue, rules.timeZone, now) },
        ...staffed(rules, kinds, { queue, wanted: wish }),
      })),
  };
}

/** Why a new ticket could not be served at once where it would come to be, all overflows that are due included. */
function shutFor(rules: QueueRules, kinds: readonly Kind[], { wish, now }: { wish: PassWish; now: number }): Shut {
  const hasSomebody = (queue: QueueRule) => staffed(rules, kinds, { queue, wanted: wish }).onDuty > 0;
  const { queue } = routeNow(rules, queueFor(rules, wish), { joinedAt: now, now, hasSomebody });
  return shutOf(rules, queue, { now, hasSomebody: hasSomebody(queue) });
}

/** See `Queue` for each one's contract. */
export function createPassing({
  database,
  rules,
  clock,
}: {
  database: Database;
  rules: Pick<RulesInForce, 'inForce'>;
  clock: () => number;
}) {
  const kindsThere = async (reader: Queryable, except: string | null): Promise<Kind[]> =>
    (await kindsOnDuty(reader, except)).map(({ able, on_duty: onDuty, ready }) => ({ ...ableOf(able), onDuty, ready }));
  return {
    async passTargets(wish: PassWish, { except }: { except: string }, reader: Queryable = database) {
      const inForce = await rules.inForce(reader);
      return targetsOf(inForce.rules, await kindsThere(reader, except), { wish, now: clock() });
    },
    async shutFor(wish: PassWish, reader: Queryable = database) {
      const inForce = await rules.inForce(reader);
      return shutFor(inForce.rules, await kindsThere(reader, null), { wish, now: clock() });
    },
  };
}
