import type { Log } from './log.ts';

export type JsonScalar = string | number | boolean | null;

/**
 * Something that happened and is committed. `about` holds ids of the things it concerns; `data` figures and codes,
 * never personal content: both are written to the journal as they are.
 */
export type Fact = { kind: string; about: Record<string, string>; data?: Record<string, JsonScalar> };

export type Bus = { publish(facts: readonly Fact[]): void; on(listener: (fact: Fact) => void): () => void };

/**
 * Tells committed facts to those in this process that act on them: all facts of a change to one listener, then to the
 * next, in the order in which they began to listen. A listener's error is logged and stops nobody else.
 */
export function createBus(log: Log): Bus {
  const listeners = new Set<(fact: Fact) => void>();
  return {
    publish(facts) {
      for (const listener of listeners) {
        for (const fact of facts) {
          try {
            listener(fact);
          } catch (error) {
            log.error({ err: error, kind: fact.kind }, 'a listener failed on a fact');
          }
        }
      }
    },
    on(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
