import { problemOf, tidyValue, type Field, type FieldProblem, type KioskCase } from '@openvtm/protocol';
import type { FormSaver, Kiosk } from '../../kiosk.ts';
import type { KioskStore } from '../../store.ts';

/** How long typing must rest until a value is saved (ms). */
const PAUSE_MS = 700;

export type FieldState = { raw: string; value: string; problem: FieldProblem | null; saved: boolean };

/** A field as the form shows it: what was typed last, else what the server has. Pure. */
export function fieldState(field: Field, running: KioskCase, drafts: Record<string, string>): FieldState {
  const kept = running.values.find(({ name }) => name === field.name)?.value ?? '';
  const raw = drafts[field.name] ?? kept;
  const value = tidyValue(field, raw);
  return { raw, value, problem: problemOf(field, value), saved: value === kept };
}

/** Whether a value may be sent: what is wrong stays at the kiosk, but an emptied field is emptied on the server too. */
export const maySend = ({ value, problem, saved }: FieldState): boolean => !saved && (value === '' || problem === null);

type Needs = { store: Pick<KioskStore, 'running' | 'drafts'>; tell: Kiosk['tell'] };

export function createSaver({ store, tell }: Needs): FormSaver {
  const timers = new Map<string, ReturnType<typeof setTimeout>>();
  const sending = new Map<string, Promise<boolean>>();

  async function save(field: Field): Promise<boolean> {
    clearTimeout(timers.get(field.name));
    timers.delete(field.name);
    // One at a time for a field, or an older value could arrive last.
    while (sending.has(field.name)) await sending.get(field.name);
    const { running } = store;
    if (!running) return true;
    const state = fieldState(field, running, store.drafts);
    if (!maySend(state)) return state.saved;
    const sent = tell('case:fill', { caseId: running.caseId, name: field.name, value: state.value });
    sending.set(field.name, sent);
    const done = await sent;
    if (sending.get(field.name) === sent) sending.delete(field.name);
    return done;
  }

  return {
    typed(field, raw) {
      store.drafts = { ...store.drafts, [field.name]: raw };
      clearTimeout(timers.get(field.name));
      timers.set(
        field.name,
        setTimeout(() => void save(field), PAUSE_MS),
      );
    },
    left(field) {
      void save(field);
    },
    async flush() {
      const { running } = store;
      if (!running) return true;
      const unsaved = running.service.fields.filter((field) => maySend(fieldState(field, running, store.drafts)));
      const done = await Promise.all(unsaved.map(save));
      return done.every(Boolean);
    },
  };
}
