import { type Field, type KioskCase } from '@openvtm/protocol';
import { computed, reactive, ref } from 'vue';
import { onPhone } from '../../enrol/place.ts';
import { useKiosk } from '../../kiosk.ts';
import { useKioskStore } from '../../store.ts';
import type { FormPage } from './form-page.ts';
import { fieldState, originOf } from './saver.ts';
import { cleanTyping, isNumeric } from './typing.ts';

/** What every screen with fields has: their states, their saving, their focus, and the number pad beside them. */
export function usePage(needs: {
  all: () => Field[];
  shown: () => Field[];
  running: () => KioskCase;
  /** A field that waits for a card; without it, all are typed. */
  isLocked?: (field: Field) => boolean;
}) {
  const store = useKioskStore();
  const { saver, trail } = useKiosk();
  const isLocked = (field: Field) => needs.isLocked?.(field) ?? false;
  const state = (field: Field) => fieldState(field, needs.running(), store.drafts, store.refused);
  /** Fields whose problem is said. */
  const strict = reactive(new Set<string>());
  const numericField = ref<string | null>(null);
  const padField = computed(() => {
    if (onPhone) return null;
    const numeric = needs.shown().filter((field) => isNumeric(field.kind) && !isLocked(field));
    return numeric.find(({ name }) => name === numericField.value) ?? numeric[0] ?? null;
  });
  const focusBy = new Map<string, () => void>();
  const focusOn = (field: Field) => focusBy.get(field.name)?.();
  const fieldOf = (name: string): Field => {
    const field = needs.all().find((one) => one.name === name);
    if (!field) throw new Error(`no field ${name}`);
    return field;
  };

  /** Says from now on what is wrong with a field. */
  function judge(field: Field) {
    strict.add(field.name);
    trail.tried(field.name, state(field).problem);
  }
  function left(field: Field) {
    // Leaving an empty field is no mistake yet: the customer may be looking around.
    if (state(field).value !== '') judge(field);
    saver.left(field);
  }
  const page: FormPage = {
    fieldOf,
    stateOf: (name) => state(fieldOf(name)),
    originOf: (name) => originOf(fieldOf(name), needs.running(), store.drafts),
    isStrict: (name) => strict.has(name),
    isLocked: (name) => isLocked(fieldOf(name)),
    typed: (field, raw) => saver.typed(field, raw),
    left,
    entered: (field) => (numericField.value = field.name),
    focusBy: (name, focus) => void (focus ? focusBy.set(name, focus) : focusBy.delete(name)),
  };

  function typeKey(key: string) {
    const field = padField.value;
    if (!field) return;
    const { raw } = state(field);
    saver.typed(field, cleanTyping(field, key === '+' ? key + raw : raw + key));
    if (numericField.value !== field.name) focusOn(field);
  }
  function eraseKey() {
    const field = padField.value;
    if (field) saver.typed(field, cleanTyping(field, state(field).raw.replace(/-?.$/, '')));
  }

  return { state, page, padField, typeKey, eraseKey, focusOn, judge };
}
