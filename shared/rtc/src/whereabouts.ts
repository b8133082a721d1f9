import type { In, Place } from '@openvtm/protocol';

/** ms between two tellings: more than ten a second nobody reads. */
const GAP_MS = 100;

type Where = { caseId: In<'sharing:at'>['caseId']; place: Place | null };

/** Tells the other side of a call where this one is in the form. */
export interface Whereabouts {
  /** At once, then at most ten times a second, and the last always. The same again: nothing. */
  at(where: Where): void;
  /** The line is up again: what was told over the one before is forgotten there. */
  again(): void;
  /** Leaves no timer. May be called twice. */
  close(): void;
}

export function createWhereabouts({ send }: { send: (where: Where) => void }): Whereabouts {
  let here: Where | null = null;
  let told = '';
  let toldAt = -Infinity;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function tell(): void {
    clearTimeout(timer);
    timer = undefined;
    const now = JSON.stringify(here);
    if (here === null || now === told) return;
    told = now;
    toldAt = Date.now();
    send(here);
  }

  return {
    at(where) {
      here = where;
      if (timer !== undefined) return;
      const wait = toldAt + GAP_MS - Date.now();
      if (wait <= 0) tell();
      else timer = setTimeout(tell, wait);
    },
    again() {
      told = '';
      if (here?.place) tell();
    },
    close() {
      clearTimeout(timer);
      timer = undefined;
      here = null;
    },
  };
}
