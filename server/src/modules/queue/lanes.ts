import type { Language, QueueRules } from '@openvtm/protocol';
import type { Tx } from '../../kernel/db.ts';
import type { Conditions } from './conditions.ts';
import type { Able } from './eligibility.ts';
import {
  allKinds,
  allLanes,
  insertFits,
  insertKind,
  insertLane,
  knownKind,
  knownLanes,
  lockMaking,
} from './lanes.store.ts';

type Skills = [name: string, level: number][];
type Lane = [skills: Skills, language: Language | null, branches: string[] | null];
type Kind = [skills: Skills, languages: Language[], branchId: string | null];

const sorted = (skills: Readonly<Record<string, number>>): Skills =>
  Object.entries(skills).toSorted(([a], [b]) => (a < b ? -1 : 1));

/** What a step asks, as a text that needs no rules to be understood: equal ones are one lane. */
export function laneText(rules: QueueRules, { skills, language, staffedBy }: Conditions): string {
  const group = staffedBy === null ? null : rules.groups.find(({ id }) => id === staffedBy);
  const branches = staffedBy === null ? null : (group?.branches.toSorted() ?? []);
  return JSON.stringify([sorted(skills), language, branches] satisfies Lane);
}
/** What an agent can do: equal ones are one kind. */
export const kindText = ({ skills, languages, branchId }: Able): string =>
  JSON.stringify([sorted(skills), languages.toSorted(), branchId] satisfies Kind);

/** What a kind's text says. */
export function ableOf(kind: string): Able {
  const [skills, languages, branchId] = JSON.parse(kind) as Kind;
  return { skills: Object.fromEntries(skills), languages, branchId };
}
/** Whether agents of this kind may serve tickets of this lane; the same as `lacksOf` finding nothing. */
export function serves(kind: string, lane: string): boolean {
  const [has, languages, branchId] = JSON.parse(kind) as Kind;
  const [asks, language, branches] = JSON.parse(lane) as Lane;
  const levels = new Map(has);
  return (
    asks.every(([skill, level]) => (levels.get(skill) ?? 0) >= level) &&
    (language === null || languages.includes(language)) &&
    (branches === null || (branchId !== null && branches.includes(branchId)))
  );
}

export type Lanes = {
  /** The ids of lanes, made where they are new. */
  lanes(tx: Tx, texts: readonly string[]): Promise<Map<string, number>>;
  kind(tx: Tx, text: string): Promise<number>;
};

/** Numbers for texts. What a transaction has just made is not remembered beyond it, for it may not last. */
export function createLanes(): Lanes {
  const lanes = new Map<string, number>();
  const kinds = new Map<string, number>();
  const made = new WeakMap<Tx, Map<string, number>>();

  const makeLane = async (tx: Tx, text: string) => {
    await lockMaking(tx);
    const lane = await insertLane(tx, text);
    const fitting = (await allKinds(tx)).filter((kind) => serves(kind.text, text));
    await insertFits(
      tx,
      fitting.map((kind) => [lane, kind.id] as const),
    );
    return lane;
  };

  return {
    async lanes(tx, texts) {
      const own = made.get(tx) ?? new Map<string, number>();
      const missing = [...new Set(texts)].filter((text) => !lanes.has(text) && !own.has(text));
      if (missing.length > 0) {
        for (const { id, text } of await knownLanes(tx, missing)) lanes.set(text, id);
        for (const text of missing) if (!lanes.has(text)) own.set(text, await makeLane(tx, text));
        made.set(tx, own);
      }
      return new Map(texts.map((text) => [text, lanes.get(text) ?? own.get(text) ?? 0]));
    },

    async kind(tx, text) {
      const known = kinds.get(text);
      if (known !== undefined) return known;
      const before = await knownKind(tx, text);
      if (before !== undefined) {
        kinds.set(text, before);
        return before;
      }
      await lockMaking(tx);
      const kind = await insertKind(tx, text);
      const fitting = (await allLanes(tx)).filter((lane) => serves(text, lane.text));
      await insertFits(
        tx,
        fitting.map((lane) => [lane.id, kind] as const),
      );
      return kind;
    },
  };
}
