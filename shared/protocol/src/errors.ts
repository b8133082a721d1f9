import { z } from 'zod';

/**
 * Three families. `protocol`: the client broke the protocol, the line may be closed. `refused`: the user may not do
 * this now; it is told and the work goes on. `broken`: we failed; the person gets a reference, the log the rest.
 */
export const errorFamilies = {
  protocol: ['bad-request', 'unknown-request', 'too-large', 'too-fast', 'wrong-stage'],
  refused: [
    'not-allowed',
    'not-found',
    'wrong-state',
    'offer-gone',
    'wrong-credentials',
    'locked-out',
    'expired',
    'not-an-image',
    'unreadable-image',
    'locked-file',
    'too-many-pages',
    'too-many-marks',
    'too-many-messages',
    'storage-full',
    'invalid-value',
    'conflict',
    'under-review',
    'taken-by-other',
    'same-person',
    'no-media',
    'nobody-there',
  ],
  broken: ['internal', 'unavailable', 'timeout'],
} as const;

export const ErrorCode = z.enum([...errorFamilies.protocol, ...errorFamilies.refused, ...errorFamilies.broken]);
export type ErrorCode = z.infer<typeof ErrorCode>;

/** `ref` is what a person reads out to support; the words on screen are the client's, translated by `code`. */
export const Failure = z.object({ code: ErrorCode, ref: z.string() });
export type Failure = z.infer<typeof Failure>;
