import { z } from 'zod';

/** What the simulator of the bank's core does with what it is asked. */
export const CoreBehaviour = z.discriminatedUnion('is', [
  z.strictObject({ is: z.literal('usual') }),
  /** Answers after `ms`. */
  z.strictObject({ is: z.literal('slow'), ms: z.number().int().min(1).max(60_000) }),
  /** Refuses every order, with this reason. */
  z.strictObject({ is: z.literal('refusing'), reason: z.string().min(1).max(60) }),
  z.strictObject({ is: z.literal('failing') }),
  /** Never answers. */
  z.strictObject({ is: z.literal('silent') }),
  z.strictObject({ is: z.literal('talking-nonsense') }),
  /** Does it, and loses the answer. */
  z.strictObject({ is: z.literal('cut-off') }),
]);
export type CoreBehaviour = z.infer<typeof CoreBehaviour>;

/** What the bank's core is asked. */
export const CoreQuestion = z.enum(['find-customer', 'customer', 'accounts', 'products', 'send-text', 'carry-out']);
export type CoreQuestion = z.infer<typeof CoreQuestion>;

/** GET and PUT /api/core/simulator (administrator, demonstration only); `only`: to this question, to all others as usual; `times`: so often, then as usual again. */
export const CoreSimulatorWish = z.strictObject({
  behaviour: CoreBehaviour,
  only: CoreQuestion.optional(),
  times: z.number().int().min(1).max(1_000).optional(),
});
export const CoreSimulatorState = z.object({ behaviour: CoreBehaviour });
export type CoreSimulatorState = z.infer<typeof CoreSimulatorState>;
