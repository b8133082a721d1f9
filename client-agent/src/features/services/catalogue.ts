import { Catalogue } from '@openvtm/protocol';
import { ref, shallowRef } from 'vue';
import type { Refused } from '../../live/index.ts';
import { refusalFrom } from '../../session/answers.ts';
import { session } from '../../session/current.ts';

/** The catalogue as the server read it at its start. */
export function useCatalogue() {
  const services = shallowRef<Catalogue['services']>([]);
  const busy = ref(false);
  const refused = shallowRef<Refused | null>(null);

  async function load() {
    busy.value = true;
    refused.value = null;
    try {
      const response = await session.fetch('/api/services');
      if (response.ok) services.value = Catalogue.parse(await response.json()).services;
      else refused.value = await refusalFrom(response);
    } catch {
      refused.value = { code: 'offline', ref: '' };
    } finally {
      busy.value = false;
    }
  }
  return { services, busy, refused, load };
}
