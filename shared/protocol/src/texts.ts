import { z } from 'zod';

/** One text in every language a screen can be in. */
export const Text = z.object({ 'zh-CN': z.string().min(1), en: z.string().min(1) });
export type Text = z.infer<typeof Text>;

/**
 * C3 (secrets, biometrics) is never kept. C2 (ID number, phone, card number): encrypted at rest, masked until revealed.
 * C1: the rest. Source: JR/T 0171.
 */
export const DataClass = z.enum(['C1', 'C2'], {
  error: ({ input }) =>
    input === 'C3' ? 'a form never asks for C3 (secrets, biometrics): it must not leave the kiosk' : undefined,
});
export type DataClass = z.infer<typeof DataClass>;
