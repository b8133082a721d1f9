import { Refusal } from '../errors.ts';
import type { FileStores, MeasureFiles } from './store.ts';

/** The same stores, with a word to `measure` about each use. */
export function measureStores(stores: FileStores, measure: MeasureFiles): FileStores {
  const timed = async <T>(what: Parameters<MeasureFiles>[0], job: () => Promise<T>): Promise<T> => {
    const began = performance.now();
    const tell = (result: Parameters<MeasureFiles>[1]) => measure(what, result, (performance.now() - began) / 1000);
    try {
      const answer = await job();
      tell('ok');
      return answer;
    } catch (error) {
      tell(error instanceof Refusal ? 'full' : 'away');
      throw error;
    }
  };
  return {
    ...stores,
    of(kind) {
      const store = stores.of(kind);
      return {
        put: (name, sealed) => timed('put', () => store.put(name, sealed)),
        get: (name) => timed('get', () => store.get(name)),
        older: (ageMs) => timed('list', () => store.older(ageMs)),
        remove: (name) => timed('remove', () => store.remove(name)),
      };
    },
  };
}
