import {
  and,
  isControl,
  isLayout,
  isOneOfEnumControl,
  rankWith,
  schemaMatches,
  type JsonFormsRendererRegistryEntry,
  type JsonSchema,
} from '@jsonforms/core';
import type { FieldFormat } from '@openvtm/protocol';
import { markRaw } from 'vue';
import AddressControl from './AddressControl.vue';
import AmountControl from './AmountControl.vue';
import ChoiceControl from './ChoiceControl.vue';
import DateControl from './DateControl.vue';
import InputControl from './InputControl.vue';
import PageLayout from './PageLayout.vue';

const hasFormat = (format: FieldFormat) =>
  rankWith(
    5,
    and(
      isControl,
      schemaMatches((schema) => schema.format === format),
    ),
  );

/** Our touch controls, as JSON Forms chooses among them: by the schema, the most fitting first. */
export const renderers: readonly JsonFormsRendererRegistryEntry[] = [
  { renderer: markRaw(PageLayout), tester: rankWith(1, isLayout) },
  { renderer: markRaw(InputControl), tester: rankWith(1, isControl) },
  { renderer: markRaw(ChoiceControl), tester: rankWith(5, isOneOfEnumControl) },
  { renderer: markRaw(DateControl), tester: hasFormat('date') },
  { renderer: markRaw(AmountControl), tester: hasFormat('amount') },
  { renderer: markRaw(AddressControl), tester: hasFormat('address') },
];

/**
 * In the place of Ajv, which compiles schemas to code and so needs a policy that allows eval: values are checked by
 * `problemOf`, field by field, as they are on the server.
 */
export const noAjv = {
  compile: () => Object.assign(() => true, { errors: [] }),
  validate: (_schema: JsonSchema, _data: unknown) => true,
  errors: [],
};
