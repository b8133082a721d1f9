import type { Field, Origin } from '@openvtm/protocol';
import { inject, type InjectionKey } from 'vue';
import type { FieldState } from './saver.ts';

/** What the controls of a page need of the form around them, beside what JSON Forms hands them. */
export type FormPage = {
  fieldOf(name: string): Field;
  stateOf(name: string): FieldState;
  /** Who else than the customer entered what is in the field; null: the customer, or nobody. */
  originOf(name: string): Exclude<Origin, 'customer'> | null;
  /** The field was left or the page was: what is wrong is said now, not while typing. */
  isStrict(name: string): boolean;
  /** The field waits for a card: it can't be typed now. */
  isLocked(name: string): boolean;
  typed(field: Field, raw: string): void;
  left(field: Field): void;
  entered(field: Field): void;
  /** A control tells how it is focused; null when it goes. */
  focusBy(name: string, focus: (() => void) | null): void;
};

export const formPageKey: InjectionKey<FormPage> = Symbol('form page');

export function useFormPage(): FormPage {
  const page = inject(formPageKey);
  if (!page) throw new Error('a control was mounted without its form page');
  return page;
}
