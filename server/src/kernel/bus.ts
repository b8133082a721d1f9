import type { Log } from './log.ts';

export type JsonScalar = string | number | boolean | null;

/**
 * Something that happened and is committed. `about` holds ids of the things it concerns; `data` figures and codes,
 * never personal content: both are written to the journal as they are.
 */
export type Fact = { kind: string; about: Record<string, string>; data?: Record<string, JsonScalar> };

export type Bus = {
  /** What this process has committed. */
  publish(facts: readonly Fact[]): void;
  /** What another process has committed. */
  hear(facts: readonly Fact[]): void;
  /** To act on what happened, which the process does that made it happen. */
  on(listener: (fact: Fact) => void): () => void;
  /** To show what happened wherever it did: screens and media of this process. */
  onAnywhere(listener: (fact: Fact) => void): () => void;
};

/**
 * Tells committed facts to those in this process that act on them: all facts of a change to one listener, then to the
 * next, in the order in which they began to listen. A listener's error is logged and stops nobody else.
 */
export function createBus(log: Log): Bus {
  const listeners = new Map<(fact: Fact) => void, 'here' | 'anywhere'>();
  const tell = (listener: (fact: Fact) => void, facts: readonly Fact[]) => {
    for (const fact of facts) {
      try {
        listener(fact);
      } catch (error) {
        log.error({ err: error, kind: fact.kind }, 'a listener failed on a fact');
      }
    }
  };
  const listen = (wants: 'here' | 'anywhere') => (listener: (fact: Fact) => void) => {
    listeners.set(listener, wants);
    return () => void listeners.delete(listener);
  };
  return {
    publish(facts) {
      for (const listener of listeners.keys()) tell(listener, facts);
    },
    hear(facts) {
      for (const [listener, wants] of listeners) if (wants === 'anywhere') tell(listener, facts);
    },
    on: listen('here'),
    onAnywhere: listen('anywhere'),
  };
}
