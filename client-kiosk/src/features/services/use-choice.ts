import type { ServiceCard } from '@openvtm/protocol';
import { ref } from 'vue';
import { useJourney } from '../../journey/use-journey.ts';

/** Choosing a service: one at a time, whatever is touched meanwhile. */
export function useChoice() {
  const { begin } = useJourney();
  const chosen = ref<string | null>(null);
  async function choose(service: ServiceCard) {
    if (chosen.value !== null) return;
    chosen.value = service.id;
    await begin(service.id);
    chosen.value = null;
  }
  return { chosen, choose };
}
