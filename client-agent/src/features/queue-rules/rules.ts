import { RulesChanged, RulesChecked, type RulesFlaw, RulesInForce } from '@openvtm/protocol';
import { ref, shallowRef } from 'vue';
import type { Refused } from '../../live/index.ts';
import { refusalFrom } from '../../session/answers.ts';
import { session } from '../../session/current.ts';

const ADDRESS = '/api/queue-rules';
const CHANGED_MEANWHILE = 409;

/** What became of rules that were to be put in force. */
export type PutOutcome =
  | { is: 'in-force'; version: number }
  | { is: 'flawed'; flaws: RulesFlaw[] }
  /** Others were put in force meanwhile; these stay, and are now known. */
  | { is: 'outdated'; theirs: RulesInForce };

const sent = (method: 'POST' | 'PUT', body: unknown) => ({
  method,
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify(body),
});

/** The rules in force, and the ways to check others and to put them in their place. */
export function useRules() {
  const busy = ref(false);
  const refused = shallowRef<Refused | null>(null);

  async function run<T>(work: () => Promise<T | null>): Promise<T | null> {
    busy.value = true;
    refused.value = null;
    try {
      return await work();
    } catch {
      refused.value = { code: 'offline', ref: '' };
      return null;
    } finally {
      busy.value = false;
    }
  }
  async function read(): Promise<RulesInForce | null> {
    const response = await session.fetch(ADDRESS);
    if (response.ok) return RulesInForce.parse(await response.json());
    refused.value = await refusalFrom(response);
    return null;
  }

  return {
    busy,
    refused,
    load: () => run(read),
    /** Every flaw of a text; empty: it can be put in force. */
    check: (text: string) =>
      run(async (): Promise<RulesFlaw[] | null> => {
        const response = await session.fetch(`${ADDRESS}/check`, sent('POST', { text }));
        if (response.ok) return RulesChecked.parse(await response.json()).flaws;
        refused.value = await refusalFrom(response);
        return null;
      }),
    put: (change: { text: string; basedOn: number }) =>
      run(async (): Promise<PutOutcome | null> => {
        const response = await session.fetch(ADDRESS, sent('PUT', change));
        if (response.ok) return { is: 'in-force', ...RulesChanged.parse(await response.json()) };
        if (response.status === CHANGED_MEANWHILE) {
          const theirs = await read();
          return theirs && { is: 'outdated', theirs };
        }
        const copy = response.clone();
        const flawed = RulesChecked.safeParse(await copy.json().catch(() => null));
        if (flawed.success) return { is: 'flawed', flaws: flawed.data.flaws };
        refused.value = await refusalFrom(response);
        return null;
      }),
  };
}
