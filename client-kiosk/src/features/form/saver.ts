import {
  fieldsOf,
  problemOf,
  tidyValue,
  type Field,
  type FieldProblem,
  type KioskCase,
  type Origin,
} from '@openvtm/protocol';
import type { FormSaver, Kiosk } from '../../kiosk.ts';
import type { KioskStore } from '../../store.ts';

/** How long typing must rest until a value is saved (ms). */
const PAUSE_MS = 700;

/** Who else than the customer entered what a field shows; null: the customer, or nobody. Pure. */
export function originOf(
  field: Field,
  running: KioskCase,
  drafts: Record<string, string>,
): Exclude<Origin, 'customer'> | null {
  const kept = running.values.find(({ name }) => name === field.name);
  if (!kept || kept.origin === 'customer' || !fieldState(field, running, drafts).saved) return null;
  return kept.origin;
}

export type FieldState = { raw: string; value: string; problem: FieldProblem | null; saved: boolean };

/**
 * A field as the form shows it: what was typed last, else what the server has. `refused`: values that the server did not
 * take although they look right. Pure.
 */
export function fieldState(
  field: Field,
  running: KioskCase,
  drafts: Record<string, string>,
  refused: Record<string, string> = {},
): FieldState {
  const kept = running.values.find(({ name }) => name === field.name)?.value ?? '';
  const raw = drafts[field.name] ?? kept;
  const value = tidyValue(field, raw);
  const problem = problemOf(field, value) ?? (value !== '' && refused[field.name] === value ? 'not-taken' : null);
  return { raw, value, problem, saved: value === kept };
}

/**
 * Whether a value may be sent: what is wrong stays at the kiosk, but an emptied field is emptied on the server too, and
 * what the server did not take it may take later.
 */
export const maySend = ({ value, problem, saved }: FieldState): boolean =>
  !saved && (value === '' || problem === null || problem === 'not-taken');

type Needs = {
  store: Pick<KioskStore, 'running' | 'drafts' | 'readings' | 'conflicts' | 'refused' | 'failure'>;
  attempt: Kiosk['attempt'];
};

export function createSaver({ store, attempt }: Needs): FormSaver {
  const timers = new Map<string, ReturnType<typeof setTimeout>>();
  const sending = new Map<string, Promise<unknown>>();
  /** The revision of a field that was on screen when its draft was begun, or that this page saved itself. */
  const seen = new Map<string, number>();
  /** What of a draft the server has. */
  const savedAs = new Map<string, string>();

  const keptOf = (name: string) => store.running?.values.find((one) => one.name === name);
  const without = <T>(record: Record<string, T>, name: string) =>
    Object.fromEntries(Object.entries(record).filter(([key]) => key !== name));
  function conflict(name: string, on: boolean) {
    if (store.conflicts.has(name) === on) return;
    const next = new Set(store.conflicts);
    if (on) next.add(name);
    else next.delete(name);
    store.conflicts = next;
  }
  function dropDraft(name: string) {
    conflict(name, false);
    store.drafts = without(store.drafts, name);
    seen.delete(name);
    savedAs.delete(name);
  }

  async function save(field: Field, { aloud = false } = {}): Promise<boolean> {
    const { name } = field;
    clearTimeout(timers.get(name));
    timers.delete(name);
    // One at a time for a field, or an older value could arrive last.
    while (sending.has(name)) await sending.get(name);
    const { running } = store;
    if (!running) return true;
    if (store.conflicts.has(name)) return false;
    const state = fieldState(field, running, store.drafts);
    const { value } = state;
    const isRead = value !== '' && store.readings[name] === value;
    // What was typed and is then read from the card is the card's.
    const isWitness = isRead && problemOf(field, value) === null && keptOf(name)?.origin !== 'reader';
    if (!maySend(state) && !isWitness) return state.saved;
    const { caseId } = running;
    const sent = attempt('case:fill', {
      caseId,
      name,
      value,
      seen: seen.get(name) ?? keptOf(name)?.revision ?? 0,
      ...(isRead ? { origin: 'reader' as const } : {}),
    });
    sending.set(name, sent);
    const outcome = await sent;
    if (sending.get(name) === sent) sending.delete(name);
    if (store.running?.caseId !== caseId) return true;
    if (outcome.ok) {
      seen.set(name, outcome.data.revision);
      savedAs.set(name, value);
      if (name in store.refused) store.refused = without(store.refused, name);
    } else {
      const { code } = outcome.failure;
      if (code === 'invalid-value') store.refused = { ...store.refused, [name]: value };
      // Of a conflict the screen says more as soon as it has the other value.
      if (aloud && code !== 'conflict') store.failure = outcome.failure;
    }
    compare(field);
    return outcome.ok;
  }

  /** What somebody else made of a field while it has a draft here. */
  function compare(field: Field): void {
    const { name } = field;
    const { running } = store;
    if (!running || store.drafts[name] === undefined || sending.has(name)) return;
    const kept = keptOf(name);
    const { value } = fieldState(field, running, store.drafts);
    if (kept && kept.revision <= (seen.get(name) ?? kept.revision)) return;
    if (kept && kept.value !== value && savedAs.get(name) === value) dropDraft(name);
    else if (kept && kept.value !== value && kept.changed !== null) conflict(name, true);
    else if (kept || store.conflicts.has(name)) {
      // Both mean the same, or what stands is the customer's own again: what is typed goes on from there.
      if (kept) seen.set(name, kept.revision);
      conflict(name, false);
      void save(field);
    }
  }

  function draft(name: string, raw: string) {
    if (store.drafts[name] === undefined) {
      seen.set(name, keptOf(name)?.revision ?? 0);
      savedAs.delete(name);
    }
    store.drafts = { ...store.drafts, [name]: raw };
  }

  const fields = () => (store.running ? fieldsOf(store.running.service.form) : []);

  return {
    typed(field, raw) {
      draft(field.name, raw);
      clearTimeout(timers.get(field.name));
      timers.set(
        field.name,
        setTimeout(() => void save(field), PAUSE_MS),
      );
    },
    read(field, value) {
      store.readings = { ...store.readings, [field.name]: value };
      draft(field.name, value);
      void save(field);
    },
    left(field) {
      void save(field);
    },
    caseChanged() {
      for (const field of fields()) compare(field);
    },
    keepMine(field) {
      const kept = keptOf(field.name);
      if (kept) seen.set(field.name, kept.revision);
      conflict(field.name, false);
      void save(field, { aloud: true });
    },
    takeTheirs(field) {
      dropDraft(field.name);
    },
    async flush() {
      const { running } = store;
      if (!running) return true;
      const unsaved = fields().filter((field) => maySend(fieldState(field, running, store.drafts)));
      // The customer waits for this: a value that the server refuses must not make the button do nothing.
      const done = await Promise.all(unsaved.map((field) => save(field, { aloud: true })));
      // A reader that the server does not know any more must not keep the customer: it goes on as typed.
      const refused = new Set(unsaved.filter((_, i) => !done[i]).map(({ name }) => name));
      store.readings = Object.fromEntries(Object.entries(store.readings).filter(([name]) => !refused.has(name)));
      return done.every(Boolean);
    },
  };
}
