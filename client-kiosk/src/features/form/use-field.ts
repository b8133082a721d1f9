import type { ControlElement } from '@jsonforms/core';
import { useJsonFormsControl } from '@jsonforms/vue';
import { computed, onMounted, onScopeDispose, useId } from 'vue';
import { useFormPage } from './form-page.ts';

type ControlProps = Parameters<typeof useJsonFormsControl>[0] & { uischema: ControlElement };

/** One control: the field that JSON Forms dispatched it for, how it stands, and how to tell what was entered. */
export function useField(props: ControlProps, focus: () => void) {
  const { control } = useJsonFormsControl(props);
  const page = useFormPage();
  const field = computed(() => page.fieldOf(control.value.path));
  const state = computed(() => page.stateOf(control.value.path));
  const problem = computed(() => (page.isStrict(field.value.name) ? state.value.problem : null));
  const saved = computed(() => state.value.saved && state.value.value !== '');
  const id = useId();
  const describedBy = computed(() => {
    if (problem.value) return `${id}-problem`;
    return field.value.hint ? `${id}-hint` : undefined;
  });
  onMounted(() => page.focusBy(field.value.name, focus));
  onScopeDispose(() => page.focusBy(field.value.name, null));
  const origin = computed(() => page.originOf(field.value.name));
  /** A reader fills it in, not the customer's fingers. */
  const locked = computed(() => page.isLocked(field.value.name));
  return { page, field, state, problem, saved, origin, id, describedBy, locked };
}
