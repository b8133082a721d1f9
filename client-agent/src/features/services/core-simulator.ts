import { CoreSimulatorState, type CoreBehaviour } from '@openvtm/protocol';
import { ref, shallowRef } from 'vue';
import type { Refused } from '../../live/index.ts';
import { refusalFrom } from '../../session/answers.ts';
import { session } from '../../session/current.ts';

/** What the simulated core may be told, by one press. */
export const BEHAVIOURS: readonly CoreBehaviour[] = [
  { is: 'usual' },
  { is: 'slow', ms: 3_000 },
  { is: 'refusing', reason: 'by-simulator' },
  { is: 'failing' },
  { is: 'silent' },
  { is: 'talking-nonsense' },
  { is: 'cut-off' },
];

/** The simulator in the place of the bank's core; `state` stays null where there is none. */
export function useCoreSimulator() {
  const state = shallowRef<CoreSimulatorState | null>(null);
  const busy = ref(false);
  const refused = shallowRef<Refused | null>(null);

  async function call(init?: RequestInit) {
    busy.value = true;
    refused.value = null;
    try {
      const response = await session.fetch('/api/core/simulator', init);
      if (response.ok) state.value = CoreSimulatorState.parse(await response.json());
      else refused.value = response.status === 404 ? null : await refusalFrom(response);
    } catch {
      refused.value = { code: 'offline', ref: '' };
    } finally {
      busy.value = false;
    }
  }
  return {
    state,
    busy,
    refused,
    load: () => call(),
    tell: (behaviour: CoreBehaviour) =>
      call({ method: 'PUT', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ behaviour }) }),
  };
}
